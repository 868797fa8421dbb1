import { expect, test } from "vitest";
import type { Event } from "./event.ts";
import { redactedFact } from "./redacted-fact.ts";

const SECRET = "hunter2swordfish";
const said = `may I use password=${SECRET}`;
const at = { task: "T1", role: "developer", attempt: 1 } as const;

const WORDS: readonly Event[] = [
  { type: "notice", message: said },
  { type: "step-failed", step: "s", code: "c", message: said, hint: said, remedy: "stop" },
  { type: "proposal-admitted", ...at, commit: "c", paths: ["a"], notes: said },
  { type: "self-assessed", ...at, answers: [{ id: "AC1", said: "met", because: said }] },
  { type: "escalated", task: "T1", role: "developer", rung: 1, model: "m", reason: said },
  { type: "orchestrated", task: "T1", decision: "person", reason: said, said },
  { type: "impossible", task: "T1", role: "developer", reason: said },
  {
    type: "reviewed",
    ...{ task: "T1", judge: "reviewer", decision: "REJECT", score: 0, reasons: [said] },
    criteria: [{ id: "AC1", met: false, evidence: said }],
  },
  { type: "task-ended", task: "T1", outcome: "stuck", reason: said },
  { type: "task-rests", task: "T1", outcome: "stuck", reason: said, answers: 3, matters: { task: "abc" } },
  { type: "task-reopened", task: "T1", reason: said, models: {} },
  { type: "goal-judged", round: 1, decision: "NOT MET", evidence: [said] },
  { type: "run-ended", outcome: "stuck", reason: said },
];

test.each(WORDS.map((fact) => [fact.type, fact] as const))("%s is kept without the secret in its words", (_, fact) => {
  const kept = redactedFact(fact);
  expect(JSON.stringify(fact)).toContain(SECRET);
  expect(JSON.stringify(kept)).toContain("password=[redacted]");
  expect(JSON.stringify(kept)).not.toContain(SECRET);
  expect(redactedFact(kept)).toEqual(kept);
});

test("what the loop goes on with stays as it was said: a step's result, and a person's word to the makers", () => {
  const result: Event = { type: "step-completed", step: "answer/T1/1", result: { notes: said } };
  expect(redactedFact(result)).toBe(result);
  const word: Event = { type: "task-reopened", task: "T1", reason: "", word: said, models: {} };
  expect(redactedFact(word)).toEqual(word);
});
