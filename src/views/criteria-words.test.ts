import { expect, test } from "vitest";
import type { Event, JournalEntry } from "../domain/event.ts";
import { foldRun } from "./fold-run.ts";
import { reportOf } from "./report.ts";

test("a report shows the maker's word on each criterion beside the judge's answer, and what was withheld from makers", () => {
  const events: readonly Event[] = [
    { type: "task-started", task: "T1", title: "Subtract", kind: "feature", base: "b", gates: ["held-out", "review"] },
    {
      type: "answered",
      task: "T1",
      role: "developer",
      attempt: 1,
      model: "m",
      usage: { input: 1, output: 1, cached: 0, counted: true },
      reply: "r",
      request: "q",
    },
    {
      type: "gate-refused",
      task: "T1",
      gate: "held-out",
      findings: [
        { rule: "held-out/behaviour", answers: "developer", message: "AC1 does not hold.", withheld: "gave 7" },
      ],
    },
    {
      type: "self-assessed",
      task: "T1",
      role: "developer",
      attempt: 1,
      answers: [
        { id: "AC1", said: "met", because: "src/subtract.ts" },
        { id: "AC2", said: "not given", because: "" },
      ],
    },
    {
      type: "reviewed",
      task: "T1",
      judge: "reviewer",
      decision: "REJECT",
      score: 50,
      reasons: ["AC2: missing"],
      criteria: [
        { id: "AC1", met: true, evidence: "return left - right" },
        { id: "AC2", met: false, evidence: "missing" },
      ],
    },
  ];
  const entries: readonly JournalEntry[] = events.map((event, at) => ({
    seq: at + 1,
    at,
    run: "r1",
    key: `${at}`,
    event,
  }));
  const report = reportOf(foldRun(entries));
  expect(report).toContain("AC1: the maker says met (src/subtract.ts); the judge says met (return left - right)");
  expect(report).toContain("AC2: the maker says not given; the judge says unmet (missing)");
  expect(report).toContain("gave 7");
});
