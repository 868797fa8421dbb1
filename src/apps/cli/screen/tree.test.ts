import { describe, expect, test } from "vitest";
import { PRICING_RUN, told } from "../../../../test/kit/told-run.ts";
import type { Event } from "../../../domain/event.ts";
import { foldRun } from "../../../views/fold-run.ts";
import { paintWith } from "../paint.ts";
import type { LiveTask } from "./live-task.ts";
import { drawTree, type Frame } from "./tree.ts";

const live = new Map<string, LiveTask>([["T1", { doing: "gate green", tests: { passed: 12, failed: 1 }, tokens: 90 }]]);
const frameOf = (columns: number, rows = 24): Frame => ({ columns, rows, since: 4_000, live, paint: paintWith(false) });
const nth = (type: Event["type"], count: number) =>
  PRICING_RUN.flatMap((event, index) => (event.type === type ? [index + 1] : []))[count - 1]!;
const screen = (facts: number, frame: Frame) => drawTree(foldRun(told(PRICING_RUN.slice(0, facts))), frame);

describe("the tree while a run is at work", () => {
  test("before there is a plan, it says who is asked", () => {
    expect(screen(2, frameOf(80))).toMatchInlineSnapshot(`
      "Pricing: refuse negative prices  planning  0:05  0 tokens  0 answers
      ▸ architect attempt 1  ollama/qwen"
    `);
  });

  test("an open task shows its lanes, who is asked for the how-manieth time, tests, and why it was refused", () => {
    expect(screen(nth("asked", 5), frameOf(100))).toMatchInlineSnapshot(`
      "Pricing: refuse negative prices  0/2 landed  0:28  6.0k tokens  4 answers
      ▸ T1 Refuse negative prices
        RED ✓  GATES ·  GREEN ✗  REVIEW ·
        developer attempt 2 of 6  ollama/qwen  3.1k tokens  0:21
        tests: 12 passed, 1 failed
        last refusal: green: test/price.test.ts:14 AC1 refuses -1 with RangeError failed.
      · T2 Convert currencies"
    `);
  });

  test("between questions it shows what is being done", () => {
    expect(screen(nth("proposal-admitted", 3), frameOf(100))).toMatchInlineSnapshot(`
      "Pricing: refuse negative prices  0/2 landed  0:33  9.0k tokens  6 answers
      ▸ T1 Refuse negative prices
        RED ·  GATES ▸  GREEN ·  REVIEW ·
        gate green  6.1k tokens  0:26
        tests: 12 passed, 1 failed
        last refusal: door: ../secret ../secret is outside of the task's files.
      · T2 Convert currencies"
    `);
  });

  test("ended tasks are one line each", () => {
    expect(screen(PRICING_RUN.length - 3, frameOf(100))).toMatchInlineSnapshot(`
      "Pricing: refuse negative prices  1/2 landed  0:46  11k tokens  7 answers
      ✓ T1 Refuse negative prices  landed  0:31
      ▸ T2 Convert currencies
        RED ·  GATES ▸
        tester attempt 1 ollama/qwen  1.5k tokens  0:07"
    `);
  });
});

describe("the tree in any terminal", () => {
  test.each([20, 31, 45, 59, 60, 80, 200])("nothing wraps at %i columns", (columns) => {
    for (let facts = 1; facts <= PRICING_RUN.length; facts += 1) {
      const lines = screen(facts, frameOf(columns)).split("\n");
      expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(columns);
    }
  });

  test("40 columns", () => {
    expect(screen(nth("asked", 5), frameOf(40))).toMatchInlineSnapshot(`
      "Pricing…  0/2 landed  0:28  6.0k token…
      ▸ T1 Refuse negative prices
        RED ✓ GATES · GREEN ✗ REVIEW ·
        developer attempt 2 of 6  ollama/qwe…
        tests: 12 passed, 1 failed
        last refusal: green: test/price.test…
      · T2 Convert currencies"
    `);
  });

  test("more tasks than rows: the open ones, and how many more there are", () => {
    const tasks = Array.from({ length: 50 }, (_, index) => ({
      id: `T${index + 1}`,
      title: `Task ${index + 1}`,
      kind: "feature",
      needs: [],
    }));
    const facts = told([
      PRICING_RUN[0]!,
      { type: "plan-accepted", plan: "p", path: "p.md", branch: "loop/p", tasks },
      { type: "task-started", task: "T7", title: "Task 7", kind: "feature", base: "b", gates: ["red", "green"] },
    ]);
    expect(drawTree(foldRun(facts), frameOf(60, 10))).toMatchInlineSnapshot(`
      "Pricing: refuse ne…  0/50 landed  0:06  0 tokens  0 answers
      ▸ T7 Task 7
        RED ▸  GREEN ·
        starting  0 tokens  0:04
        49 other tasks"
    `);
  });

  test("what models and tests say cannot steer it", () => {
    const hostile = "\u001b[2J\u001b]0;owned\u0007\u202eevil\nnew line\r";
    const facts = told([
      { ...PRICING_RUN[0]!, title: hostile } as Event,
      { type: "task-started", task: "T1", title: hostile, kind: "feature", base: "b", gates: [hostile] },
      { type: "asked", task: "T1", role: "developer", attempt: 1, model: hostile },
      {
        type: "answered",
        task: "T1",
        role: "developer",
        attempt: 1,
        model: hostile,
        usage: { input: 1, output: 1, cached: 0, counted: true },
        reply: "",
        request: "",
      },
      {
        type: "gate-refused",
        task: "T1",
        gate: "green",
        findings: [{ rule: "r", answers: "developer", message: hostile, path: hostile }],
      },
    ]);
    const drawn = drawTree(foldRun(facts), { ...frameOf(80), live: new Map([["T1", { doing: hostile }]]) });
    expect(drawn).not.toMatch(/\p{Cc}(?<!\n)|\p{Bidi_Control}/u);
    expect(drawn.split("\n")).toHaveLength(5);
  });

  test("colours only where they are wanted", () => {
    expect(screen(nth("asked", 5), frameOf(80))).not.toContain("\u001b");
    expect(screen(nth("asked", 5), { ...frameOf(80), paint: paintWith(true) })).toContain("\u001b[31m");
  });
});
