import { expect, test } from "vitest";
import { PlanFront } from "./design.ts";
import { subjectProblems as placed, testProblems } from "./subject-problems.ts";

const front = (over: object) =>
  PlanFront.parse({
    name: "tiny",
    title: "A tiny one",
    environment: { kind: "system", packages: { torch: "any", NumPy: "any" } },
    training: { steps: 10, batch: 2, seed: 1 },
    ...over,
  });

const subjectProblems = (front: PlanFront) => placed(front).map(({ message }) => message);

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

test("PyTorch is probed with torch and numpy, whatever the index calls them", () => {
  const lacking = (packages: object) => subjectProblems(front({ environment: { kind: "conda", packages } }));
  expect(lacking({ pytorch: "2.1.2", numpy: "1.26.4" })).toEqual([]);
  expect(lacking({ scipy: "1.11.1" })).toEqual([
    expect.stringContaining("does not name torch and numpy, which the mill's probes need"),
  ]);
});

test("an environment that is made has to have pytest, where nothing else is said of the tests", () => {
  const suite = { name: "tests", runner: "pytest", dir: "." } as const;
  const problems = (kind: "venv" | "system", packages: Record<string, string>, command?: string) =>
    testProblems({ kind, packages }, [command === undefined ? suite : { ...suite, command }]).map(
      ({ message }) => message,
    );
  expect(problems("venv", { torch: "2.1.2" })).toEqual([expect.stringContaining("does not name pytest")]);
  expect(problems("venv", { PyTest: "8.0.0" })).toEqual([]);
  expect(problems("venv", {}, "/usr/bin/python3 -m pytest")).toEqual([]);
  expect(problems("system", {})).toEqual([]);
});
