import type { Gate, TaskState } from "../gate.ts";
import { type Seen, sight } from "../need.ts";
import { idStem, idsThat } from "../seen-tests.ts";
import type { SuiteReport, TestCase } from "../suite-report.ts";
import { namesCriterion, testedCriteria } from "../task.ts";
import { testFiles, testMaker } from "../task-state.ts";
import { type Finding, pass, type Verdict, verdictOf } from "../verdict.ts";
import { baseBrowserFindings, baseBrowserNeeds } from "./browser.ts";
import { hollowFindings } from "./red-assertions.ts";
import { brokenFileFindings, testFinding, wrongReasonFindings } from "./red-reasons.ts";
import {
  casesNeed,
  firstRun,
  freshCases,
  type RedCase,
  type RedRuns,
  redCut,
  redNeeds,
  redRuns,
  uncollectedFiles,
} from "./red-runs.ts";
import { reproductionFindings } from "./reproduction.ts";

/** Base + tests fails, for the right reason, every time; and not because a name is missing that nobody promised. */
export const red: Gate = {
  name: "red",
  kinds: ["feature", "bug"],
  needs: (state, seen) => [...baseBrowserNeeds(state), ...redNeeds(state, seen)],
  judge(state, seen) {
    const early = baseBrowserFindings(state, seen);
    if (early.length > 0) return verdictOf(early);
    if (testFiles(state).length === 0) return withoutTests(state);
    const first = firstRun(state, seen);
    if (!first) return verdictOf([finding(state, "red/not-seen", "The tests have not been run.")]);
    const runs = redRuns(state, seen);
    const cut = [first, runs?.again, runs?.other].map((report) => report && redCut(report)).find(Boolean);
    if (cut)
      return verdictOf([finding(state, "red/cut-short", `Your tests could not be judged: ${cut}.`, first.output)]);
    if (!runs) return verdictOf([finding(state, "red/not-seen", "The tests have not been run twice.")]);
    if (first.grade === "exit-code") return judgeByExitCode(state, runs);
    const liar = [runs.first, runs.again, runs.other].find((report) => hidesFailures(report, runs.base));
    if (liar) return verdictOf([finding(state, "red/hides-failures", HIDES_FAILURES, liar.output)]);
    const broken = brokenFileFindings(state, runs);
    return broken.length > 0 ? verdictOf(broken) : judgeCases(state, seen, runs);
  },
};

/** Ids that red saw: what green must see pass. Empty when red has not looked. */
export function expectedIds(state: TaskState, seen: Seen): ReadonlySet<string> {
  const runs = redRuns(state, seen);
  return new Set(runs ? freshCases(runs).map(({ test }) => test.id) : []);
}

/** True when red could see no ids in some of the tests, so that green has to look for the criteria's names instead. */
export function isRedWeak(state: TaskState, seen: Seen): boolean {
  const runs = redRuns(state, seen);
  return runs !== undefined && uncollectedFiles(state, runs).length > 0;
}

/** What red saw fail, as evidence for the developer's first brief. */
export function redFailures(state: TaskState, seen: Seen): readonly Finding[] {
  const runs = redRuns(state, seen);
  const failed = runs ? freshCases(runs).filter((one) => one.red) : [];
  return failed.map(({ test, other }) =>
    testFinding("green/not-yet", "developer", test.outcome === "failed" ? test : (other ?? test)),
  );
}

function judgeCases(state: TaskState, seen: Seen, runs: RedRuns): Verdict {
  const fresh = freshCases(runs);
  const unseen = uncollectedFiles(state, runs);
  if (fresh.length === 0 && unseen.length === 0)
    return verdictOf([
      finding(state, "red/no-tests", "The runner collected no new test from your files.", runs.first.output),
    ]);
  const findings = [
    ...changedMind(state, runs, fresh),
    ...wrongReasonFindings(state, runs, fresh),
    ...vacuousFindings(state, runs, fresh),
    ...reproductionFindings(state, runs),
    ...hollowFindings(state, seen, fresh),
    ...existingBroken(state, runs),
    ...skipped(state, fresh),
    ...unseen.flatMap((path) => emptyFindings(state, seen, path)),
    ...criteriaFindings(state, fresh, writtenNames(state, seen, unseen)),
  ];
  return verdictOf(findings, notesOf(fresh, unseen));
}

