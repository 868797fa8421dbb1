import { budgetReached, paidOf, type Reservation, shareSpent, spendingOf, worstCase } from "../domain/budget.ts";
import type { JournalEntry } from "../domain/event.ts";
import { priceOf } from "../domain/prices.ts";
import { budgetSpent } from "../domain/run-failures.ts";
import type { RunContext } from "./context.ts";

const DAY = 24 * 60 * 60 * 1000;

/** A question as far as a budget is concerned. */
export interface Cost {
  readonly task: string;
  readonly characters: number;
  /** The model that is to be asked, and the one that takes over when a budget is nearly spent. */
  readonly model: string;
  readonly cheaper: string | undefined;
}

/** Room for one question. */
export interface Reserved {
  readonly model: string;
  /** Why the cheaper model is asked, when it is. */
  readonly steppedDown: string | undefined;
  /** Called once the answer is a fact, or there is none. */
  release(): void;
}

/**
 * Reserves the worst case of a question in every budget that it counts for, shared by the tasks that are worked on at once.
 * @throws StepFailure `budget-spent` when a ceiling would be broken
 */
export async function reserve(cost: Cost, context: RunContext): Promise<Reserved> {
  const { config, purse } = context;
  const { budget, limits } = config;
  const accounts = await accountsOf(cost.task, context);
  const share = shareSpent(budget, accounts);
  const worst = (model: string) => worstCase({ ...cost, answerTokens: limits.answerTokens }, pricing(context)(model));
  const tooMuch = (model: string) => budgetReached(budget, accounts, [...purse.pending], worst(model));
  const why = share >= limits.stepDownAt ? `${Math.round(100 * share)} % of a budget is spent` : noRoom(tooMuch, cost);
  const stepsDown = why !== undefined && cost.cheaper !== undefined && cost.cheaper !== cost.model;
  const model = stepsDown ? (cost.cheaper ?? cost.model) : cost.model;
  const next = worst(model);
  const reached = tooMuch(model);
  if (reached !== undefined) throw budgetSpent(reached);
  return { model, steppedDown: stepsDown ? why : undefined, release: hold(next, context) };
}

function noRoom(tooMuch: (model: string) => string | undefined, { model }: Cost): string | undefined {
  return tooMuch(model) === undefined ? undefined : `a budget has no room for the worst case of ${model}`;
}

function hold(reservation: Reservation, { purse }: RunContext): () => void {
  purse.pending.add(reservation);
  return () => {
    if (purse.pending.delete(reservation)) purse.released++;
  };
}

/** Read again when an answer became a fact meanwhile: it must be counted either as reserved or as spent. */
async function accountsOf(task: string, context: RunContext) {
  const { ports, config, purse } = context;
  const { journal, clock } = ports;
  for (;;) {
    const { released } = purse;
    const [run, now] = [await journal.entries(), clock.now()];
    const today = config.budget.day ? await journal.since(Math.floor(now / DAY) * DAY) : [];
    if (released !== purse.released) continue;
    const own = run.filter(({ event }) => "task" in event && event.task === task);
    const spent = (entries: readonly JournalEntry[]) =>
      spendingOf(entries, pricing(context), { now, current: journal.run });
    return { run: spent(run), task: spent(own), day: spent(paidOf(today)) };
  }
}

function pricing({ config }: RunContext) {
  return (model: string) => {
    const found = priceOf(config, model);
    return found.kind === "known" ? found.price : undefined;
  };
}
