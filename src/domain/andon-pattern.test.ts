import { describe, expect, test } from "vitest";
import { metaIncident, patternIn, remainingIn } from "./andon-pattern.ts";
import { routineFix } from "./andon-routine.ts";
import type { Event } from "./event.ts";
import type { IncidentReport } from "./incident.ts";

const LIMITS = { metaFailures: 3, metaGates: 2, metaCycles: 2 };
type Fact = { readonly run: string; readonly event: Event };

const ended = (task: string, outcome = "stuck", run = "r1"): Fact => ({
  run,
  event: { type: "task-ended", task, outcome, reason: `${task} deadlocked` },
});
const landed = (task: string, run = "r1"): Fact => ({
  run,
  event: { type: "landed", task, branch: "loop/x", commit: "c", tree: "t", tests: 1, paths: [] },
});
const opened = (incident: string, at: string, run = "r1", kind: IncidentReport["kind"] = "tampering"): Fact => ({
  run,
  event: { type: "incident-opened", incident, kind, at, problem: `at ${at}` },
});
const closed = (incident: string, run = "r1", kind: IncidentReport["kind"] = "tampering"): Fact => ({
  run,
  event: { type: "incident-closed", incident, kind },
});
const rule = (facts: readonly Fact[], run = "r1") => patternIn(facts, run, LIMITS)?.rule;

describe("three tasks one after the other that ended without landing", () => {
  test("are a pattern; two are not", () => {
    expect(rule([ended("T1"), ended("T2")])).toBeUndefined();
    expect(rule([ended("T1"), ended("T2"), ended("T3")])).toBe("failures");
  });

  test("count over runs and processes", () => {
    expect(rule([ended("T1", "stuck", "r1"), ended("T1", "stuck", "r2"), ended("T1", "stuck", "r3")], "r3")).toBe(
      "failures",
    );
  });

  test("are interrupted by what lands, also in another run", () => {
    expect(rule([ended("T1"), ended("T2"), landed("T3", "r2"), ended("T4")])).toBeUndefined();
  });

  test("do not count what only waited for another, was needless, or ended twice", () => {
    expect(
      rule([
        ended("T1"),
        ended("T2", "skipped"),
        ended("T3", "superseded"),
        ended("T4", "landed"),
        ended("T1"),
        ended("T1"),
      ]),
    ).toBeUndefined();
  });

  test("do not count refusals inside a task", () => {
    const refused: Fact = { run: "r1", event: { type: "gate-refused", task: "T1", gate: "green", findings: [] } };
    expect(rule(Array.from({ length: 12 }, () => refused))).toBeUndefined();
  });

  test.each(["replayed", "compared"])("do not count what was %s", (how) => {
    const started: Fact = {
      run: "r2",
      event: {
        type: "run-started",
        title: "t",
        spec: { digest: "d" },
        workflow: "score",
        base: { commit: "c" },
        models: {},
        independence: "none",
        sandbox: "none",
        version: "0",
        [how]: true,
      },
    };
    expect(
      rule([started, ended("T1", "stuck", "r2"), ended("T2", "stuck", "r2"), ended("T3", "stuck", "r2")], "r2"),
    ).toBeUndefined();
  });

  test("are answered by a closed Meta-Andon, and counted anew after it", () => {
    const three = [ended("T1"), ended("T2"), ended("T3")];
    expect(rule([...three, opened("INC-1", "meta-andon", "r1", "meta-andon")])).toBeUndefined();
    const answered = [...three, opened("INC-1", "meta-andon", "r1", "meta-andon"), closed("INC-1", "r1", "meta-andon")];
    expect(rule([...answered, ended("T4"), ended("T5")])).toBeUndefined();
    expect(rule([...answered, ended("T4"), ended("T5"), ended("T6")])).toBe("failures");
  });
});

describe("openings at different gates in one run", () => {
  test("are a pattern from the second gate on", () => {
    expect(rule([opened("a", "door"), opened("b", "door")])).toBeUndefined();
    expect(rule([opened("a", "door"), opened("b", "spec")])).toBe("gates");
  });
  test("of two runs are none", () =>
    expect(rule([opened("a", "door", "r1"), opened("b", "spec", "r2")], "r2")).toBeUndefined());
});

describe("fixes that were followed by another failure", () => {
  const cycle = (from: string, to: string, run: string) => [closed(from, run), opened(to, "door", run)];
  test("are a pattern from the second on", () => {
    const once = [opened("a", "door"), ...cycle("a", "b", "r1")];
    expect(rule(once)).toBeUndefined();
    expect(rule([...once, ...cycle("b", "c", "r2")], "r3")).toBe("cycles");
  });
  test("are none when something landed between", () => {
    expect(
      rule([opened("a", "door"), ...cycle("a", "b", "r1"), landed("T1"), ...cycle("b", "c", "r1")]),
    ).toBeUndefined();
  });
});

test("the incident of a pattern stops the line, and tells what remains", () => {
  const plan: Fact = {
    run: "r1",
    event: {
      type: "plan-accepted",
      plan: "p",
      path: "plans/p.md",
      branch: "loop/p",
      tasks: ["T1", "T2", "T3", "T4"].map((id) => ({ id, title: `Title ${id}`, kind: "feature", needs: [] })),
    },
  };
  const facts = [plan, landed("T1"), ended("T2"), ended("T3", "superseded"), ended("T2", "stuck", "r2")];
  const remaining = remainingIn(facts, "r1");
  expect(remaining).toEqual([
    { task: "T2", title: "Title T2", reason: "T2 deadlocked" },
    { task: "T4", title: "Title T4", reason: "" },
  ]);
  const pattern = patternIn([ended("A"), ended("B"), ended("C")], "r1", LIMITS);
  const report = metaIncident(pattern ?? expect.fail(), "r1", remaining);
  expect(report).toMatchObject({ kind: "meta-andon", stops: true, run: "r1" });
  expect(report.evidence).toContain("remaining: T4 Title T4");
});

describe("what is routine", () => {
  const report = (evidence: string, kind: IncidentReport["kind"] = "escalation"): IncidentReport => ({
    key: "k",
    run: "r",
    task: "T1",
    kind,
    stops: true,
    at: "command",
    problem: "the command gate failed",
    evidence: [evidence],
  });
  test.each([
    ["sh: 1: ruff: not found", "ruff"],
    ["ModuleNotFoundError: No module named 'httpx'", "httpx"],
    ["Error: Cannot find module 'left-pad'", "left-pad"],
  ])("%s is noted with its fix", (text, name) => {
    expect(routineFix(report(text))).toContain(name);
    expect(routineFix(report(text))).toContain("doctor");
  });
  test("an assertion, and what the mill itself saw, is not", () => {
    expect(routineFix(report("AssertionError: 1 != 2"))).toBeUndefined();
    expect(routineFix(report("sh: 1: ruff: not found", "tampering"))).toBeUndefined();
    expect(routineFix(report("sh: 1: ruff: not found", "spec-drift"))).toBeUndefined();
  });
});
