import type { TaskState } from "../gate.ts";
import { isInTestFolder, kindOfPath, matches } from "../paths.ts";
import { evidenceOf } from "../seen-tests.ts";
import { isStubFailure } from "../stubs.ts";
import type { SuiteError, TestCase, TestFailure } from "../suite-report.ts";
import { testFiles, testMaker } from "../task-state.ts";
import type { Answerer, Finding } from "../verdict.ts";
import type { RedCase, RedRuns } from "./red-runs.ts";

/** A finding about one test, with its failure as evidence. */
export function testFinding(rule: string, answers: Answerer, test: TestCase): Finding {
  const line = test.failure?.line;
  return {
    rule,
    answers,
    message: `"${test.name}" ${test.outcome}.`,
    path: test.file,
    ...(line === undefined ? {} : { line }),
    evidence: evidenceOf(test),
  };
}

/** Test files that could not be collected, unless what is missing is what the task creates. */
export function brokenFileFindings(state: TaskState, runs: RedRuns): readonly Finding[] {
  const before = new Set(runs.base.errors.map(signatureOf));
  const own = new Set(testFiles(state));
  const isKnown = (error: SuiteError) =>
    before.has(signatureOf(error)) && (error.file === undefined || !own.has(error.file));
  return runs.first.errors
    .filter((error) => !isKnown(error) && !isNoTests(error) && !isExcused(state, error, runs))
    .map((error) => ({
      rule: `red/${error.kind}`,
      answers: testMaker(state),
      message: `${error.file ?? "The suite"} cannot be collected (${error.kind}): ${advice(error.kind, error.missing)}`,
      ...(error.file === undefined ? {} : { path: error.file }),
      ...(error.line === undefined ? {} : { line: error.line }),
      evidence: error.message.slice(0, 1200),
    }));
}

/** New tests that fail for another reason than the missing behaviour. */
export function wrongReasonFindings(state: TaskState, runs: RedRuns, fresh: readonly RedCase[]): readonly Finding[] {
  return fresh.flatMap(({ test, other }) => {
    const failures = [test.failure, other?.failure].filter((failure) => failure !== undefined);
    const [first] = failures;
    if (!first || failures.some((failure) => isRightReason(state, failure, runs))) return [];
    const message = `"${test.name}" fails for the wrong reason (${first.kind}): ${advice(first.kind, first.missing)}`;
    return [{ ...testFinding(`red/${first.kind}`, testMaker(state), test), message }];
  });
}

/** True when a case says nothing of code that is there: it fails where what the task creates is missing, or stands in for it. */
export function failsForMissingNames(state: TaskState, { test, other }: RedCase, runs: RedRuns): boolean {
  return [test.failure, other?.failure].some((failure) => failure !== undefined && isExcused(state, failure, runs));
}

function isRightReason(state: TaskState, failure: TestFailure, runs: RedRuns): boolean {
  if (failure.kind === "assertion" || failure.kind === "error") return true;
  return isThrownByCode(state, failure) || isExcused(state, failure, runs);
}

/** True when what is missing is what the task promises, or what failed is a stub of it. */
function isExcused(state: TaskState, failure: TestFailure | SuiteError, runs: RedRuns): boolean {
  const isWish = !isThrownByCode(state, failure) && isPromised(state, failure);
  return isWish || (runs.stubbed && isStubFailure(failure, runs.made));
}

/** True when code that is there ran and missed a name: `x is not a function` is its own fault, and no wish of the test. */
export function isThrownByCode(state: TaskState, failure: TestFailure | SuiteError): boolean {
  const path = failure.thrownIn;
  if (path === undefined || state.work.tests.some((change) => change.path === path)) return false;
  const isOfTests = matches(state.task.tests, path) || isInTestFolder(path);
  return !isOfTests && kindOfPath(path, state.profile) === "code";
}

/** True when the missing module is one of the task's files, or the missing name is in the task's own text. */
function isPromised(state: TaskState, failure: Pick<SuiteError, "kind" | "missing">): boolean {
  if (failure.missing === undefined) return false;
  if (failure.kind === "missing-module") return isPromisedModule(state, failure.missing);
  if (failure.kind !== "missing-name") return false;
  const last = failure.missing.split(".").at(-1) ?? "";
  return promisedWords(state).has(last.toLowerCase());
}

const ENDING = /\.(?:[cm]?[jt]sx?|pyi?|json|vue|svelte)$/;

function isPromisedModule(state: TaskState, missing: string): boolean {
  const { task } = state;
  const paths = [...task.files, ...task.creates.map((create) => create.split("#")[0] ?? "")];
  const asPath = missing.includes("/") ? missing.replace(ENDING, "") : missing.replace(ENDING, "").replaceAll(".", "/");
  const spellings = [".ts", ".tsx", ".js", ".mjs", ".cjs", ".jsx", ".py", "/index.ts", "/index.js", "/__init__.py"];
  if (spellings.some((ending) => matches(paths, asPath + ending))) return true;
  // A package's own root may be left out (`app.models` in `src/app/models.py`), an alias may stand for it (`@/models`).
  const wanted = moduleName(asPath);
  return paths.some((path) => moduleName(path) === wanted || path.split("/").slice(0, -1).includes(wanted));
}

/** The last segment that is a name: of `src/tax-rates/index.ts` it is `tax-rates`. */
function moduleName(path: string): string {
  const segments = path.replace(ENDING, "").split("/");
  const last = segments.at(-1) ?? "";
  return (/^(?:index|__init__)$/.test(last) ? segments.at(-2) : last) ?? last;
}

function promisedWords(state: TaskState): ReadonlySet<string> {
  const { task } = state;
  const text = [
    ...task.creates,
    ...task.files,
    task.title,
    task.purpose,
    ...task.accept.map((criterion) => criterion.text),
    ...task.deliverables.map((deliverable) => deliverable.what),
  ].join(" ");
  return new Set(text.toLowerCase().split(/[^\p{L}\p{N}_$]+/u));
}

function advice(kind: string, missing: string | undefined): string {
  switch (kind) {
    case "syntax":
      return "it does not parse. Send it again, complete.";
    case "fixture":
      return `it asks for a fixture that does not exist${missing ? ` (${missing})` : ""}. Use the fixtures that are shown to you, or define it in the test file.`;
    case "missing-module":
      return `it imports ${missing ?? "a module"} that neither exists nor is promised by the task's creates.`;
    case "missing-name":
      return `it uses ${missing ?? "a name"} that neither exists nor is promised by the task's creates.`;
    case "timeout":
      return "it waits for what never comes. Make it fail by an assertion: race the wait against a short timer.";
    case "hook":
      return "a set-up or tear-down hook fails. Do in the test's own body what the task has yet to make possible.";
    default:
      return "it must fail because the behaviour is missing.";
  }
}

/** The toolchain's word for a run in which there was nothing to run. */
function isNoTests(error: SuiteError): boolean {
  return error.file === undefined && error.message.startsWith("No tests were found");
}

function signatureOf(error: SuiteError): string {
  return `${error.file ?? ""}|${error.kind}|${error.missing ?? error.message.slice(0, 80).replace(/\d+/g, "#")}`;
}
