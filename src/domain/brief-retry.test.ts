import { expect, test } from "vitest";
import { findingForms, toldFindings } from "./brief-findings.ts";
import { changedText, goesOn, judgedPlanText, newFindings, saysSection, type Told, toldNow } from "./brief-retry.ts";
import { findingsText } from "./moves.ts";
import type { Finding } from "./verdict.ts";

const finding = (rule: string, message: string, evidence?: string): Finding => ({
  rule,
  answers: "developer",
  message,
  ...(evidence === undefined ? {} : { evidence }),
});
const work = { base: { commit: "c", tree: "base" }, tests: [], code: [], trees: { red: "r", work: "w" } };

test("evidence is told once, without the title and without addresses, and long evidence keeps its head and end", () => {
  const told = toldFindings([
    finding("green/failed", '"adds" failed.', "adds\nassert 1 == 2 at 0x7fc1ca17c8d0"),
    finding("green/failed", '"adds more" failed.', "adds more\nassert 1 == 2 at 0x7fc1ca17ffff"),
    finding("green/failed", '"long" failed.', `${"a".repeat(3000)}end`),
    finding("door/edit-no-match", 'The block that starts with "one" was not applied.', "one\ntwo"),
  ]);
  expect(told.map((one) => one.evidence?.length)).toEqual([20, undefined, 1005, 7]);
  expect(told[0]?.evidence).toBe("assert 1 == 2 at 0x…");
  expect(told[2]?.evidence).toMatch(/a\n\[…\]\na+end$/);
});

test("tests that fail because no code is written are named; only the first two are quoted", () => {
  const failing = ["a", "b", "c"].map((name) => finding("green/not-yet", `"${name}" failed.`, `saw ${name}`));
  const told = toldFindings([finding("green/nothing-yet", "No code yet."), ...failing]);
  expect(told.map((one) => one.evidence)).toEqual([undefined, "saw a", "saw b", undefined]);
});

test("under pressure findings lose their evidence, then all but the first three; the headline stays", () => {
  const findings = [1, 2, 3, 4].map((number) => finding("green/failed", `number ${number}`, "seen"));
  const forms = findingForms(findingsText, findings);
  expect(forms[1]).not.toContain("seen");
  expect(forms[2]).toContain("number 3\n- … and 1 more");
});

test("a retry says what is new; what was said before only stands", () => {
  const [old, fresh] = [finding("a/b", "old"), finding("a/c", "new")];
  const said = toldNow("text", [old], work, undefined).said;
  expect(newFindings([old, fresh], said)).toBe("- [a/c] new\n- What was said before still stands.");
  expect(newFindings([old], said)).toBe("The same as before: old");
  expect(saysSection({ gate: "green", findings: [] }, "x")).toBe("# What green says\n\nx");
});

test("changed files: new and small ones whole, a large one as its difference", () => {
  const large = "line\n".repeat(400);
  const diff = "diff --git a/big.ts b/big.ts\n--- a/big.ts\n+++ b/big.ts\n@@ -1 +1 @@\n-old\n+line\n";
  const texts = new Map([
    ["big.ts", large],
    ["new.ts", large],
    ["small.ts", "x\n"],
  ]);
  const text = changedText(diff, texts, new Set(["new.ts"]));
  expect(text).toContain("## big.ts (what changed)\n```diff\ndiff --git");
  expect(text).toContain(`## new.ts\n\`\`\`\n${large}`);
  expect(text).toContain("## small.ts\n```\nx\n```");
  expect(changedText("", new Map(), new Set())).toBe("");
});

test("a question goes on from the last one on the same base, until it has grown out of hand", () => {
  const told: Told = toldNow("x".repeat(1000), [], work, undefined);
  expect(goesOn(told, "base", "x".repeat(6900))).toBe(true);
  expect(goesOn(told, "base", "x".repeat(7100))).toBe(false);
  expect(goesOn(told, "moved", "x".repeat(1100))).toBe(false);
  const later = toldNow("x".repeat(5000), [], work, told);
  expect([later.first, goesOn(later, "base", "x".repeat(7100))]).toEqual([1000, false]);
});

test("an architect sees its plan without the text for people behind it, lines as they were", () => {
  expect(judgedPlanText("---\nplan: a\n---\n## Context\nlong\n")).toBe("---\nplan: a\n---\n(the body is not shown)");
  expect(judgedPlanText("no plan at all")).toBe("no plan at all");
});
