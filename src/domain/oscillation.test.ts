import { describe, expect, it } from "vitest";
import type { Answered } from "./answered.ts";
import { Limits } from "./limits.ts";
import { nextMove } from "./moves.ts";
import { failingSet, oscillates, standsStill } from "./oscillation.ts";
import { signatureOf } from "./signature.ts";
import type { Refusal } from "./verdict.ts";

const fails = (...names: readonly string[]): Refusal => ({
  gate: "green",
  findings: names.map((name) => ({
    rule: "green/fails",
    answers: "developer",
    message: `"${name}" fails.`,
    evidence: name,
  })),
});
const entry = (tree: string | undefined, to: Refusal = fails(tree ?? "x"), more: Partial<Answered> = {}): Answered => ({
  role: "developer",
  gate: to.gate,
  signature: signatureOf(to),
  failing: to.findings.length,
  outcome: tree === undefined ? "refused" : "admitted",
  rung: 0,
  said: "no",
  failures: failingSet(to),
  ...(tree === undefined ? {} : { tree }),
  ...more,
});
const trees = (text: string) => [...text].map((tree) => entry(tree === "-" ? undefined : tree));

describe("work that goes back and forth", () => {
  it.each([
    ["ABAB", true],
    ["XABAB", true],
    ["A-BA-B", true],
    ["ABAC", false],
    ["ABA", false],
    ["AABB", false],
    ["ABBA", false],
    ["AAAA", false],
    ["ABABC", false],
  ])("%s: %s", (text, is) => {
    expect(oscillates(trees(text), 2)).toBe(is);
  });

  it("is seen after as many turns as the limit says", () => {
    expect(oscillates(trees("ABAB"), 3)).toBe(false);
    expect(oscillates(trees("ABABAB"), 3)).toBe(true);
  });
});

describe("work that stands still", () => {
  const history = [entry("A", fails("one")), entry("A", fails("one", "two"))];

  it("is the same tree again with the same failing set, whatever its order", () => {
    expect(standsStill(fails("two", "one"), history, 2)).toBe(true);
    expect(standsStill(fails("two", "one"), history, 3)).toBe(false);
  });

  it("is not another tree, nor another failing set, nor one answer", () => {
    expect(standsStill(fails("one"), history, 2)).toBe(false);
    expect(standsStill(fails("one", "two"), [entry("A"), entry("B", fails("one", "two"))], 2)).toBe(false);
    expect(standsStill(fails("one"), [entry("A", fails("one"))], 2)).toBe(false);
  });
});

describe("the move after it", () => {
  const limits = Limits.parse({ orchestrations: 0, attempts: 20, sameSignature: 9 });
  const next = (refusal: Refusal, history: readonly Answered[]) => nextMove(refusal, history, limits);

  it("is the next rung, with the name of what was seen", () => {
    expect(next(fails("n"), trees("ABAB"))).toMatchObject({ rung: 1, reason: expect.stringContaining("oscillation") });
    const still = [entry("A", fails("one")), entry("A", fails("one"))];
    expect(next(fails("one"), still)).toMatchObject({ rung: 1, reason: expect.stringContaining("no progress") });
    expect(next(fails("n"), trees("ABAC"))).toEqual({ kind: "retry", role: "developer", rung: 0 });
  });

  it("counts from the new rung on, and from a person's word", () => {
    const climbed = [...trees("ABAB"), entry("A", fails("A"), { rung: 1 })];
    expect(next(fails("n"), climbed)).toEqual({ kind: "retry", role: "developer", rung: 1 });
    const again = [...trees("ABAB"), entry(undefined, fails("p"), { role: "person" })];
    expect(next(fails("n"), again)).toEqual({ kind: "retry", role: "developer", rung: 0 });
  });
});

describe("a person's word", () => {
  it("lets the architect and the orchestrator be asked once more", () => {
    const limits = Limits.parse({ orchestrations: 1, attempts: 1 });
    const asked = [entry(undefined, fails("a"), { role: "orchestrator" }), entry("A")];
    expect(nextMove(fails("n"), asked, limits, () => 1)).toMatchObject({ kind: "stop", outcome: "stuck" });
    const back = [...asked, entry(undefined, fails("p"), { role: "person" }), entry("B")];
    expect(nextMove(fails("n"), back, limits, () => 1)).toMatchObject({ kind: "orchestrate" });
    const architect: Refusal = {
      gate: "impossible",
      findings: [{ rule: "impossible", answers: "architect", message: "no" }],
    };
    const planned = [entry(undefined, architect, { role: "architect" })];
    expect(nextMove(architect, planned, limits)).toMatchObject({ kind: "stop", outcome: "waiting" });
    expect(nextMove(architect, [...planned, entry(undefined, architect, { role: "person" })], limits)).toMatchObject({
      kind: "replan",
    });
  });
});
