import type { JournalEntry } from "./event.ts";
import type { Budget, Ceilings } from "./limits.ts";
import type { Price } from "./model-config.ts";

/** What has been spent. A call that was interrupted may have been paid twice and is counted twice. */
export interface Spending {
  readonly answers: number;
  readonly tokens: number;
  readonly money: number;
  readonly minutes: number;
}

/** The facts of runs that models answered: a replay of a recording costs nothing. */
export function paidOf(entries: readonly JournalEntry[]): readonly JournalEntry[] {
  const replays = entries.filter(({ event }) => event.type === "run-started" && event.replayed);
  const free = new Set(replays.map(({ run }) => run));
  return entries.filter(({ run }) => !free.has(run));
}

/** Price of a model by its name in the config; undefined: nobody knows, and it counts as free. */
export type Pricing = (model: string) => Price | undefined;

/** Folds facts, of one run or of several, into what was spent; `now` in milliseconds since 1970, for the run `current`. */
export function spendingOf(
  entries: readonly JournalEntry[],
  priceOf: Pricing,
  at: { readonly now: number; readonly current?: string },
): Spending {
  let answers = 0;
  let tokens = 0;
  let money = 0;
  for (const { event } of entries) {
    if (event.type === "asked-again") answers++;
    if (event.type !== "answered") continue;
    answers++;
    tokens += event.usage.input + event.usage.output;
    money += costOf(event.usage, priceOf(event.model));
  }
  const runs = [...new Set(entries.map((entry) => entry.run))];
  const worked = runs.map((run) => {
    const own = entries.filter((entry) => entry.run === run);
    const end = at.current === undefined || at.current === run ? at.now : (own.at(-1)?.at ?? at.now);
    return workedFor(own, end);
  });
  return { answers, tokens, money, minutes: worked.reduce((sum, one) => sum + one, 0) / 60_000 };
}

/** Cost of a call in the currency of the price; cached input tokens are part of `input`. */
export function costOf(
  usage: { readonly input: number; readonly output: number; readonly cached: number },
  price: Price | undefined,
): number {
  if (price === undefined) return 0;
  const cached = Math.min(usage.cached, usage.input);
  const input = (usage.input - cached) * price.input + cached * (price.cached ?? price.input);
  return (input + usage.output * price.output) / 1e6;
}

/** Milliseconds that a run was worked on: the time between its end and its resumption is nobody's. */
function workedFor(entries: readonly JournalEntry[], now: number): number {
  let total = 0;
  let before = entries[0]?.at ?? now;
  for (const { at, event } of entries) {
    if (event.type !== "run-resumed") total += Math.max(0, at - before);
    before = at;
  }
  return total + Math.max(0, now - before);
}

/** The worst case of a request: reserved from before it is sent until its answer is a fact. */
export interface Reservation {
  readonly task: string;
  readonly answers: number;
  readonly tokens: number;
  readonly money: number;
}

/** What a question may cost at most: its characters as tokens, at 3 a token, and the longest answer. */
export function worstCase(
  question: { readonly task: string; readonly characters: number; readonly answerTokens: number },
  price: Price | undefined,
): Reservation {
  const input = inputTokens(question.characters);
  const usage = { input, output: question.answerTokens, cached: 0 };
  return { task: question.task, answers: 1, tokens: input + question.answerTokens, money: costOf(usage, price) };
}

/** A budget with the ceilings of another laid over it, scope by scope. */
export function withCeilings(budget: Budget, changes: Budget): Budget {
  const { task, day, ...run } = changes;
  return {
    ...budget,
    ...run,
    ...(task === undefined ? {} : { task: { ...budget.task, ...task } }),
    ...(day === undefined ? {} : { day: { ...budget.day, ...day } }),
  };
}

/**
 * Longest answer that a model may give, in tokens: what a budget of tokens or money reserves for it, within the room that
 * the prompt leaves of its context. Undefined where nothing counts them: then the backend's own limit holds.
 */
export function longestAnswer(
  budget: Budget,
  question: { readonly characters: number; readonly answerTokens: number },
  context: number | undefined,
): number | undefined {
  const scopes = [budget, budget.task, budget.day];
  if (!scopes.some((one) => one?.tokens !== undefined || one?.money !== undefined)) return undefined;
  const left = context === undefined ? question.answerTokens : context - inputTokens(question.characters);
  return Math.max(LEAST_ANSWER, Math.min(question.answerTokens, left));
}

/** Tokens that an answer gets however full the context is. */
const LEAST_ANSWER = 256;

/** Tokens of a prompt at most, at 3 characters a token. */
function inputTokens(characters: number): number {
  return Math.ceil(characters / 3);
}

/** What was spent in each of the scopes that a budget knows. */
export interface Accounts {
  readonly run: Spending;
  readonly task: Spending;
  readonly day: Spending;
}

const SCOPES = [
  { name: "run", words: "" },
  { name: "task", words: " in one task" },
  { name: "day", words: " in a day" },
] as const;

/** Which ceiling the next request would break if it and all that is on its way cost the most they can; in words. */
export function budgetReached(
  budget: Budget,
  accounts: Accounts,
  pending: readonly Reservation[],
  next: Reservation,
): string | undefined {
  for (const { name, words } of SCOPES) {
    const ceilings = name === "run" ? budget : budget[name];
    const others = name === "task" ? pending.filter((one) => one.task === next.task) : pending;
    const reached = ceilings && ceilingReached(ceilings, accounts[name], [...others, next]);
    if (reached !== undefined) return `${reached.ceiling}${words}${reached.why}`;
  }
  return undefined;
}

function ceilingReached(ceilings: Ceilings, spent: Spending, open: readonly Reservation[]) {
  const sum = (of: (one: Reservation) => number) => open.reduce((total, one) => total + of(one), 0);
  const { attempts, tokens, money, minutes } = ceilings;
  if (minutes !== undefined && spent.minutes >= minutes) return { ceiling: `${minutes} minutes`, why: "" };
  if (attempts !== undefined && spent.answers + sum((one) => one.answers) > attempts)
    return { ceiling: `${attempts} model answers`, why: "" };
  if (tokens !== undefined && spent.tokens + sum((one) => one.tokens) > tokens)
    return {
      ceiling: `${tokens} tokens`,
      why: leftFor(
        tokens - spent.tokens,
        sum((one) => one.tokens),
        "",
      ),
    };
  if (money !== undefined && spent.money + sum((one) => one.money) > money)
    return {
      ceiling: `${money} in money`,
      why: leftFor(
        money - spent.money,
        sum((one) => one.money),
        " in money",
      ),
    };
  return undefined;
}

/** Nothing when the ceiling itself is reached. */
function leftFor(left: number, worst: number, unit: string): string {
  if (left <= 0) return "";
  const amount = (value: number) => (unit === "" ? Math.round(value) : Number(value.toPrecision(3)));
  return ` (${amount(left)} are left, and the requests on their way may take ${amount(worst)}${unit})`;
}

/** The highest share of any ceiling that is spent, 0 when there is none. */
export function shareSpent(budget: Budget, accounts: Accounts): number {
  const shares = SCOPES.flatMap(({ name }) => {
    const ceilings = name === "run" ? budget : budget[name];
    const spent = accounts[name];
    if (ceilings === undefined) return [];
    const pairs = [
      [spent.answers, ceilings.attempts],
      [spent.tokens, ceilings.tokens],
      [spent.money, ceilings.money],
      [spent.minutes, ceilings.minutes],
    ] as const;
    return pairs.map(([amount, ceiling]) => (ceiling === undefined ? 0 : amount / ceiling));
  });
  return Math.max(0, ...shares);
}
