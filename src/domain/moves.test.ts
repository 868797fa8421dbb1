import { describe, expect, it } from "vitest";
import { Limits } from "./limits.ts";
import { type Answered, findingsText, nextMove, signatureOf } from "./moves.ts";
import type { Answerer, Finding, Refusal } from "./verdict.ts";

const limits = Limits.parse({});
const finding = (answers: Answerer, rule = "green/fails", evidence = "AC1 is right"): Finding => ({
  rule,
  answers,
  message: `${rule} says no`,
  evidence,
});
const refusal = (...findings: readonly Finding[]): Refusal => ({ gate: "green", findings });
const fails = (count = 1) => refusal(...Array.from({ length: count }, () => finding("developer")));
const answered = (to: Refusal, more: Partial<Answered> = {}): Answered => ({
  role: "developer",
  gate: to.gate,
  signature: signatureOf(to),
  failing: to.findings.length,
  outcome: "admitted",
  ...more,
});
const replanned = answered(refusal(), { role: "architect" });

describe("the next move", () => {
  it("is whoever answers, the mill, the architect or a person", () => {
    expect(nextMove(fails(), [], limits)).toEqual({ kind: "retry", role: "developer" });
    expect(nextMove(refusal(finding("mill")), [], limits)).toEqual({ kind: "rebase" });
    expect(nextMove(refusal(finding("architect")), [], limits)).toMatchObject({ kind: "replan" });
    expect(nextMove(refusal(finding("person")), [], limits)).toMatchObject({ kind: "stop", outcome: "waiting" });
    expect(nextMove(refusal(), [], limits)).toMatchObject({ kind: "stop", outcome: "stuck" });
  });

  it("asks tests before code, and a person before anybody's attempt is spent", () => {
    const both = refusal(finding("developer"), finding("tester"));
    expect(nextMove(both, [], limits)).toEqual({ kind: "retry", role: "tester" });
    expect(nextMove(refusal(...both.findings, finding("person")), [], limits)).toMatchObject({ outcome: "waiting" });
    expect(signatureOf(both)).toBe(signatureOf(refusal(finding("tester"))));
  });

  it("stops after as many answers as the limit says, of this maker; impossible costs none", () => {
    const different = Array.from({ length: 5 }, (_one, index) => answered(refusal(finding("developer", `r/${index}`))));
    expect(nextMove(fails(), different, limits)).toMatchObject({ kind: "stop", outcome: "stuck" });
    expect(nextMove(fails(), different.slice(1), limits)).toMatchObject({ kind: "retry" });
    const honest = different.map((answer, index) =>
      index === 0 ? { ...answer, outcome: "impossible" as const } : answer,
    );
    expect(nextMove(fails(), honest, limits)).toMatchObject({ kind: "retry" });
    const testers = different.map((answer) => ({ ...answer, role: "tester" as const }));
    expect(nextMove(fails(), testers, limits)).toMatchObject({ kind: "retry" });
  });

  it("is a deadlock at the third same refusal", () => {
    expect(nextMove(fails(), [answered(fails())], limits)).toMatchObject({ kind: "retry" });
    const stuck = nextMove(fails(), [answered(fails()), answered(fails())], limits);
    expect(stuck).toMatchObject({ kind: "stop", outcome: "stuck", reason: expect.stringContaining("deadlock") });
  });

  it("is no deadlock while fewer fail each time, when the plan changed between, or when only the turn came round", () => {
    expect(nextMove(fails(1), [answered(fails(3)), answered(fails(2))], limits)).toMatchObject({ kind: "retry" });
    expect(nextMove(fails(2), [answered(fails(3)), answered(fails(2))], limits)).toMatchObject({ kind: "retry" });
    expect(nextMove(fails(), [answered(fails()), answered(fails()), replanned], limits)).toMatchObject({
      kind: "retry",
    });
    const yet = refusal(finding("developer", "green/nothing-yet"));
    expect(nextMove(yet, [answered(yet), answered(yet), answered(yet)], limits)).toMatchObject({ kind: "retry" });
  });

  it("re-plans once, then asks a person", () => {
    const impossible = { gate: "impossible", findings: [finding("architect", "impossible")] };
    expect(nextMove(impossible, [answered(fails(), { outcome: "impossible" })], limits)).toMatchObject({
      kind: "replan",
    });
    expect(nextMove(impossible, [replanned], limits)).toMatchObject({ kind: "stop", outcome: "waiting" });
  });
});

describe("a signature", () => {
  it("stays the same across lines, numbers and machines, and differs by rule and path", () => {
    const at = (evidence: string, path = "a.ts") => signatureOf(refusal({ ...finding("developer"), evidence, path }));
    expect(at("at /home/a/b.ts:12 0xff")).toBe(at("at /tmp/c/d.ts:99 0x1a"));
    expect(at("same")).not.toBe(at("same", "b.ts"));
    expect(at("same")).toMatch(/^[0-9a-f]{12}$/);
  });
});

describe("findings as a maker reads them", () => {
  it("show fifteen with evidence, then names, then a count", () => {
    const text = findingsText(Array.from({ length: 100 }, () => finding("developer")));
    expect(text.match(/ {4}AC1 is right/g)).toHaveLength(15);
    expect(text.match(/^- \[/gm)).toHaveLength(60);
    expect(text).toContain("… and 40 more");
  });
});
