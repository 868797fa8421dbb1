import { expect, test } from "vitest";
import { PlanFront } from "./design.ts";
import { subjectProblems } from "./subject-problems.ts";

const front = (over: object) =>
  PlanFront.parse({
    name: "tiny",
    title: "A tiny one",
    environment: { kind: "system" },
    training: { steps: 10, batch: 2, seed: 1 },
    ...over,
  });

test("too few different seeds for a test of the loss are told at the entry", () => {
  expect(subjectProblems(front({ seeds: [1, 2, 3] }))).toEqual([]);
  expect(subjectProblems(front({ seeds: [2, 3] }))).toEqual([]);
  expect(subjectProblems(front({ seeds: [1, 1, 2] }))).toEqual([expect.stringContaining("there are 2")]);
});

test("a framework that is not probed names the command of each test", () => {
  const tests = { forward_pass: "true", checkpoint_roundtrip: "true" };
  expect(subjectProblems(front({ seeds: [1], subject: { framework: "other", tests } }))).toEqual([
    expect.stringContaining("subject.tests.short_training is missing"),
  ]);
});
