import { z } from "zod";
import { Baseline, type BaselineSketch } from "./baseline.ts";
import { CHECKLIST_TESTS } from "./check.ts";
import { type DatasetSketch, DatasetWish } from "./dataset.ts";
import { PlanFront } from "./design.ts";
import { EnvironmentWish } from "./environment.ts";
import { Metric } from "./metric.ts";
import { Subject } from "./subject.ts";
import { ResearchTask } from "./tasks.ts";

/** What can be read of a task that may be wrong elsewhere; absent: it cannot be read. */
export interface TaskSketch {
  readonly id?: string | undefined;
  readonly needs?: readonly string[] | undefined;
  readonly stage?: ResearchTask["stage"] | undefined;
  readonly files?: readonly string[] | undefined;
  readonly tests?: readonly string[] | undefined;
  readonly accept?: readonly { readonly id?: string | undefined }[] | undefined;
}

export interface MetricSketch {
  readonly name?: string | undefined;
  readonly command?: string | undefined;
}

interface SubjectSketch {
  readonly path?: string | undefined;
  readonly framework?: Subject["framework"] | undefined;
  readonly tests?: Readonly<Partial<Record<string, string>>> | undefined;
}

/** What can be read of the plan's front matter. */
export interface FrontSketch {
  readonly seeds?: readonly number[] | undefined;
  readonly training?: Pick<PlanFront["training"], "steps" | "seed" | "learning_rates"> | undefined;
  readonly datasets?: readonly DatasetSketch[] | undefined;
  readonly subject?: SubjectSketch | undefined;
  readonly environment?:
    | { readonly kind?: EnvironmentWish["kind"] | undefined; readonly packages: Readonly<Record<string, unknown>> }
    | undefined;
}

export function sketchedTasks(plain: unknown): readonly TaskSketch[] | undefined {
  const { id, needs, stage, files, tests } = ResearchTask.shape;
  const accept = z.array(z.unknown());
  return listAt(plain, "tasks")?.map((task) => ({
    id: partOf(task, "id", id),
    needs: partOf(task, "needs", needs),
    stage: partOf(task, "stage", stage),
    files: partOf(task, "files", files),
    tests: partOf(task, "tests", tests),
    accept: partOf(task, "accept", accept)?.map((one) => ({ id: partOf(one, "id", z.string()) })),
  }));
}

export function sketchedMetrics(plain: unknown): readonly MetricSketch[] | undefined {
  const { name, command } = Metric.shape;
  return listAt(plain, "metrics")?.map((metric) => ({
    name: partOf(metric, "name", name),
    command: partOf(metric, "command", command),
  }));
}

export function sketchedBaselines(plain: unknown): readonly BaselineSketch[] | undefined {
  return listAt(plain, "baselines")?.map((baseline) => ({
    name: partOf(baseline, "name", Baseline.shape.name),
    metrics: partOf(baseline, "metrics", ANYTHING),
  }));
}

export function sketchedFront(plain: unknown): FrontSketch {
  const { seeds, training } = PlanFront.shape;
  const { kind } = EnvironmentWish.shape;
  const subject = valueAt(plain, "subject");
  const environment = valueAt(plain, "environment");
  const packages = environment === undefined ? undefined : partOf(environment, "packages", ANYTHING.default({}));
  return {
    seeds: partOf(plain, "seeds", seeds),
    training: partOf(plain, "training", training),
    datasets: (listAt(plain, "datasets") ?? []).map((dataset) => ({
      name: partOf(dataset, "name", DatasetWish.shape.name),
      source: partOf(dataset, "source", DatasetWish.shape.source),
    })),
    subject: {
      path: partOf(subject, "path", Subject.shape.path),
      framework: partOf(subject, "framework", Subject.shape.framework),
      tests: texts(partOf(subject, "tests", ANYTHING.default({}))),
    },
    environment: packages === undefined ? undefined : { kind: partOf(environment, "kind", kind), packages },
  };
}

const ANYTHING = z.record(z.string(), z.unknown());

function listAt(plain: unknown, key: string): readonly unknown[] | undefined {
  const list = valueAt(plain, key);
  return Array.isArray(list) ? list : undefined;
}

function valueAt(plain: unknown, key: string): unknown {
  return plain === null || typeof plain !== "object" ? undefined : Reflect.get(plain, key);
}

function partOf<Schema extends z.ZodType>(plain: unknown, key: string, schema: Schema): z.output<Schema> | undefined {
  const parsed = schema.safeParse(valueAt(plain, key));
  return parsed.success ? parsed.data : undefined;
}

function texts(values: Readonly<Record<string, unknown>> | undefined): Readonly<Record<string, string>> | undefined {
  if (values === undefined) return undefined;
  const known: readonly string[] = CHECKLIST_TESTS;
  const isText = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === "string";
  return Object.fromEntries(
    Object.entries(values)
      .filter(isText)
      .filter(([key]) => known.includes(key)),
  );
}
