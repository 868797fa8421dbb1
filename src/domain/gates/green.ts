import { isCanaryCase } from "../canary.ts";
import type { Gate, TaskState } from "../gate.ts";
import { type Need, type Seen, sight } from "../need.ts";
import { cutShort, evidenceOf, idsThat, movedId } from "../seen-tests.ts";
import type { SuiteReport, TestCase } from "../suite-report.ts";
import { namesCriterion, TASK_KINDS, testedCriteria } from "../task.ts";
import { awaitsCode, codeMaker, isRedFirst, ownerOf, testMaker } from "../task-state.ts";
import { type Answerer, type Finding, pass, type Verdict, verdictOf } from "../verdict.ts";
import { baseBrowserFailures } from "./browser.ts";
import { type GreenRuns, greenRuns, runNeeds } from "./green-runs.ts";
import { isRedWeak, red, redFailures } from "./red.ts";
import { baseFindings, exitFindings, judgeExitCode } from "./run-endings.ts";
import { excuse, missing, passedOnBase, suspects, suspicionNeeds } from "./suspicion.ts";

export { greenRuns };

/** The whole suite passes on the work, as a report with a canary in it shows; failures that the base has are none of the task's business. */
export const green: Gate = {
  name: "green",
  kinds: TASK_KINDS,
  needs(state, seen, entry) {
    if (awaitsCode(state)) return isRedFirst(state) ? red.needs(state, seen, entry) : [];
    if (isSeenInBrowser(state)) return [];
    const looks: Need[] = state.task.kind === "docs" ? [changesNeed(state)] : [];
    if (isOnlyDocuments(state, seen)) return looks;
    looks.push(...(isRedFirst(state) ? red.needs(state, seen, entry) : []), ...runNeeds(state, seen));
    const runs = greenRuns(state, seen);
    return runs ? [...looks, ...suspicionNeeds(state, seen, runs)] : looks;
  },
  judge(state, seen) {
    if (awaitsCode(state)) return verdictOf(nothingYet(state, seen));
    if (isSeenInBrowser(state)) return pass("There is no suite: the browser judges every criterion.");
    if (isOnlyDocuments(state, seen)) return pass("Only documents changed: the suite was not run.");
    const runs = greenRuns(state, seen);
    return runs
      ? judgeRuns(state, seen, runs)
      : verdictOf([finding(state, "green/not-seen", "The suite was not run.")]);
  },
};

/** Without any suite, and with nothing for one to prove. */
function isSeenInBrowser({ task, config }: TaskState): boolean {
  return config.suites.length === 0 && testedCriteria(task).length === 0;
}

function judgeRuns(state: TaskState, seen: Seen, runs: GreenRuns): Verdict {
  const unfit = baseFindings(state, runs);
  if (unfit.length > 0) return verdictOf(unfit);
  if (runs.work.grade === "exit-code") return judgeExitCode(state, runs);
  const early = cutShort(runs.work);
  if (early)
    return verdictOf([finding(state, "green/cut-short", `The suite could not be judged: ${early}.`, runs.work.output)]);
  const findings = [
    ...canaryFindings(state, runs),
    ...errorFindings(state, runs),
    ...caseFindings(state, seen, runs),
    ...newTestFindings(state, seen, runs),
  ];
  return verdictOf(findings.length > 0 ? findings : exitFindings(state, runs), greenNotes(state, seen, runs));
}

const DOCUMENTS = /\.(?:md|mdx|markdown|rst|txt|adoc|svg|png|jpe?g|gif|webp|pdf)$|(?:^|\/)(?:LICENSE|NOTICE|AUTHORS)$/i;

/** A docs task that touches nothing else cannot break a test. */
function isOnlyDocuments(state: TaskState, seen: Seen): boolean {
  if (state.task.kind !== "docs") return false;
  const changes = sight(seen, changesNeed(state));
  return changes === undefined || changes.every((change) => DOCUMENTS.test(change.path));
}

function changesNeed(state: TaskState): Extract<Need, { see: "changes" }> {
  return { see: "changes", from: state.work.base.tree, to: state.work.trees.work };
}

function caseFindings(state: TaskState, seen: Seen, runs: GreenRuns): readonly Finding[] {
  const excused = excuse(state, seen, runs);
  const failing = suspects(state, seen, runs).filter((test) => excused(test.id) === undefined);
  const gone = missing(state, seen, runs);
  return [
    ...failing.map((test) => failureFinding(state, test, passedOnBase(state, runs, test.id))),
    ...missingFinding(state, [...gone.before.filter((id) => excused(id) === undefined), ...gone.expected]),
  ];
}

function failureFinding(state: TaskState, test: TestCase, passedBefore: boolean): Finding {
  return {
    rule: passedBefore ? "green/regression" : "green/fails",
    answers: codeMaker(state),
    message: passedBefore ? `"${test.name}" passed on the base and fails with your work.` : `"${test.name}" fails.`,
    path: test.file,
    ...(test.failure?.line === undefined ? {} : { line: test.failure.line }),
    evidence: evidenceOf(test),
  };
}

function missingFinding(state: TaskState, absent: readonly string[]): readonly Finding[] {
  if (absent.length === 0) return [];
  const message = `${absent.length} test(s) that must run did not: a pass without them proves nothing.`;
  return [finding(state, "green/missing-tests", message, absent.slice(0, 20).join("\n"))];
}

