import type { Config } from "../domain/config.ts";
import type { RunView, Tokens } from "./run-view.ts";

export interface ModelCost extends Tokens {
  readonly model: string;
  readonly answers: number;
  /** Undefined when the model has no price. */
  readonly money: number | undefined;
}

export interface Cost {
  readonly models: readonly ModelCost[];
  readonly tokens: Tokens;
  /** False when some counts are estimates. */
  readonly counted: boolean;
  /** Calls that were made once more; the one before may have been paid for. */
  readonly askedAgain: number;
  /** Sum over the models that have a price; undefined when none has. */
  readonly money: number | undefined;
}

/** What a run has cost so far. Prices by model name, per million tokens; cached input is priced as input. */
export function costOf(view: RunView, prices: Config["prices"] = {}): Cost {
  const models = Object.entries(view.totals.tokensByModel).map(
    ([model, used]): ModelCost => ({ model, ...used, money: moneyOf(used, prices[model]) }),
  );
  const priced = models.flatMap(({ money }) => (money === undefined ? [] : [money]));
  return {
    models,
    tokens: view.totals.tokens,
    counted: view.totals.counted,
    askedAgain: view.totals.askedAgain,
    money: priced.length === 0 ? undefined : priced.reduce((sum, money) => sum + money, 0),
  };
}

function moneyOf(used: Tokens, price: Config["prices"][string] | undefined): number | undefined {
  return price && (used.input * price.input + used.output * price.output) / 1_000_000;
}
