import { Config } from "../../src/domain/config.ts";
import type { TaskState } from "../../src/domain/gate.ts";
import { SuiteError, SuiteReport, TestCase, TestFailure } from "../../src/domain/suite-report.ts";
import { Task } from "../../src/domain/task.ts";
import type { FileChange, Work } from "../../src/domain/work.ts";
import { Workflow } from "../../src/domain/workflow.ts";

/** A feature with one criterion, but for what is said. */
export function task(said: Partial<Record<keyof Task, unknown>> = {}): Task {
  return Task.parse({
    id: "T1",
    title: "Discounts",
    kind: "feature",
    purpose: "Customers want them.",
    deliverables: [{ what: "applyDiscount", quality: "tested" }],
    files: ["src/**"],
    tests: ["test/**"],
    accept: [{ id: "AC1", text: "10 percent off 100.00 is 90.00" }],
    ...said,
  });
}

export const redGreen = Workflow.parse({
  name: "red-green",
  description: "",
  makers: { tests: "tester", code: "developer" },
  gates: [
    "door",
    "red",
    "syntax",
    "lint",
    "symbols",
    "types",
    "green",
    "kills",
    "unchanged",
    "check",
    "review",
    "current",
  ].map((gate) => ({ gate })),
});

/** One developer writes both layers, and nothing is proven red. */
export const oneMaker = Workflow.parse({
  name: "maker-checker",
  description: "",
  makers: { tests: "developer", code: "developer" },
  gates: ["door", "syntax", "green", "kills", "unchanged", "check", "checklist", "current"].map((gate) => ({ gate })),
});

export const change = (path: string): FileChange => ({ path, blob: `blob of ${path}`, mode: "100644" });

/** The work of a task: its trees are called `base`, `red` and `work`. */
export function work(layers: { tests?: readonly string[]; code?: readonly string[] } = {}): Work {
  const tests = (layers.tests ?? ["test/discount.test.ts"]).map(change);
  const code = (layers.code ?? ["src/discount.ts"]).map(change);
  const red = tests.length > 0 ? "red" : "base";
  return {
    base: { commit: "commit of base", tree: "base" },
    tests,
    code,
    trees: { red, work: code.length > 0 ? "work" : red },
  };
}

const vitestProfile = {
  name: "tests",
  runner: "vitest",
  version: "vitest 4",
  dir: ".",
  tests: ["**/*.test.ts"],
  infrastructure: ["vitest.config.ts", "**/__snapshots__/**", "**/test-setup.ts"],
} as const;

/** A state of a red-green task with tests and code, but for what is said. */
export function state(said: Partial<Omit<TaskState, "task">> & { task?: Parameters<typeof task>[0] } = {}): TaskState {
  return {
    work: work(),
    workflow: redGreen,
    config: Config.parse({}),
    profile: { suites: [vitestProfile], manifests: ["package.json", "package-lock.json"] },
    branch: "loop/plan",
    reading: 1,
    asked: [],
    ...said,
    task: task(said.task),
  };
}

type Outcome = "passed" | "failed" | "skipped";

/** `test/discount.test.ts > AC1 is right: passed`, or with a failure. */
export function seenTest(line: string, failure: Partial<TestFailure> = {}): TestCase {
  const [, id = "", outcome = "passed"] = /^(.*): (passed|failed|skipped)$/.exec(line) ?? [];
  const [file = "", ...name] = id.split(" > ");
  return TestCase.parse({
    id,
    file,
    name: name.join(" > "),
    outcome: outcome as Outcome,
    ...(outcome === "failed"
      ? { failure: TestFailure.parse({ kind: "assertion", message: "expected 1 to be 2", ...failure }) }
      : {}),
  });
}

/** A run that ended by itself: its exit code is 1 when a test failed or an error was told. */
export function report(
  tests: readonly (string | TestCase)[],
  said: Partial<Omit<SuiteReport, "errors">> & { errors?: readonly unknown[] } = {},
): SuiteReport {
  const cases = tests.map((test) => (typeof test === "string" ? seenTest(test) : test));
  const errors = (said.errors ?? []).map((error) => SuiteError.parse(error));
  const isBad = errors.length > 0 || cases.some((test) => test.outcome === "failed");
  return SuiteReport.parse({
    grade: "tests",
    ended: "exited",
    exitCode: isBad ? 1 : 0,
    complete: true,
    canary: true,
    cases,
    runner: "vitest 4",
    sandbox: "none",
    output: "",
    ...said,
    errors,
  });
}

/** A bare command's run. */
export function exits(exitCode: number | null, said: Partial<SuiteReport> = {}): SuiteReport {
  return report([], { grade: "exit-code", exitCode, canary: false, ...said, errors: [] });
}