/** New tests must run; where red saw no ids, each criterion needs one that passes; and a suite without any test proves nothing. */
function newTestFindings(state: TaskState, seen: Seen, runs: GreenRuns): readonly Finding[] {
  const before = new Set(runs.base.cases.map((test) => movedId(state.task, test.id)));
  const own = runs.work.cases.filter((test) => !isCanaryCase(runs.canary, test));
  const fresh = own.filter((test) => !before.has(test.id));
  const awaited = new Set(missing(state, seen, runs).expected);
  const skipped = fresh
    .filter((test) => test.outcome === "skipped" && !awaited.has(test.id))
    .map((test) => answeredBy(testMaker(state), "green/skipped", `"${test.name}" is skipped: it proves nothing.`));
  const passed = fresh.filter((test) => test.outcome === "passed");
  const unproven = testedCriteria(state.task)
    .filter((one) => isRedWeak(state, seen) && !passed.some((test) => namesCriterion(test.name, one.id)))
    .map((one) =>
      answeredBy(testMaker(state), "green/no-test-for-criterion", `No new test named ${one.id} passes: ${one.text}`),
    );
  return [...skipped, ...unproven, ...(own.length === 0 ? noTests(state, runs) : [])];
}

/** Where there were tests on the base, or red saw some, whoever wrote the code has made them vanish. */
function noTests(state: TaskState, runs: GreenRuns): readonly Finding[] {
  const { kind } = state.task;
  if (kind === "config" || kind === "docs" || testedCriteria(state.task).length === 0) return [];
  const vanished = runs.base.cases.length > 0 || isRedFirst(state);
  const nobody = kind === "refactor" || kind === "move" ? "architect" : testMaker(state);
  const answers = vanished && state.work.code.length > 0 ? codeMaker(state) : nobody;
  return [answeredBy(answers, "green/no-tests", "The suite holds no test at all, so nothing is proven by running it.")];
}

function canaryFindings(state: TaskState, runs: GreenRuns): readonly Finding[] {
  if (runs.alarm !== "silenced") return [];
  const message =
    "A planted test that asserts something false was not reported as failed: something in the work makes failures invisible (a patched assertion, a filter, an exit).";
  return [finding(state, "green/canary", message, runs.work.output)];
}

function errorFindings(state: TaskState, runs: GreenRuns): readonly Finding[] {
  const known = new Set(runs.base.errors.map(errorKey));
  return runs.work.errors
    .filter((error) => !known.has(errorKey(error)) && (!error.file || error.file !== runs.canary?.file))
    .map((error) => ({
      rule: "green/error",
      answers: error.kind === "syntax" && error.file ? ownerOf(state, error.file) : codeMaker(state),
      message: `${error.file ?? "The run"} failed outside any test (${error.kind}).`,
      ...(error.file === undefined ? {} : { path: error.file }),
      ...(error.line === undefined ? {} : { line: error.line }),
      evidence: error.message.slice(0, 1200),
    }));
}

function errorKey(error: SuiteReport["errors"][number]): string {
  return `${error.file}|${error.message.slice(0, 80).replace(/\d+/g, "#")}`;
}

function nothingYet(state: TaskState, seen: Seen): readonly Finding[] {
  const lead = finding(
    state,
    "green/nothing-yet",
    "The tests fail because the code is not written yet. Write the least code that makes them pass.",
  );
  const inBrowser = baseBrowserFailures(state, seen).map((failure) => ({ ...failure, rule: "green/not-yet" }));
  const first = testedCriteria(state.task).length > 0 ? lead : { ...lead, message: NOT_SEEN_YET };
  return [
    first,
    ...redFailures(state, seen).map((failure) => ({ ...failure, answers: codeMaker(state) })),
    ...inBrowser,
  ];
}

const NOT_SEEN_YET =
  "The criteria do not hold in the browser because the code is not written yet. Write the least code that makes them hold.";

function greenNotes(state: TaskState, seen: Seen, runs: GreenRuns): readonly string[] {
  const stillFailing = idsThat(runs.work, "failed");
  const known = [...idsThat(runs.base, "failed")].filter((id) => stillFailing.has(id));
  const excused = excuse(state, seen, runs);
  const ids = [...suspects(state, seen, runs).map((test) => test.id), ...missing(state, seen, runs).before];
  const blind =
    "No canary could be seen beside these tests: a change that hides failures would be noticed only by tests that are gone.";
  return [
    ...(known.length > 0
      ? [
          `${known.length} test(s) fail on the base and still do; they are not this task's business: ${known.slice(0, 5).join("; ")}`,
        ]
      : []),
    ...(runs.alarm === "none" || runs.alarm === "blind" ? [blind] : []),
    ...ids.map(excused).filter((note) => note !== undefined),
  ];
}

function finding(state: TaskState, rule: string, message: string, evidence?: string): Finding {
  return {
    ...answeredBy(codeMaker(state), rule, message),
    ...(evidence ? { evidence: evidence.slice(-1500) } : {}),
  };
}

function answeredBy(answers: Answerer, rule: string, message: string): Finding {
  return { rule, answers, message };
}
