import type { Price } from "../domain/model-config.ts";
import { costOf } from "./cost.ts";
import type { ToldRun } from "./told-run.ts";

/** What everything has cost, with what failed. */
export interface Bill {
  readonly landed: number;
  readonly tokens: number;
  /** Undefined when no model that answered has a price. */
  readonly money: number | undefined;
  /** Undefined before anything has landed. */
  readonly tokensPerLanded: number | undefined;
  readonly moneyPerLanded: number | undefined;
  /** Active time of all runs. */
  readonly seconds: number;
  readonly secondsPerLanded: number | undefined;
  /** Models that answered and have no price: `money` is too low by what they cost. */
  readonly unpriced: readonly string[];
}

/** The bill of all runs: plans, judges and refused work are in it. Prices by model, per million tokens. */
export function billOf(runs: readonly ToldRun[], prices: Readonly<Record<string, Price>>): Bill {
  const costs = runs.map(({ view }) => costOf(view, prices));
  const landed = runs.reduce((total, { view }) => total + view.landed.length, 0);
  const tokens = costs.reduce((total, cost) => total + cost.tokens.input + cost.tokens.output, 0);
  const priced = costs.flatMap(({ money }) => (money === undefined ? [] : [money]));
  const money = priced.length === 0 ? undefined : priced.reduce((total, one) => total + one, 0);
  const seconds = Math.round(runs.reduce((total, { view }) => total + view.activeMilliseconds, 0) / 1000);
  const models = costs.flatMap((cost) => cost.models.filter((one) => one.money === undefined));
  const each = (amount: number | undefined) => (landed === 0 || amount === undefined ? undefined : amount / landed);
  return {
    landed,
    tokens,
    money,
    tokensPerLanded: each(tokens),
    moneyPerLanded: each(money),
    seconds,
    secondsPerLanded: each(seconds),
    unpriced: [...new Set(models.map(({ model }) => model))],
  };
}
