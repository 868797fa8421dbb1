import { describe, expect, it } from "vitest";
import { told } from "../../test/kit/told-run.ts";
import { budgetReached, spendingOf } from "./budget.ts";

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

describe("a budget", () => {
  const spent = spendingOf(told([answered, answered]), { m: { input: 2, output: 4 } }, 1_000_000 + 120_000);

  it("counts answers, tokens, money and minutes", () => {
    expect(spent).toEqual({ answers: 2, tokens: 3_000_000, money: 8, minutes: 2 });
  });

  it("is reached by any of its ceilings, and a clock that jumps back costs nothing", () => {
    expect(budgetReached({}, spent)).toBeUndefined();
    expect(budgetReached({ attempts: 3, tokens: 4e6, money: 9, minutes: 3 }, spent)).toBeUndefined();
    expect(budgetReached({ attempts: 2 }, spent)).toBe("2 model answers");
    expect(budgetReached({ tokens: 3e6 }, spent)).toContain("tokens");
    expect(budgetReached({ money: 8 }, spent)).toContain("money");
    expect(budgetReached({ minutes: 2 }, spent)).toContain("minutes");
    expect(spendingOf(told([answered]), {}, 0).minutes).toBe(0);
  });

  it("does not count the time between a run's end and its resumption", () => {
    const worked = told([answered, answered]);
    const paused = [
      ...worked,
      { ...worked[1]!, seq: 9, at: 1_000_000 + 9e8, key: "resumed", event: { type: "run-resumed", pid: 1 } as const },
    ];
    expect(spendingOf(paused, {}, 1_000_000 + 9e8 + 60_000).minutes).toBeLessThan(2);
  });
});
