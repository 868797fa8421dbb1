import { z } from "zod";
import { Baseline } from "./baseline.ts";
import { DatasetWish } from "./dataset.ts";
import { EnvironmentWish } from "./environment.ts";
import { GateType } from "./gate-type.ts";
import { Metric } from "./metric.ts";
import { StageName } from "./stage.ts";
import { Subject } from "./subject.ts";
import type { ResearchTask } from "./tasks.ts";
import { Training } from "./training.ts";

/** How far a pipeline goes before somebody else is asked. */
export const DesignLimits = z
  .strictObject({
    fixes: z
      .number()
      .int()
      .min(0)
      .max(10)
      .default(3)
      .meta({ description: "Fixes of a stage before the orchestrator." }),
    revisions: z
      .number()
      .int()
      .min(0)
      .max(10)
      .default(2)
      .meta({ description: "Times that the gate may go back to core." }),
    seconds: z.number().int().min(1).default(600).meta({ description: "Longest single run of Python in a stage." }),
  })
  .prefault({});

/** The front matter of `design/plan.md`. */
export const PlanFront = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "lower-case letters, digits and hyphens, at most 40"),
  title: z.string().min(3),
  seeds: z.array(z.number().int().min(0)).min(1).default([1, 2, 3]),
  environment: EnvironmentWish,
  datasets: z.array(DatasetWish).default([]),
  subject: Subject.prefault({}),
  training: Training,
  gates: z
    .partialRecord(StageName, GateType)
    .default({})
    .meta({ description: "Whose word lets a stage pass; what is not named: `gate: auto-judge`, the others `auto`." }),
  limits: DesignLimits,
});
export type PlanFront = z.infer<typeof PlanFront>;

/** `design/baselines.yaml`. */
export const BaselinesFile = z.strictObject({ baselines: z.array(Baseline).default([]) });
/** `design/metrics.yaml`. */
export const MetricsFile = z.strictObject({ metrics: z.array(Metric).min(1) });

/** A design folder, read and checked. */
export interface Design extends PlanFront {
  /** The Markdown below the front matter: what reviewers judge against. */
  readonly body: string;
  readonly tasks: readonly ResearchTask[];
  readonly baselines: readonly z.infer<typeof Baseline>[];
  readonly metrics: readonly z.infer<typeof Metric>[];
  /** Folder of the design inside the repository, e.g. `design`. */
  readonly folder: string;
  /** SHA-256 of the four texts. */
  readonly digest: string;
}
