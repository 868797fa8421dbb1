import { expect, test } from "vitest";
import type { GreenRuns } from "./gates/green-runs.ts";
import { landedBaseline } from "./landed-baseline.ts";
import type { SuiteReport } from "./suite-report.ts";

const canary = { file: "tests/millwright-canary.test.ts", name: "canary" };
const passed = { id: "a > adds", file: "a", name: "adds", outcome: "passed" } as const;
const caught = { id: "canary", file: canary.file, name: "canary", outcome: "failed" } as const;

const report = (cases: SuiteReport["cases"]): SuiteReport => ({
  grade: "tests",
  ended: "exited",
  exitCode: 1,
  complete: true,
  canary: true,
  cases,
  errors: [],
  runner: "vitest",
  sandbox: "bubblewrap",
  output: "noise",
});

const runs = (work: SuiteReport, alarm: GreenRuns["alarm"] = "seen"): GreenRuns => ({
  base: report([]),
  work,
  plain: undefined,
  canary,
  alarm,
});

test("the run that let a tree land is the next baseline, without its canary", () => {
  expect(landedBaseline(runs(report([passed, caught])))).toMatchObject({ cases: [passed], exitCode: 0 });
});

test("a run that failed besides its canary, was cut short or had a blind canary is none", () => {
  const failing = { ...passed, outcome: "failed" } as const;
  expect(landedBaseline(runs(report([failing, caught])))).toBeUndefined();
  expect(landedBaseline(runs({ ...report([passed, caught]), complete: false }))).toBeUndefined();
  expect(landedBaseline(runs(report([passed]), "blind"))).toBeUndefined();
});
