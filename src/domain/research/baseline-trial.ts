import { z } from "zod";
import type { Baseline } from "./baseline.ts";
import type { BaselineResult } from "./baseline-report.ts";
import { comparedWith, type Measured } from "./measured.ts";
import { deviationText, toleranceText } from "./tolerance.ts";

/** What came of one try to run a baseline. */
export const BaselineTrial = z.strictObject({
  outcome: z.enum(["gone", "commit-missing", "patch-fails", "install-failed", "command-failed", "ran"]),
  /** Why it did not run. */
  why: z.string(),
  /** The end of what install and command printed. */
  output: z.string(),
  measured: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("measured"), values: z.record(z.string(), z.union([z.number(), z.string()])) }),
    z.strictObject({ kind: z.literal("nothing"), why: z.string() }),
  ]),
  seconds: z.number(),
  notes: z.array(z.string()),
});
export type BaselineTrial = z.infer<typeof BaselineTrial>;

/** A trial that did not come to its command. */
export function failedTrial(
  outcome: Exclude<BaselineTrial["outcome"], "ran">,
  why: string,
  output = "",
): BaselineTrial {
  return { outcome, why, output, measured: { kind: "nothing", why }, seconds: 0, notes: [] };
}

/** True when neither patch nor another try can help: there is nothing to run. */
export function isOut({ outcome }: BaselineTrial): boolean {
  return outcome === "gone" || outcome === "commit-missing";
}

type Patch = BaselineResult["patch"];

/** A trial as the report tells it. */
export function resultOf(baseline: Baseline, trial: BaselineTrial, patch: Patch): BaselineResult {
  const { name, paper, source, commit, command } = baseline;
  const metrics = [...comparedWith(baseline, trial.measured as Measured)];
  const hasNumbers = metrics.some(({ measured }) => measured !== undefined);
  const isReproduced = metrics.every(({ within }) => within);
  const missed = hasNumbers ? "flagged" : "failed";
  const status = isReproduced ? "reproduced" : missed;
  const problem = isReproduced ? undefined : problemOf(trial, metrics);
  return {
    name,
    paper,
    status,
    ...(source === undefined ? {} : { source }),
    ...(commit === undefined ? {} : { commit }),
    ...(command === undefined ? {} : { command }),
    ...(patch === undefined ? {} : { patch }),
    metrics,
    seconds: trial.seconds,
    ...(problem === undefined ? {} : { problem }),
    notes: [...trial.notes],
  };
}

function problemOf(trial: BaselineTrial, metrics: BaselineResult["metrics"]): string {
  if (trial.outcome !== "ran") return trial.why;
  return metrics
    .filter(({ within }) => !within)
    .map(({ name, reported, measured, deviation, tolerance, problem }) => {
      if (measured === undefined) return problem ?? `${name} was not measured`;
      const text = deviationText({ kind: "outside", relative: deviation, absolute: measured - reported });
      return `${name} is ${Number(measured.toPrecision(6))}, reported ${reported}: ${text}, tolerance ${toleranceText(tolerance)}`;
    })
    .join("; ");
}

/** A baseline that nobody can run. */
export function withoutCode({ name, paper, metrics }: Baseline): BaselineResult {
  const why = "no code is available";
  return {
    name,
    paper,
    status: "no-code",
    metrics: [...comparedWith({ metrics }, { kind: "nothing", why })],
    problem: "code_available: false in design/baselines.yaml: deprioritised, its numbers are the paper's alone.",
    notes: [],
  };
}
