import { expect, test } from "vitest";
import type { RecordedProposal } from "./learn-history.ts";
import { admittedIn, answeredAgain, cameFurther } from "./learn-mended.ts";

const GATES = ["door", "red", "symbols", "green", "review"];
const BASE = { commit: "c", tree: "t" };

function proposal(attempt: number, change: Partial<RecordedProposal> = {}): RecordedProposal {
  const layers = { base: BASE, tests: [], code: [] };
  return {
    ...{
      run: "r1",
      task: "T1",
      identity: "T1 Make it",
      role: "developer",
      attempt,
      reply: `${attempt}`,
      cutOff: false,
    },
    ...{ before: layers, branch: "loop/p", asked: [], refusal: undefined, until: undefined, setAside: undefined },
    result: {
      kind: "admitted",
      work: { ...layers, trees: { red: "r", work: "w" } },
      commit: "c",
      paths: [],
      notes: "",
    },
    revisions: [],
    ...change,
  };
}
const refusedBy = (attempt: number, gate: string, change: Partial<RecordedProposal> = {}) =>
  proposal(attempt, { refusal: { gate, findings: [] }, ...change });

test("the answer that came furthest is taken, of equals the first", () => {
  const [first, ...later] = [
    refusedBy(1, "symbols"),
    refusedBy(2, "symbols"),
    refusedBy(3, "green"),
    refusedBy(4, "door"),
    refusedBy(5, "green"),
    proposal(6, { until: "review" }),
  ] as const;
  expect(cameFurther(first, [first, ...later.slice(0, 4)], GATES)?.attempt).toBe(3);
  expect(cameFurther(first, [first, ...later], GATES)?.attempt).toBe(6);
  expect(cameFurther(later[1], [first, ...later.slice(0, 4)], GATES)).toBeUndefined();
});

test("nothing is taken of before, of another role or task, or of which nobody knows how far it came", () => {
  const first = refusedBy(2, "symbols");
  for (const other of [
    refusedBy(3, "symbols"),
    refusedBy(3, "green", { role: "tester" }),
    refusedBy(3, "green", { identity: "T1 Make another" }),
    proposal(3),
  ])
    expect(cameFurther(first, [refusedBy(1, "green"), first, other], GATES)).toBeUndefined();
  expect(cameFurther(refusedBy(1, "impossible"), [refusedBy(2, "green")], GATES)).toBeUndefined();
  expect(answeredAgain(first, [refusedBy(1, "green"), first])).toBe(false);
  expect(answeredAgain(first, [first, refusedBy(1, "green", { run: "r2" })])).toBe(true);
});

test("an admitted answer has the texts of both layers; what it deleted is none of them", () => {
  const [kept, gone] = [
    { path: "a.js", blob: "b1", mode: "100644" as const },
    { path: "b.js", blob: null, mode: "100644" as const },
  ];
  const work = { base: BASE, tests: [], code: [kept, gone], trees: { red: "r", work: "w" } };
  const one = proposal(1, { result: { kind: "admitted", work, commit: "c", paths: [], notes: "" } });
  expect(admittedIn(one)).toEqual(new Map([["a.js", "b1"]]));
  expect(admittedIn(proposal(1, { result: { kind: "refused", findings: [] } }))).toBeUndefined();
});
