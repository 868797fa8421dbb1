import type { TaskState } from "../gate.ts";
import { type Need, type Seen, sight } from "../need.ts";
import { settledNeeds, settledSuite, suiteOf, wholeSuite } from "../seen-tests.ts";
import type { SuiteReport } from "../suite-report.ts";
import { testFiles } from "../task-state.ts";

type CanaryNeed = Extract<Need, { see: "canary" }>;

/** The runs that green looks at. */
export interface GreenRuns {
  readonly base: SuiteReport;
  /** With the canary in it, when there is one. */
  readonly work: SuiteReport;
  /** Without the canary, when `work` alone cannot tell; undefined when it can. */
  readonly plain: SuiteReport | undefined;
  /** The canary in `work`, when there is one. */
  readonly canary: { readonly file: string; readonly name: string } | undefined;
  /**
   * `seen`: it was reported as failed; `silenced`: it was not, although it is on the base; `blind`: it cannot be seen in
   * this project at all; `none`: there is none.
   */
  readonly alarm: "seen" | "silenced" | "blind" | "none";
}

/** What green needs to see of the whole suite. */
export function runNeeds(state: TaskState, seen: Seen): readonly Need[] {
  const own = canaryNeed(state);
  const canary = sight(seen, own);
  const looks: Need[] = [...settledNeeds(seen, state.work.base.tree), own];
  if (canary === undefined) return looks;
  looks.push(...settledNeeds(seen, canary?.tree ?? state.work.trees.work));
  const work = settledSuite(seen, canary?.tree ?? state.work.trees.work);
  if (!canary || !work) return looks;
  if (!isReported(work, canary.file)) looks.push(...baseCanaryNeeds(state, seen));
  if (needsPlain(state, seen, work, canary.file)) looks.push(wholeSuite(state.work.trees.work));
  return looks;
}

/** The base's and the work's reports, once all are seen. */
export function greenRuns(state: TaskState, seen: Seen): GreenRuns | undefined {
  const canary = sight(seen, canaryNeed(state));
  if (canary === undefined) return undefined;
  const base = settledSuite(seen, state.work.base.tree);
  const work = settledSuite(seen, canary?.tree ?? state.work.trees.work);
  if (!base || !work) return undefined;
  if (!canary) return { base, work, plain: work, canary: undefined, alarm: "none" };
  const alarm = isReported(work, canary.file) ? "seen" : baseAlarm(state, seen);
  const plain = sight(seen, wholeSuite(state.work.trees.work));
  if (alarm === undefined || (needsPlain(state, seen, work, canary.file) && !plain)) return undefined;
  return { base, work, plain, canary: { file: canary.file, name: canary.name }, alarm };
}

function canaryNeed(state: TaskState): CanaryNeed {
  return { see: "canary", tree: state.work.trees.work, beside: [...testFiles(state)].sort() };
}

/** A canary that is not reported on the base either says nothing about the work. */
function baseCanaryNeeds(state: TaskState, seen: Seen): readonly Need[] {
  const need: CanaryNeed = { ...canaryNeed(state), tree: state.work.base.tree };
  const canary = sight(seen, need);
  return canary ? [need, suiteOf(canary.tree, [canary.file])] : [need];
}

function baseAlarm(state: TaskState, seen: Seen): "silenced" | "blind" | undefined {
  const canary = sight(seen, { ...canaryNeed(state), tree: state.work.base.tree });
  if (canary === undefined) return undefined;
  // Without a test on the base there is nothing to compare with: what is not seen to fail is not believed.
  if (canary === null) return "silenced";
  const report = sight(seen, suiteOf(canary.tree, [canary.file]));
  if (!report) return undefined;
  return isReported(report, canary.file) ? "silenced" : "blind";
}

function needsPlain(state: TaskState, seen: Seen, work: SuiteReport, file: string): boolean {
  if (!work.canary) return true;
  return !isReported(work, file) && baseAlarm(state, seen) === "blind";
}

/** The canary failed, and the run said so in its exit code too. */
function isReported(report: SuiteReport, file: string): boolean {
  return report.exitCode !== 0 && report.cases.some((test) => test.file === file && test.outcome === "failed");
}
