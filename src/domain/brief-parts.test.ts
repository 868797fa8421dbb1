import { expect, test } from "vitest";
import { fitted, systemPartsOf } from "./brief-fit.ts";
import { type BriefPart, fitBrief, fixedPart, tokensOf } from "./brief-parts.ts";
import { StepFailure } from "./step-failure.ts";

const part = (name: string, worth: number, ...forms: readonly string[]): BriefPart => ({
  name,
  title: "Files",
  forms,
  worth,
});
const parts = [
  fixedPart("The task", "do it"),
  part("own.ts", 70, "o".repeat(400), "o".repeat(40)),
  part("near.ts", 40, "n".repeat(400), "n".repeat(40), ""),
  part("words one", 10, "1".repeat(400), ""),
  part("words two", 10, "2".repeat(400), ""),
];

test("what fits is whole, and neighbours stand under one heading", () => {
  const { text, dropped, fits } = fitBrief(parts, 10_000);
  expect([dropped, fits]).toEqual([[], true]);
  expect(text.match(/^# /gm)).toHaveLength(2);
});

test("what is worth least gives way first, the last of equals before the first, and no more than must", () => {
  const whole = tokensOf(fitBrief(parts, 10_000).text);
  expect(fitBrief(parts, whole - 1).dropped).toEqual(["words two (left out)"]);
  expect(fitBrief(parts, whole - 150).dropped).toEqual(["words one (left out)", "words two (left out)"]);
  expect(fitBrief(parts, whole - 300).dropped).toEqual([
    "near.ts (shortened)",
    "words one (left out)",
    "words two (left out)",
  ]);
  expect(fitBrief(parts, 40).dropped).toContain("own.ts (shortened)");
});

test("what is fixed and the least of what must be shown always stays, and it says when that is too large", () => {
  const { text, fits } = fitBrief(parts, 5);
  expect(fits).toBe(false);
  expect(text).toContain("do it");
  expect(text).toContain("o".repeat(40));
  expect(text).not.toContain("n");
});

const system = systemPartsOf({
  prompt: "You are the developer.",
  rules: "r".repeat(5000),
  goals: "",
  skills: [
    { name: "tdd", text: "s".repeat(3000), own: true },
    { name: "other", text: "x".repeat(3000), own: false },
  ],
  map: ["m".repeat(5000), "m".repeat(500), ""],
});
const to = (size: number | undefined) => ({ role: "developer", model: "ollama/small", size }) as const;

test("the system part is in the order of role, rules, goals, skills, map, and is cut by itself", () => {
  const { text } = fitBrief(system, 100_000);
  expect([...text.matchAll(/^# (\S+)/gm)].map((match) => match[1])).toEqual(["Rules", "Skill:", "Skill:", "The"]);
  const small = fitted({ system, user: [fixedPart("", "short")] }, to(8192));
  const busy = fitted({ system, user: [fixedPart("", "long ".repeat(1500))] }, to(8192));
  expect(busy.system).toBe(small.system);
  expect(small.dropped).toEqual(["skill other (left out)", "repository map (shortened)"]);
});

test("a question that needs the room gets it from the system part", () => {
  const brief = fitted({ system, user: [fixedPart("", "long ".repeat(3600))] }, to(8192));
  expect(brief.system).toBe("You are the developer.");
  expect(brief.user).toHaveLength(17_999);
});

test("with a context that nobody knows, and with a very large one, a question is cut to what is usual", () => {
  const user = [fixedPart("", "task"), part("old words", 10, "w ".repeat(80_000), "")];
  expect(fitted({ system: [], user }, to(undefined)).dropped).toEqual(["old words (left out)"]);
  expect(fitted({ system: [], user }, to(1_000_000)).dropped).toEqual(["old words (left out)"]);
});

test("a question whose least is too large is a person's, with the numbers", () => {
  const ask = () => fitted({ system, user: [fixedPart("", "x".repeat(33_000))] }, to(8192));
  expect(ask).toThrow(StepFailure);
  expect(ask).toThrow(/needs at least 100\d\d tokens; ollama\/small takes 8192, of which 2048 are kept for its reply/);
});
