import { describe, expect, it } from "vitest";
import { parseOrchestration } from "./orchestration.ts";
import { Task } from "./task.ts";

const task = Task.parse({
  id: "T1",
  title: "Subtract",
  kind: "feature",
  purpose: "People want it.",
  deliverables: [{ what: "subtract", quality: "pure" }],
  files: ["src/a.js"],
  tests: ["test/a.test.js"],
  accept: [{ id: "AC1", text: "`subtract(5, 3)` returns 2" }],
});
const revised = (text: string) =>
  `---\n${JSON.stringify({ ...task, accept: [{ id: "AC1", text }] })}\n---\nMind the sign.\n`;

describe("the orchestrator's word", () => {
  it("is instructions, a revised task, a question for a person, or to let the task rest", () => {
    expect(parseOrchestration("INSTRUCTIONS: swap the operands\nin src/a.js", task)).toEqual({
      kind: "instructions",
      text: "swap the operands\nin src/a.js",
    });
    expect(parseOrchestration("PERSON: which sign?", task)).toEqual({ kind: "person", reason: "which sign?" });
    expect(parseOrchestration("SKIP: it needs a service", task)).toEqual({
      kind: "skip",
      reason: "it needs a service",
    });
    expect(parseOrchestration(revised("`subtract(3, 5)` returns -2"), task)).toMatchObject({
      kind: "task",
      advice: "Mind the sign.",
      task: { accept: [{ text: "`subtract(3, 5)` returns -2" }] },
    });
  });

  it("is useless when it is prose, a vague task, or another task", () => {
    expect(parseOrchestration("Try harder.", task).kind).toBe("problems");
    const vague = parseOrchestration(revised("it works properly"), task);
    expect("problems" in vague ? vague.problems.join("\n") : "").toContain("a criterion is vague");
    expect(parseOrchestration(revised("returns 2").replace('"T1"', '"T2"'), task).kind).toBe("problems");
  });
});
