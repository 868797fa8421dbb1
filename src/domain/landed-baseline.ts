import { isCanaryCase } from "./canary.ts";
import type { GreenRuns } from "./gates/green-runs.ts";
import type { SuiteReport } from "./suite-report.ts";

/**
 * What the suite says of a landed tree, taken from the run that let it land: its report without the canary. It is the next
 * task's baseline. Undefined where that run cannot stand for one without a canary: cut short, or failures besides it.
 */
export function landedBaseline(runs: GreenRuns): SuiteReport | undefined {
  const { work, canary } = runs;
  if (!canary || runs.alarm !== "seen" || work.ended !== "exited" || !work.complete) return undefined;
  const cases = work.cases.filter((test) => !isCanaryCase(canary, test));
  const errors = work.errors.filter((error) => error.file !== canary.file);
  if (errors.length > 0 || cases.some((test) => test.outcome === "failed")) return undefined;
  return { ...work, cases, errors, exitCode: 0, output: "" };
}