function notesOf(fresh: readonly RedCase[], unseen: readonly string[]): readonly string[] {
  const guards = fresh.filter((one) => !one.red).length;
  return [
    ...(guards > 0
      ? [`${guards} of ${fresh.length} new tests pass without the code already: they are guards, not proof.`]
      : []),
    ...(unseen.length > 0
      ? [
          `Red was weaker here: ${unseen.join(", ")} cannot be collected before the code exists and no stub could stand in for it, so its tests were not seen to fail one by one.`,
        ]
      : []),
  ];
}

/** Titles of the tests in files that could not be collected; undefined when one of them cannot be read. */
function writtenNames(state: TaskState, seen: Seen, paths: readonly string[]): readonly string[] | undefined {
  const written = paths.map((path) => sight(seen, casesNeed(state, path)));
  if (written.some((file) => !file?.parsed)) return undefined;
  return written.flatMap((file) => (file?.cases ?? []).filter((one) => !one.modifier).map((one) => one.title));
}

function emptyFindings(state: TaskState, seen: Seen, path: string): readonly Finding[] {
  const written = sight(seen, casesNeed(state, path));
  if (!written?.parsed || written.assertions > 0) return [];
  return [{ ...finding(state, "red/vacuous", `${path} holds no assertion: it asserts nothing.`), path }];
}

function criteriaFindings(
  state: TaskState,
  fresh: readonly RedCase[],
  written: readonly string[] | undefined,
): readonly Finding[] {
  return testedCriteria(state.task).flatMap((criterion) => {
    const own = fresh.filter(({ test }) => namesCriterion(test.name, criterion.id));
    const isWritten = written === undefined || written.some((title) => namesCriterion(title, criterion.id));
    if (isWritten || own.some((one) => one.red)) return [];
    if (own.length === 0) {
      return [
        finding(
          state,
          "red/no-test-for-criterion",
          `No new test carries ${criterion.id} in its name. Write one that fails until this holds: ${criterion.text}`,
        ),
      ];
    }
    const message = `Every test of ${criterion.id} passes on the base already, so it proves nothing. At least one must fail until this holds: ${criterion.text}`;
    return [finding(state, "red/passes-on-base", message, own.map(({ test }) => test.id).join("\n"))];
  });
}

/** A test that claims a criterion and passes over both stubs asserts nothing of it; without a claim it is a guard. */
function vacuousFindings(state: TaskState, runs: RedRuns, fresh: readonly RedCase[]): readonly Finding[] {
  if (!runs.stubbed) return [];
  return fresh
    .filter(({ test, other }) => test.outcome === "passed" && other?.outcome === "passed")
    .filter(({ test }) => state.task.accept.some((criterion) => namesCriterion(test.name, criterion.id)))
    .map(({ test }) => ({
      ...testFinding("red/vacuous", testMaker(state), test),
      message: `"${test.name}" passes over a stub that always throws and over one that returns a meaningless value: it asserts nothing about the behaviour.`,
    }));
}

function changedMind(state: TaskState, runs: RedRuns, fresh: readonly RedCase[]): readonly Finding[] {
  const known = new Set(runs.base.cases.map((test) => test.id));
  const outcomes = (cases: readonly TestCase[]) => new Map(cases.map((test) => [test.id, test.outcome]));
  const [first, again] = [outcomes(runs.first.cases), outcomes(runs.again.cases)];
  const tests = [...fresh.map(({ test }) => test), ...runs.again.cases.filter((test) => !known.has(test.id))];
  const turned = new Map(tests.filter(({ id }) => first.get(id) !== again.get(id)).map((test) => [test.id, test]));
  return [...turned.values()].map((test) => ({
    ...testFinding("red/changes-its-mind", testMaker(state), test),
    message: `"${test.name}" was ${first.get(test.id) ?? "missing"} in one run and ${again.get(test.id) ?? "missing"} in the next, on the same files. Make it and its name deterministic.`,
  }));
}

