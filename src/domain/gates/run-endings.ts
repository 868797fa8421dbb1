import type { TaskState } from "../gate.ts";
import { cutShort } from "../seen-tests.ts";
import type { SuiteReport } from "../suite-report.ts";
import { codeMaker } from "../task-state.ts";
import { type Finding, pass, type Verdict, verdictOf } from "../verdict.ts";
import type { GreenRuns } from "./green-runs.ts";

/** A suite that cannot be run to its end on the base is no maker's fault: a person has to say what to do. */
export function baseFindings(state: TaskState, runs: GreenRuns): readonly Finding[] {
  const early = cutShort(runs.base);
  const hadTests = runs.base.cases.length > 0 || runs.base.errors.some((error) => error.file !== undefined);
  const isRepaired = state.task.kind === "config" && cutShort(runs.work) === undefined;
  if (!early || (runs.base.ended === "exited" && !hadTests) || isRepaired) return [];
  const limit = LIMITS[runs.base.ended];
  const more = limit === undefined ? "" : `, or raise \`limits.${limit}\` there`;
  const message = `The suite cannot be judged on the base itself: ${early}. Repair it, or narrow \`suites\` in millwright.yaml${more}.`;
  return [{ rule: "green/base-cut-short", answers: "person", message, evidence: runs.base.output.slice(-1500) }];
}

/** What a person may raise when a suite needs more than it gets. */
const LIMITS: Readonly<Partial<Record<SuiteReport["ended"], string>>> = {
  timeout: "testSeconds",
  output: "outputMegabytes",
  memory: "memoryMegabytes",
};

/** The exit code of a run without a canary says what its tests say, as far as the base's does. */
export function exitFindings(state: TaskState, runs: GreenRuns): readonly Finding[] {
  const { plain, base } = runs;
  if (!plain || plain.cases.length === 0) return [];
  const early = cutShort(plain);
  if (early) return [finding(state, `The suite could not be judged: ${early}.`, plain.output)];
  const failed = hasFailed(plain);
  const wasTruthful = base.cases.length === 0 || (base.exitCode === 0) !== hasFailed(base);
  if (!wasTruthful || failed === (plain.exitCode !== 0)) return [];
  const message = failed
    ? "The run exits with 0 although tests failed in it: something in the work forges the exit code."
    : `Every test passed, but the run exits with ${plain.exitCode}.`;
  return [finding(state, message, plain.output)];
}

/** A bare command says nothing but yes or no. */
export function judgeExitCode(state: TaskState, runs: GreenRuns): Verdict {
  const degraded =
    "Only exit codes could be seen (bare command): a test that was skipped or deleted would not be noticed.";
  const work = runs.plain ?? runs.work;
  const early = cutShort(work);
  if (early) return verdictOf([finding(state, `The suite could not be judged: ${early}.`, work.output)]);
  if (work.exitCode === 0) return pass(degraded);
  if (runs.base.exitCode === 0)
    return verdictOf([
      { ...finding(state, `The test command exits with ${work.exitCode}.`, work.output), rule: "green/fails" },
    ]);
  const message =
    "The test command fails on the base and on the work, and its exit code cannot tell why: repair the base, or configure a runner that reports each test.";
  return verdictOf([{ ...finding(state, message, work.output), rule: "green/base-fails", answers: "person" }]);
}

function hasFailed(report: SuiteReport): boolean {
  return report.errors.length > 0 || report.cases.some((test) => test.outcome === "failed");
}

function finding(state: TaskState, message: string, evidence: string): Finding {
  return { rule: "green/exit-code", answers: codeMaker(state), message, evidence: evidence.slice(-1500) };
}
