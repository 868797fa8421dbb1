import { describe, expect, it } from "vitest";
import { told } from "../../test/kit/told-run.ts";
import {
  type Accounts,
  budgetReached,
  costOf,
  longestAnswer,
  type Pricing,
  shareSpent,
  spendingOf,
  worstCase,
} from "./budget.ts";

const answered = {
  type: "answered",
  task: "T1",
  role: "developer",
  attempt: 1,
  model: "m",
  usage: { input: 1_000_000, output: 500_000, cached: 0, counted: true },
  reply: "a".repeat(64),
  request: "b".repeat(64),
} as const;

const priced: Pricing = (model) => (model === "m" ? { input: 2, output: 4, cached: 1 } : undefined);
const nothing = { answers: 0, tokens: 0, money: 0, minutes: 0 };
const none: Accounts = { run: nothing, task: nothing, day: nothing };
const next = { task: "T1", answers: 1, tokens: 0, money: 0 };

describe("spending", () => {
  it("counts answers, tokens, money and minutes", () => {
    const spent = spendingOf(told([answered, answered]), priced, { now: 1_000_000 + 120_000 });
    expect(spent).toEqual({ answers: 2, tokens: 3_000_000, money: 8, minutes: 2 });
  });

  it("of a clock that jumps back is nothing, and so is the time between a run's end and its resumption", () => {
    expect(spendingOf(told([answered]), priced, { now: 0 }).minutes).toBe(0);
    const worked = told([answered, answered]);
    const paused = [
      ...worked,
      { ...worked[1]!, seq: 9, at: 1_000_000 + 9e8, key: "resumed", event: { type: "run-resumed", pid: 1 } as const },
    ];
    expect(spendingOf(paused, priced, { now: 1_000_000 + 9e8 + 60_000 }).minutes).toBeLessThan(2);
  });

  it("of several runs does not let the earlier ones go on until now", () => {
    const [first] = told([answered]);
    const other = { ...first!, run: "other", at: 1_000_000 - 60_000 };
    const at = { now: first!.at + 60_000, current: first!.run };
    expect(spendingOf([other, first!], priced, at).minutes).toBe(1);
  });

  it("takes cached input at its own price, and an unknown model as free", () => {
    const usage = { input: 1_000_000, output: 0, cached: 400_000 };
    expect(costOf(usage, { input: 2, output: 4, cached: 1 })).toBeCloseTo(1.6);
    expect(costOf(usage, { input: 2, output: 4 })).toBe(2);
    expect(costOf(usage, undefined)).toBe(0);
  });
});

describe("a budget", () => {
  const spent = { answers: 2, tokens: 3_000_000, money: 8, minutes: 2 };
  const accounts: Accounts = { run: spent, task: spent, day: spent };

  it("is reached by any ceiling of the run, of the task, and of the day", () => {
    expect(budgetReached({}, accounts, [], next)).toBeUndefined();
    expect(budgetReached({ attempts: 3, tokens: 4e6, money: 9, minutes: 3 }, accounts, [], next)).toBeUndefined();
    expect(budgetReached({ attempts: 2 }, accounts, [], next)).toBe("2 model answers");
    expect(budgetReached({ minutes: 2 }, accounts, [], next)).toBe("2 minutes");
    expect(budgetReached({ task: { attempts: 2 } }, accounts, [], next)).toBe("2 model answers in one task");
    expect(budgetReached({ day: { money: 7 } }, accounts, [], next)).toBe("7 in money in a day");
  });

  it("reserves the worst case: of the next request and of all that is on its way", () => {
    const worst = worstCase({ task: "T1", characters: 3000, answerTokens: 500 }, { input: 2, output: 4 });
    expect(worst).toMatchObject({ answers: 1, tokens: 1500 });
    expect(worst.money).toBeCloseTo(0.004);
    expect(budgetReached({ tokens: 1500 }, none, [], worst)).toBeUndefined();
    expect(budgetReached({ tokens: 1499 }, none, [], worst)).toMatch(/1499 tokens \(1499 are left.* 1500\)/);
    expect(budgetReached({ tokens: 2999 }, none, [worst], worst)).toContain("2999 tokens");
    expect(budgetReached({ tokens: 3000 }, none, [worst], worst)).toBeUndefined();
    expect(budgetReached({ money: 0.005 }, none, [worst], worst)).toContain("0.005 in money");
    expect(budgetReached({ attempts: 1 }, none, [worst], worst)).toBe("1 model answers");
    const elsewhere = { ...worst, task: "T2" };
    expect(budgetReached({ task: { tokens: 1500 } }, none, [elsewhere], worst)).toBeUndefined();
    expect(budgetReached({ task: { tokens: 1500 } }, none, [worst], worst)).toContain("in one task");
  });

  it("of tokens or money bounds the answer to what it reserves, within what the prompt leaves of the context", () => {
    const question = { characters: 3000, answerTokens: 8000 };
    expect(longestAnswer({}, question, 4000)).toBeUndefined();
    expect(longestAnswer({ attempts: 3, task: { minutes: 5 } }, question, 4000)).toBeUndefined();
    expect(longestAnswer({ tokens: 1e6 }, question, undefined)).toBe(8000);
    expect(longestAnswer({ day: { money: 1 } }, question, 4000)).toBe(3000);
    expect(longestAnswer({ task: { tokens: 1e6 } }, question, 1024)).toBe(256);
  });

  it("knows the highest share of its ceilings that is spent", () => {
    expect(shareSpent({}, accounts)).toBe(0);
    expect(shareSpent({ attempts: 4, tokens: 4e6 }, accounts)).toBe(0.75);
    expect(shareSpent({ attempts: 4, day: { money: 10 } }, accounts)).toBe(0.8);
  });
});
