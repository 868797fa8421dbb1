import { describe, expect, test } from "vitest";
import { InputError, StepFailure } from "../../domain/step-failure.ts";
import { exitCodeOf, exitCodeOfError } from "./exit-code.ts";
import { parseBudget, parseModel } from "./options.ts";
import { mayRedraw, wantsColor } from "./terminal.ts";

describe("--budget", () => {
  test("takes any of the four ceilings", () => {
    expect(parseBudget("attempts=20, minutes=1.5,tokens=1e6,money=2")).toEqual({
      attempts: 20,
      minutes: 1.5,
      tokens: 1_000_000,
      money: 2,
    });
  });

  test.each([
    "",
    "attempts",
    "attempts=",
    "attempts=0",
    "attempts=1.5",
    "tokens=-1",
    "minutes=soon",
    "dollars=2",
    "money=Infinity",
  ])("refuses %j", (text) => expect(() => parseBudget(text)).toThrow());
});

test("--model takes a model for a role, or for all", () => {
  expect(parseModel("developer=ollama/qwen:14b", parseModel("mailbox"))).toEqual({
    default: "mailbox",
    developer: "ollama/qwen:14b",
  });
  expect(() => parseModel("developer=")).toThrow();
});

test("a budget has ceilings for one task and for a day, too", () => {
  expect(parseBudget("tokens=5, task.attempts=2,day.money=1.5,day.tokens=1e6")).toEqual({
    tokens: 5,
    task: { attempts: 2 },
    day: { money: 1.5, tokens: 1_000_000 },
  });
  expect(() => parseBudget("week.tokens=5")).toThrow(/with `task.` or `day.` before it/);
});

test("exit codes follow the outcome", () => {
  const reason = "";
  const codes = [
    { kind: "done", branch: "b" } as const,
    ...(["stuck", "waiting", "stopped", "cancelled"] as const).map((kind) => ({ kind, reason })),
  ];
  expect(codes.map((outcome) => exitCodeOf(outcome))).toEqual([0, 1, 3, 4, 130]);
});

test("exit codes follow what could not be done", () => {
  const failure = (code: "cancelled" | "budget-spent" | "disk-full") =>
    new StepFailure("m", { code, remedy: "stop", hint: "h" });
  const problems = [
    new InputError(["x"]),
    failure("cancelled"),
    failure("budget-spent"),
    failure("disk-full"),
    new TypeError("x"),
    "x",
  ];
  expect(problems.map(exitCodeOfError)).toEqual([2, 130, 3, 4, 70, 70]);
});

test("colours: NO_COLOR, then FORCE_COLOR, then the terminal", () => {
  expect(wantsColor({}, true)).toBe(true);
  expect(wantsColor({}, false)).toBe(false);
  expect(wantsColor({ NO_COLOR: "1", FORCE_COLOR: "1" }, true)).toBe(false);
  expect(wantsColor({ NO_COLOR: "" }, true)).toBe(true);
  expect(wantsColor({ FORCE_COLOR: "1" }, false)).toBe(true);
  expect(wantsColor({ FORCE_COLOR: "0" }, true)).toBe(false);
  expect(wantsColor({ TERM: "dumb" }, true)).toBe(false);
});

test("redrawing needs a person at a terminal", () => {
  expect([
    mayRedraw({}, true),
    mayRedraw({}, false),
    mayRedraw({ CI: "true" }, true),
    mayRedraw({ TERM: "dumb" }, true),
  ]).toEqual([true, false, false, false]);
});
