import type { TaskState } from "../gate.ts";
import { testMaker } from "../task-state.ts";
import type { Finding } from "../verdict.ts";
import { failsForMissingNames } from "./red-reasons.ts";
import { freshCases, type RedRuns } from "./red-runs.ts";

/**
 * A bug's tests begin with a reproduction: at least one fails in code that is there and does the wrong thing. Tests that fail
 * only because something new is not written yet show a wish, not the fault that was reported.
 */
export function reproductionFindings(state: TaskState, runs: RedRuns): readonly Finding[] {
  const failing = freshCases(runs).filter((one) => one.red);
  if (state.task.kind !== "bug" || failing.length === 0) return [];
  if (failing.some((one) => !failsForMissingNames(state, one, runs))) return [];
  const message =
    "No test reproduces the fault: each fails only because what the task creates is not there yet. Write one that calls the code that is there and fails on the wrong behaviour that was reported.";
  const evidence = failing.map(({ test }) => test.id).join("\n");
  return [{ rule: "red/no-reproduction", answers: testMaker(state), message, evidence: evidence.slice(0, 1500) }];
}
