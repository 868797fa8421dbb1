import { type Need, type Seen, sight } from "./need.ts";
import { matches } from "./paths.ts";
import type { SuiteReport, TestCase } from "./suite-report.ts";
import type { Task } from "./task.ts";
import type { TreeId } from "./work.ts";

type SuiteNeed = Extract<Need, { see: "suite" }>;

/** The whole suite on a tree; `repetition` tells a second look from the first. */
export function wholeSuite(tree: TreeId, repetition = 1): SuiteNeed {
  return { see: "suite", tree, selection: { kind: "all" }, repetition, patience: 1 };
}

/** Some test files on a tree. */
export function suiteOf(tree: TreeId, files: readonly string[], repetition = 1): SuiteNeed {
  return { see: "suite", tree, selection: { kind: "files", files: [...files].sort() }, repetition, patience: 1 };
}

/** Some tests alone, at twice the time limit: how a suspicion is cleared. */
export function aloneSuite(tree: TreeId, ids: readonly string[], repetition = 1): SuiteNeed {
  return { see: "suite", tree, selection: { kind: "ids", ids: [...ids].sort() }, repetition, patience: 2 };
}

/** The whole suite on a tree, and once more at twice the limit when the time was up: a time-out counts only if it repeats. */
export function settledNeeds(seen: Seen, tree: TreeId): readonly SuiteNeed[] {
  const first = wholeSuite(tree);
  return sight(seen, first)?.ended === "timeout" ? [first, patientSuite(tree)] : [first];
}

/** What `settledNeeds` came to; undefined while something of it is unseen. */
export function settledSuite(seen: Seen, tree: TreeId): SuiteReport | undefined {
  return sight(seen, settledNeeds(seen, tree).at(-1) ?? wholeSuite(tree));
}

function patientSuite(tree: TreeId): SuiteNeed {
  return { ...wholeSuite(tree, 2), patience: 2 };
}

/** Cases by id. */
export function byId(report: SuiteReport): ReadonlyMap<string, TestCase> {
  return new Map(report.cases.map((test) => [test.id, test]));
}

/** Ids with this outcome. */
export function idsThat(report: SuiteReport, outcome: TestCase["outcome"]): ReadonlySet<string> {
  return new Set(report.cases.filter((test) => test.outcome === outcome).map((test) => test.id));
}

/** True when the test passed in this run. */
export function passedIn(report: SuiteReport | undefined, id: string): boolean {
  return report?.cases.some((test) => test.id === id && test.outcome === "passed") ?? false;
}

/** An id without the ordinal of a duplicate and without pytest's parameters: what stays when parameters come from the code. */
export function idStem(id: string): string {
  return id.replace(/ #\d+$/, "").replace(/\[.*\]$/, "");
}

/** The id that a test has after the task's declared moves. */
export function movedId(task: Task, id: string): string {
  const move = task.moves.find(({ from }) => id.startsWith(`${from} > `));
  return move ? `${move.to}${id.slice(move.from.length)}` : id;
}

/** True when the task may delete the file that a test is in. */
export function isLeaving(task: Task, test: TestCase): boolean {
  return matches(task.deletes, test.file);
}

/** A test's failure as evidence: at most 1,200 characters. */
export function evidenceOf(test: TestCase): string {
  const message = test.failure?.message ?? "no message";
  return `${test.name}\n${message}`.slice(0, 1200);
}

/** How the run ended when it did not end by itself, in words; undefined when it did. */
export function cutShort(report: SuiteReport): string | undefined {
  switch (report.ended) {
    case "timeout":
      return `the run did not end within its time limit${running(report)}`;
    case "memory":
      return `the run used more memory than it may${running(report)}`;
    case "output":
      return `the run printed more than it may${running(report)}`;
    case "signal":
      return "the run was killed by a signal";
    case "exited":
      return report.complete || report.grade === "exit-code"
        ? undefined
        : "the run ended before the runner had finished: something in it ends the process (process.exit, os._exit)";
  }
}

function running(report: SuiteReport): string {
  const stuck = report.cases.filter((test) => test.failure?.kind === "timeout").map((test) => `"${test.name}"`);
  return stuck.length === 0 ? "" : `; it was in ${stuck.slice(0, 3).join(", ")}`;
}
