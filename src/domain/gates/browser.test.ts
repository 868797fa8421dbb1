import { describe, expect, it } from "vitest";
import { oneMaker, redGreen, state, work } from "../../../test/kit/gate-states.ts";
import type { BrowserReport } from "../browser-report.ts";
import type { TaskState } from "../gate.ts";
import { type Need, needKey } from "../need.ts";
import { gatesFor } from "./all.ts";
import { browser } from "./browser.ts";
import { door } from "./door.ts";
import { red } from "./red.ts";

const STEPS = [{ click: "#add" }, { see: "li", count: 1 }];
const accept = (...holds: readonly string[]) =>
  holds.map((one, at) => ({ id: `AC${at + 1}`, text: "Clicking adds one", browser: { steps: STEPS, holds: one } }));
const looks = { ...redGreen, gates: [...redGreen.gates, { gate: "browser" as const }] };
const entry = { gate: "browser" as const };

type End = "passed" | "failed" | "unusable" | "console";

function seen(ends: Readonly<Record<string, End>>, said: Partial<BrowserReport> = {}): BrowserReport {
  const failed = (end: End) => ({
    step: 2,
    kind: end === "unusable" ? ("unusable" as const) : ("differs" as const),
    expected: end === "console" ? "no error in the console" : "1 element(s)",
    seen: end === "console" ? "that went wrong" : "0 element(s)",
  });
  const checks = Object.entries(ends).map(([id, end]) => ({
    id,
    seconds: 1,
    console: [],
    ...(end === "passed" ? {} : { failed: failed(end) }),
  }));
  return { ended: "exited", browser: "Chromium 1", sandbox: "none", checks, ...said };
}

/** Asks the gate as the engine does, with a report a look: base, work, work again. */
function judged(task: TaskState, reports: Readonly<Record<string, BrowserReport>>) {
  const sights = new Map<string, unknown>();
  const asked: string[] = [];
  for (;;) {
    const need = browser.needs(task, sights, entry).find((one) => !sights.has(needKey(one)));
    if (need === undefined) break;
    const { tree, patience } = need as Extract<Need, { see: "browser" }>;
    const name = patience === 2 ? `${tree} again` : tree;
    asked.push(name);
    sights.set(needKey(need), reports[name]);
  }
  const verdict = browser.judge(task, sights, entry);
  return { asked, findings: verdict.kind === "refuse" ? verdict.findings : [] };
}

const feature = (...holds: readonly string[]) => state({ workflow: looks, task: { accept: accept(...holds) } });

describe("the browser gate", () => {
  it("passes what fails on the base and holds on the work", () => {
    const { asked, findings } = judged(feature("after"), {
      base: seen({ AC1: "failed" }),
      work: seen({ AC1: "passed" }),
    });
    expect([asked, findings]).toEqual([["base", "work"], []]);
  });

  it("looks again at what fails, alone and with more patience, before it refuses", () => {
    const reports = { base: seen({ AC1: "failed", AC2: "failed" }), work: seen({ AC1: "passed", AC2: "failed" }) };
    const slow = judged(feature("after", "after"), { ...reports, "work again": seen({ AC2: "passed" }) });
    expect([slow.asked, slow.findings]).toEqual([["base", "work", "work again"], []]);
    const { findings } = judged(feature("after", "after"), { ...reports, "work again": seen({ AC2: "failed" }) });
    expect(findings.map(({ rule, answers }) => [rule, answers])).toEqual([["browser/fails", "developer"]]);
    expect(findings[0]?.message).toBe(
      "AC2 does not hold in the browser, at step 2, see `li`: count 1. Expected: 1 element(s). Seen: 0 element(s).",
    );
    expect(findings[0]?.evidence).toContain("2. see `li`: count 1   <- here");
  });

  it("sends what holds on the base, or no browser understands, to the architect", () => {
    const holds = judged(feature("after"), { base: seen({ AC1: "passed" }), work: seen({ AC1: "passed" }) });
    expect(holds.findings.map(({ rule, answers }) => [rule, answers])).toEqual([
      ["browser/passes-on-base", "architect"],
    ]);
    const bad = judged(feature("after"), { base: seen({ AC1: "unusable" }), work: seen({ AC1: "passed" }) });
    expect(bad.findings.map(({ rule, answers }) => [rule, answers])).toEqual([["browser/bad-check", "architect"]]);
  });

  it("does not look at the base for guards, and for kinds that add nothing", () => {
    expect(judged(feature("always"), { work: seen({ AC1: "passed" }) }).asked).toEqual(["work"]);
    const refactor = state({ workflow: looks, task: { kind: "refactor", accept: accept("after") } });
    expect(judged(refactor, { work: seen({ AC1: "passed" }) }).asked).toEqual(["work"]);
  });

  it("names errors in the console, a build that fails and a browser that was stopped", () => {
    const on = (report: BrowserReport) =>
      judged(feature("always"), { work: report, "work again": report }).findings.map(
        ({ rule, message }) => `${rule} ${message}`,
      );
    expect(on(seen({ AC1: "console" }))).toEqual([
      "browser/console AC1 leaves an error in the browser's console: that went wrong",
    ]);
    expect(on(seen({}, { build: { exitCode: 2, output: "no" } }))[0]).toContain("browser/build-fails");
    expect(on(seen({}, { ended: "memory" }))[0]).toContain("browser/cut-short");
  });
});

it("a task without such criteria does not meet the gate; a workflow without the gate does not take such a task", () => {
  const labels = (task: TaskState) => gatesFor(looks, task.task).map(({ label }) => label);
  expect(labels(state({ workflow: looks }))).not.toContain("browser");
  expect(labels(feature("after"))).toContain("browser");
  const verdict = door.judge(state({ workflow: oneMaker, task: { accept: accept("after") } }), new Map(), {
    gate: "door",
  });
  expect(verdict).toMatchObject({ kind: "refuse", findings: [{ rule: "door/no-browser-gate", answers: "person" }] });
});

it("red asks for no test where the browser sees every criterion, and for tests of the others", () => {
  const none = { tests: [], code: [] };
  const only = state({ workflow: looks, work: work(none), task: { accept: accept("after") } });
  const key = needKey(browser.needs(only, new Map(), entry)[0] as Need);
  expect(red.judge(only, new Map([[key, seen({ AC1: "failed" })]]), { gate: "red" })).toMatchObject({ kind: "pass" });
  const both = [...accept("after"), { id: "AC9", text: "`add(1, 2)` is 3" }];
  const mixed = red.judge(state({ workflow: looks, work: work(none), task: { accept: both } }), new Map(), {
    gate: "red",
  });
  expect(mixed).toMatchObject({
    findings: [{ rule: "red/no-tests-yet", message: expect.stringMatching(/name: AC9\.$/) }],
  });
});
