import type { JournalEntry } from "./event.ts";
import type { Budget } from "./limits.ts";
import type { Price } from "./model-config.ts";

/** What a run has spent so far. A call that was interrupted may have been paid twice and is counted twice. */
export interface Spending {
  readonly answers: number;
  readonly tokens: number;
  readonly money: number;
  readonly minutes: number;
}

/** Folds the facts of a run into what it has spent; `now` in milliseconds since 1970. */
export function spendingOf(
  entries: readonly JournalEntry[],
  prices: Readonly<Record<string, Price>>,
  now: number,
): Spending {
  let answers = 0;
  let tokens = 0;
  let money = 0;
  for (const { event } of entries) {
    if (event.type === "asked-again") answers++;
    if (event.type !== "answered") continue;
    answers++;
    tokens += event.usage.input + event.usage.output;
    const price = prices[event.model];
    if (price) money += (event.usage.input * price.input + event.usage.output * price.output) / 1e6;
  }
  return { answers, tokens, money, minutes: workedFor(entries, now) / 60_000 };
}

/** Milliseconds that the run was worked on: the time between its end and its resumption is nobody's. */
function workedFor(entries: readonly JournalEntry[], now: number): number {
  let total = 0;
  let before = entries[0]?.at ?? now;
  for (const { at, event } of entries) {
    if (event.type !== "run-resumed") total += Math.max(0, at - before);
    before = at;
  }
  return total + Math.max(0, now - before);
}

/** Which ceiling is reached, in words; undefined while there is room. */
export function budgetReached(budget: Budget, spent: Spending): string | undefined {
  if (budget.attempts !== undefined && spent.answers >= budget.attempts) return `${budget.attempts} model answers`;
  if (budget.tokens !== undefined && spent.tokens >= budget.tokens) return `${budget.tokens} tokens`;
  if (budget.money !== undefined && spent.money >= budget.money) return `${budget.money} in money`;
  if (budget.minutes !== undefined && spent.minutes >= budget.minutes) return `${budget.minutes} minutes`;
  return undefined;
}
