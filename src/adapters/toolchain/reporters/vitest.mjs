// Reporter for Vitest 3 and 4: runs in Vitest's main process, never in a worker.
import records from "./records.cjs";

const patience = records.patience();
const write = records.openReport();

export default class MillwrightReporter {
  #told = new Set();

  onInit(vitest) {
    write({ kind: "start", runner: "vitest", version: vitest.version });
    // Workers get their settings from here, later.
    for (const project of vitest.projects) project.config.testTimeout *= patience;
  }

  onTestModuleCollected(module) {
    for (const test of module.children.allTests()) write({ kind: "collected", ...place(test) });
  }

  onTestModuleStart(module) {
    write({ kind: "file", file: module.moduleId });
  }

  onTestCaseReady(test) {
    write({ kind: "begin", ...place(test) });
  }

  onTestCaseResult(test) {
    // A skipped test may yet belong to a suite whose hook fails: told at the end.
    if (test.result().state !== "skipped") this.#tell(test);
  }

  onTestRunEnd(modules, unhandled, reason) {
    for (const module of modules) {
      for (const error of module.errors())
        write({ kind: "error", file: module.moduleId, error: records.thrown(error) });
      for (const test of module.children.allTests()) this.#tell(test);
      for (const suite of module.children.allSuites()) tellSuite(module, suite);
    }
    for (const error of unhandled) write({ kind: "error", file: error.VITEST_TEST_PATH, error: records.thrown(error) });
    write({ kind: "end", reason });
  }

  #tell(test) {
    if (this.#told.has(test.id)) return;
    this.#told.add(test.id);
    const { state, errors } = test.result();
    const hook = state === "skipped" ? brokenSuite(test) : undefined;
    if (hook !== undefined)
      return write({ kind: "result", ...place(test), outcome: "failed", phase: "hook", errors: hook });
    const outcome = state === "passed" || state === "failed" ? state : "skipped";
    write({ kind: "result", ...place(test), outcome, errors: (errors ?? []).map(records.thrown) });
  }
}

function place(test) {
  const path = [test.name];
  for (let parent = test.parent; parent.type === "suite"; parent = parent.parent) path.unshift(parent.name);
  return { file: test.module.moduleId, path };
}

/** What a failing before-hook of a suite around the test threw. */
function brokenSuite(test) {
  if (test.options?.mode === "skip" || test.options?.mode === "todo") return undefined;
  for (let parent = test.parent; parent !== undefined; parent = parent.parent) {
    const errors = parent.errors?.() ?? [];
    if (errors.length > 0) return errors.map(records.thrown);
  }
  return undefined;
}

/** A before-hook that fails is told by its tests; an after-hook has no test to blame. */
function tellSuite(module, suite) {
  const isTold = [...suite.children.allTests()].some((test) => test.result().state === "skipped" && brokenSuite(test));
  if (isTold) return;
  for (const error of suite.errors()) {
    write({ kind: "error", file: module.moduleId, phase: "hook", error: records.thrown(error) });
  }
}
