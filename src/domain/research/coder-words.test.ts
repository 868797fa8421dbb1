import { expect, test } from "vitest";
import { subjectWords } from "./coder-words.ts";
import { PlanFront } from "./design.ts";
import { SUBJECT_OFFERS } from "./subject-contract.ts";
import { type ResearchTask, TasksFile } from "./tasks.ts";

const front = (subject: object) =>
  PlanFront.parse({
    name: "tiny",
    title: "A tiny one",
    environment: { kind: "system" },
    training: { steps: 10, batch: 2 },
    subject,
  });

const tasksOf = (files: Readonly<Record<string, string>>): readonly ResearchTask[] =>
  TasksFile.parse({
    tasks: Object.entries(files).map(([id, file]) => ({
      id,
      title: "A task",
      component: "other",
      purpose: "Why not",
      files: [file],
      tests: ["tests/test_a.py"],
      accept: [{ id: "AC1", text: "one() of src/a.py returns 1" }],
    })),
  }).tasks;

test("whoever writes code is told each name that the mill imports, and which tasks may write them", () => {
  const words = subjectWords({
    ...front({ path: "src/offer.py" }),
    tasks: tasksOf({ loop: "src/offer.py", other: "src/a.py" }),
  });
  expect(words).toContain("The mill imports `src/offer.py`");
  expect(words).toContain(" loop and fixes may write it.");
  for (const { call, answers } of SUBJECT_OFFERS) expect(words).toContain(`- \`${call}\`: ${answers}`);
});

test("nothing is told of gates: no check by name, no number that it is held to", () => {
  const words = subjectWords({ ...front({}), tasks: [] });
  expect(words).not.toMatch(/same_|_falls|tolerance|per cent|%|1e-|at least|refuse/);
});

test("of a framework that is not probed nothing is imported, and nothing told", () => {
  expect(subjectWords({ ...front({ framework: "other" }), tasks: [] })).toBe("");
});
