import { describe, expect, test } from "vitest";
import { told } from "../../test/kit/told-run.ts";
import type { Event } from "../domain/event.ts";
import type { PlanHeader } from "../domain/plan.ts";
import { type Comparison, comparisonRow, diffSize, type RowFacts, withoutPaths } from "./comparison.ts";
import { comparisonReport, comparisonTables } from "./comparison-report.ts";

const criteria = (count: number) => Array.from({ length: count }, (_, at) => ({ id: `AC${at + 1}`, text: "x" }));
const plans = [
  {
    plan: "p",
    tasks: [
      { id: "T1", accept: criteria(7) },
      { id: "T2", accept: criteria(3) },
    ],
  },
] as unknown as PlanHeader[];

const answered = (role: string, model: string, input: number): Event => ({
  type: "answered",
  task: "T1",
  role,
  attempt: 1,
  model,
  usage: { input, output: 10, cached: 0, counted: role !== "tester" },
  reply: "",
  request: "",
});
const reviewed = (judge: string, score: number, task = "T1"): Event => ({
  type: "reviewed",
  task,
  judge,
  decision: "REJECT",
  score,
  reasons: [],
});

const rowOf = (events: readonly Event[], more: Partial<RowFacts> = {}) =>
  comparisonRow({
    model: "a/b",
    run: "r1",
    entries: told(events),
    plans,
    price: undefined,
    isReviewed: true,
    diff: "",
    judged: { kind: "not judged", reason: "nothing has landed" },
    ...more,
  });

describe("a row is folded from the facts of its run", () => {
  test("only makers' answers are attempts, tokens and money", () => {
    const events = [
      answered("tester", "a/b", 100),
      answered("developer", "a/b", 50),
      answered("reviewer", "x/y", 9_000),
    ];
    const row = rowOf(events, { price: { input: 2, output: 10 } });
    expect(row.attempts).toBe(2);
    expect(row.tokens).toEqual({ input: 150, output: 20, cached: 0, counted: false });
    expect(row.money).toBeCloseTo((150 * 2 + 20 * 10) / 1e6, 12);
    expect(rowOf(events).money).toBeUndefined();
  });

  test("criteria are counted back from the reviewer's last score of each task; the checker has none", () => {
    for (let met = 0; met <= 7; met++)
      expect(rowOf([reviewed("reviewer", 100), reviewed("reviewer", Math.floor((100 * met) / 7))]).criteria).toEqual({
        met,
        total: 10,
      });
    expect(rowOf([reviewed("checker", 100), reviewed("reviewer", 66, "T2")]).criteria).toEqual({ met: 2, total: 10 });
    expect(rowOf([reviewed("checker", 100)], { isReviewed: false }).criteria).toBeUndefined();
  });

  test("a run that could not begin says why", () => {
    const row = rowOf([], { run: undefined, failure: "no key" });
    expect([row.state, row.reason, row.tasks, row.branch]).toEqual([
      "failed",
      "no key",
      { landed: 0, attempted: 0, planned: 2 },
      undefined,
    ]);
    expect(rowOf([]).state).toBe("missing");
  });
});

const DIFF = `diff --git a/plans/p.md b/plans/p.md
new file mode 100644
--- /dev/null
+++ b/plans/p.md
@@ -0,0 +1,2 @@
+one
+two
diff --git a/src/a.js b/src/a.js
--- a/src/a.js
+++ b/src/a.js
@@ -1,3 +1,3 @@
 kept
--- not a header
-gone
+++ not a header
`;

test("the size of a difference is that of its lines, not of its headers", () => {
  expect(diffSize(DIFF)).toEqual({ files: 2, added: 3, removed: 2 });
  expect(diffSize(withoutPaths(DIFF, ["plans/p.md"]))).toEqual({ files: 1, added: 1, removed: 2 });
  expect(diffSize("")).toEqual({ files: 0, added: 0, removed: 0 });
});

test("what a model wrote cannot break a table or reach a terminal", () => {
  const row = { ...rowOf([]), model: "a/b|c", state: "failed", reason: "\u001b[2J`x`\nnew line" };
  const base = { commit: "0".repeat(40) };
  const comparison: Comparison = {
    id: "c1",
    title: "A",
    base,
    plans: [],
    run: "r",
    architect: "x/y",
    judge: "x/z",
    independence: "model",
    rows: [row],
  };
  const [measured] = comparisonTables(comparison);
  expect(measured.split("\n").map((line) => line.length)).toEqual(Array(3).fill(measured.indexOf("\n")));
  expect(measured).toContain("a/b\\|c");
  const report = comparisonReport(comparison);
  expect(report).not.toContain("\u001b");
  expect(report).toContain("- **failed**: 'x' new line");
});
