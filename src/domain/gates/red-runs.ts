import type { TaskState } from "../gate.ts";
import { type Need, type Seen, sight } from "../need.ts";
import { cutShort, settledNeeds, settledSuite, suiteOf } from "../seen-tests.ts";
import type { SuiteReport, TestCase } from "../suite-report.ts";
import { testFiles } from "../task-state.ts";

type StubsNeed = Extract<Need, { see: "stubs" }>;

/** The runs that red looks at. Without stubs `other` is `first`. */
export interface RedRuns {
  readonly base: SuiteReport;
  /** Over stubs that throw. */
  readonly first: SuiteReport;
  readonly again: SuiteReport;
  /** Over stubs that return a meaningless value. */
  readonly other: SuiteReport;
  readonly stubbed: boolean;
  /** Names that stubs stand in for. */
  readonly made: readonly string[];
}

/** A new test as red saw it. */
export interface RedCase {
  /** As seen over the throwing stubs, or over the others when its file could be collected only there. */
  readonly test: TestCase;
  readonly other: TestCase | undefined;
  /** It failed over at least one kind of stub: it notices that something is missing. */
  readonly red: boolean;
}

/** What red needs to see: each look only when the one before it can be used. */
export function redNeeds(state: TaskState, seen: Seen): readonly Need[] {
  const files = testFiles(state);
  if (files.length === 0) return [];
  const looks: Need[] = [...settledNeeds(seen, state.work.base.tree), ...stubNeeds(state)];
  const trees = redTrees(state, seen);
  if (!trees) return looks;
  looks.push(suiteOf(trees.first, files));
  const first = sight(seen, suiteOf(trees.first, files));
  if (!first || redCut(first)) return looks;
  looks.push(suiteOf(trees.first, files, 2));
  if (trees.second !== trees.first) looks.push(suiteOf(trees.second, files));
  const runs = redRuns(state, seen);
  return runs ? [...looks, ...files.map((path) => casesNeed(state, path))] : looks;
}

/** How a test file is written on base + tests. */
export function casesNeed(state: TaskState, path: string): Extract<Need, { see: "cases" }> {
  return { see: "cases", tree: state.work.trees.red, path };
}

/** The first look at base + tests; undefined while unseen. */
export function firstRun(state: TaskState, seen: Seen): SuiteReport | undefined {
  const trees = redTrees(state, seen);
  return trees && sight(seen, suiteOf(trees.first, testFiles(state)));
}

/** All looks; undefined while one is unseen. */
export function redRuns(state: TaskState, seen: Seen): RedRuns | undefined {
  const trees = redTrees(state, seen);
  if (!trees) return undefined;
  const files = testFiles(state);
  const base = settledSuite(seen, state.work.base.tree);
  const first = sight(seen, suiteOf(trees.first, files));
  const again = sight(seen, suiteOf(trees.first, files, 2));
  const other = sight(seen, suiteOf(trees.second, files));
  if (!base || !first || !again || !other) return undefined;
  return { base, first, again, other, stubbed: trees.second !== trees.first, made: trees.made };
}

/** Why a run cannot be used. A file that cannot be collected may end a runner early: then the file is what is looked at. */
export function redCut(report: SuiteReport): string | undefined {
  const explained = report.ended === "exited" && report.errors.some((error) => error.file !== undefined);
  return explained ? undefined : cutShort(report);
}

/** The tests that the base does not have. */
export function freshCases(runs: RedRuns): readonly RedCase[] {
  const known = new Set(runs.base.cases.map((test) => test.id));
  const collected = new Set(runs.first.cases.map((test) => test.file));
  const others = new Map(runs.other.cases.map((test) => [test.id, test]));
  const onlyThere = runs.other.cases.filter((test) => !collected.has(test.file));
  const paired = runs.first.cases.map((test) => ({ test, other: others.get(test.id) }));
  return [...paired, ...onlyThere.map((test) => ({ test, other: undefined }))]
    .filter(({ test }) => !known.has(test.id))
    .map((one) => ({ ...one, red: one.test.outcome === "failed" || one.other?.outcome === "failed" }));
}

/** Test files of the task of which no run saw a case, although something was said of them. */
export function uncollectedFiles(state: TaskState, runs: RedRuns): readonly string[] {
  const collected = new Set([...runs.first.cases, ...runs.other.cases].map((test) => test.file));
  const failed = new Set(runs.first.errors.map((error) => error.file));
  return testFiles(state).filter((path) => !collected.has(path) && failed.has(path));
}

function stubNeeds(state: TaskState): readonly StubsNeed[] {
  if (state.task.creates.length === 0) return [];
  const creates = [...state.task.creates].sort();
  return [
    { see: "stubs", tree: state.work.trees.red, creates, mode: "throw" },
    { see: "stubs", tree: state.work.trees.red, creates, mode: "sentinel" },
  ];
}

/** The trees red runs over: the two stubbed ones, or base + tests twice where nothing has to be stubbed. */
function redTrees(
  state: TaskState,
  seen: Seen,
): { first: string; second: string; made: readonly string[] } | undefined {
  const [throwing, sentinel] = stubNeeds(state);
  if (!throwing || !sentinel) return { first: state.work.trees.red, second: state.work.trees.red, made: [] };
  const first = sight(seen, throwing);
  const second = sight(seen, sentinel);
  if (!first || !second) return undefined;
  return { first: first.tree, second: second.tree, made: first.made.map((create) => create.split("#")[1] ?? create) };
}