/** Tests of the base, in files that were changed, that fail in both looks or are gone. */
function existingBroken(state: TaskState, runs: RedRuns): readonly Finding[] {
  const failing = idsThat(runs.again, "failed");
  const present = new Set([...runs.first.cases, ...runs.again.cases].map((test) => idStem(test.id)));
  const collected = new Set(runs.first.cases.map((test) => test.file));
  const failed = new Map(
    runs.first.cases.filter((one) => one.outcome === "failed" && failing.has(one.id)).map((one) => [one.id, one]),
  );
  const own = runs.base.cases.filter((test) => test.outcome === "passed" && collected.has(test.file));
  return own.flatMap((test) => {
    const now = failed.get(test.id);
    if (!now && present.has(idStem(test.id))) return [];
    const message = `"${test.name}" passed before your change to its file and ${now ? "fails" : "is gone"} now.`;
    return [{ ...testFinding("red/breaks-existing", testMaker(state), now ?? test), message }];
  });
}

function skipped(state: TaskState, fresh: readonly RedCase[]): readonly Finding[] {
  return fresh
    .filter(({ test }) => test.outcome === "skipped")
    .map(({ test }) => ({
      ...testFinding("red/skipped", testMaker(state), test),
      message: `"${test.name}" is skipped: a skipped test proves nothing.`,
    }));
}

function judgeByExitCode(state: TaskState, runs: RedRuns): Verdict {
  const degraded =
    "Only exit codes could be seen (bare command): red and green are weaker than with a structured report.";
  if (runs.base.exitCode !== 0) {
    const message =
      "The test command fails on the base already, and its exit code cannot tell new tests apart: repair the base, or configure a runner that reports each test.";
    return verdictOf([{ ...finding(state, "red/base-fails", message, runs.base.output), answers: "person" }]);
  }
  const passing = [runs.first, runs.again].filter((report) => report.exitCode === 0);
  if (passing.length === 1)
    return verdictOf([
      finding(state, "red/changes-its-mind", "The test command failed in one run and passed in the next."),
    ]);
  if (passing.length === 2 && (!runs.stubbed || runs.other.exitCode === 0))
    return verdictOf([
      finding(state, "red/passes-on-base", "The test command passes with your tests on the base: they prove nothing."),
    ]);
  return pass(degraded);
}

const HIDES_FAILURES =
  "Tests failed, and yet the run ends with exit code 0: something in your files (process.exitCode, an exit handler, os._exit) hides failures, or the suite's command does. Remove it.";

/** Nobody could see the developer's mistakes either; the base says whether its exit code can be trusted at all. */
function hidesFailures(report: SuiteReport, base: SuiteReport): boolean {
  return report.exitCode === 0 && hasFailed(report) && !(base.exitCode === 0 && hasFailed(base));
}

function hasFailed(report: SuiteReport): boolean {
  return report.cases.some((test) => test.outcome === "failed");
}

/** Criteria that are seen in a browser need no test: that they do not hold on the base is their red. */
function withoutTests(state: TaskState): Verdict {
  if (testedCriteria(state.task).length > 0) return verdictOf([noTestsYet(state)]);
  return pass("Red was seen in the browser: no criterion of the task holds on the base.");
}

function noTestsYet(state: TaskState): Finding {
  const ids = testedCriteria(state.task)
    .map((criterion) => criterion.id)
    .join(", ");
  return finding(
    state,
    "red/no-tests-yet",
    `There is no test yet. Write tests that fail until the criteria hold, each with its criterion's id in its name: ${ids}.`,
  );
}

function finding(state: TaskState, rule: string, message: string, evidence?: string): Finding {
  return { rule, answers: testMaker(state), message, ...(evidence ? { evidence: evidence.slice(-1500) } : {}) };
}
