import { describe, expect, it } from "vitest";
import type { Answered } from "./answered.ts";
import { rungsOf } from "./ladder.ts";
import { Limits } from "./limits.ts";
import { findingsText, nextMove } from "./moves.ts";
import { signatureOf } from "./signature.ts";
import type { Answerer, Finding, Refusal } from "./verdict.ts";

const limits = Limits.parse({ orchestrations: 0 });
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
  rung: 0,
  said: "no",
  ...more,
});
const replanned = answered(refusal(), { role: "architect" });

describe("the next move", () => {
  it("is whoever answers, the mill, the architect or a person", () => {
    expect(nextMove(fails(), [], limits)).toEqual({ kind: "retry", role: "developer", rung: 0 });
    expect(nextMove(refusal(finding("mill")), [], limits)).toEqual({ kind: "rebase" });
    expect(nextMove(refusal(finding("architect")), [], limits)).toMatchObject({ kind: "replan" });
    expect(nextMove(refusal(finding("person")), [], limits)).toMatchObject({ kind: "stop", outcome: "waiting" });
    expect(nextMove(refusal(), [], limits)).toMatchObject({ kind: "stop", outcome: "stuck" });
  });

  it("asks tests before code, and a person before anybody's attempt is spent", () => {
    const both = refusal(finding("developer"), finding("tester"));
    expect(nextMove(both, [], limits)).toEqual({ kind: "retry", role: "tester", rung: 0 });
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

  it("is a new rung at the third same refusal, and a deadlock on the last one", () => {
    expect(nextMove(fails(), [answered(fails())], limits)).toMatchObject({ kind: "retry", rung: 0 });
    const twice = [answered(fails()), answered(fails())];
    const reason = expect.stringContaining("deadlock");
    expect(nextMove(fails(), twice, limits)).toMatchObject({ kind: "retry", rung: 1, reason });
    const again = [...twice, answered(fails(), { rung: 1 })];
    expect(nextMove(fails(), again, limits)).toEqual({ kind: "retry", role: "developer", rung: 1 });
    const stuck = [...again, answered(fails(), { rung: 1 })];
    expect(nextMove(fails(), stuck, limits)).toMatchObject({ kind: "stop", outcome: "stuck", reason });
  });

  it("climbs: findings, a fresh brief, each stronger model, the orchestrator, and then nobody", () => {
    const own = Limits.parse({ sameSignature: 2, orchestrations: 1 });
    const models = () => 3;
    const history: Answered[] = [];
    const climbed: (number | string)[] = [];
    for (let turn = 0; turn < 20; turn++) {
      const move = nextMove(fails(), history, own, models);
      if (move.kind === "orchestrate") {
        climbed.push("orchestrator");
        history.push(answered(refusal(), { role: "orchestrator" }));
      } else if (move.kind === "retry") {
        climbed.push(move.rung);
        history.push(answered(fails(), { rung: move.rung }));
      } else {
        climbed.push(move.kind);
        break;
      }
    }
    expect(climbed).toEqual([0, 1, 2, 3, "orchestrator", 3, "stop"]);
    expect(rungsOf(3).map(({ model, brief }) => `${model} ${brief}`)).toEqual([
      "0 findings",
      "0 fresh",
      "1 fresh",
      "2 fresh",
    ]);
  });

  it("gives each model its attempts, and leaves a model that has used them", () => {
    const different = (rung: number) =>
      Array.from({ length: 5 }, (_one, index) => answered(refusal(finding("developer", `r/${index}`)), { rung }));
    expect(nextMove(fails(), different(0), limits, () => 2)).toMatchObject({ kind: "retry", rung: 2 });
    const both = [...different(0), ...different(2).slice(1)];
    expect(nextMove(fails(), both, limits, () => 2)).toMatchObject({ kind: "retry", rung: 2 });
    expect(nextMove(fails(), [...different(0), ...different(2)], limits, () => 2)).toMatchObject({ kind: "stop" });
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
