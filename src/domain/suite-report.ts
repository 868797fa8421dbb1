import { z } from "zod";

/** Why a test failed, as far as its runner tells. */
export const TEST_FAILURE_KINDS = [
  "assertion",
  "error",
  "timeout",
  "missing-module",
  "missing-name",
  "syntax",
  "fixture",
  "hook",
] as const;

export const TestFailure = z.strictObject({
  kind: z.enum(TEST_FAILURE_KINDS),
  /** The runner's message without colours or control characters, at most 4,000 characters. */
  message: z.string(),
  /** For missing-module / missing-name: the module specifier or the name. */
  missing: z.string().optional(),
  line: z.number().int().optional(),
  /** For a name that running code missed: the file of the repository that threw, when it is another than the test's. */
  thrownIn: z.string().optional(),
});
export type TestFailure = z.infer<typeof TestFailure>;

/** One collected test. */
export const TestCase = z.strictObject({
  /** Stable across runs: file, suites and name joined by ` > `; an ordinal `#2` is added for duplicates. */
  id: z.string(),
  /** Path inside the repository. */
  file: z.string(),
  /** Full title without the file. */
  name: z.string(),
  outcome: z.enum(["passed", "failed", "skipped"]),
  failure: TestFailure.optional(),
});
export type TestCase = z.infer<typeof TestCase>;

/** An error outside any test: a file that cannot be collected, an unhandled rejection, a failing global set-up. */
export const SuiteError = z.strictObject({
  file: z.string().optional(),
  kind: z.enum(TEST_FAILURE_KINDS),
  message: z.string(),
  missing: z.string().optional(),
  line: z.number().int().optional(),
  thrownIn: z.string().optional(),
});
export type SuiteError = z.infer<typeof SuiteError>;

/** What was seen by running the test suites on one tree. */
export const SuiteReport = z.strictObject({
  /** `tests`: per-test results from a structured report; `exit-code`: a bare command, nothing but its exit code. */
  grade: z.enum(["tests", "exit-code"]),
  ended: z.enum(["exited", "timeout", "memory", "output", "signal"]),
  exitCode: z.number().int().nullable(),
  /** The reporter's end record is there: the run was not cut short from inside. */
  complete: z.boolean(),
  /** False when the reporter cannot tell the canary from a real failure, so green runs a second time without it. */
  canary: z.boolean(),
  cases: z.array(TestCase),
  errors: z.array(SuiteError),
  /** Runner and version, e.g. `vitest 4.1.12`. */
  runner: z.string(),
  /** Sandbox kind the run had, e.g. `bubblewrap 0.8.0` or `none`. */
  sandbox: z.string(),
  /** End of the combined output, control characters removed, at most 8,000 characters. */
  output: z.string(),
});
export type SuiteReport = z.infer<typeof SuiteReport>;
