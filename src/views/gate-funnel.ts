import { isFailed, type ResultRow } from "./result-row.ts";
import type { ToldRun } from "./told-run.ts";

export interface GateCount {
  readonly gate: string;
  /** Times that it judged work that was proposed; the same work may be judged again. */
  readonly judged: number;
  readonly refused: number;
  /** Attempts whose end it was. */
  readonly attempts: number;
}

/** How much work came to each gate and how much went on, in the order in which the gates judge; `proposal` is the door before them. */
export function gateFunnel(runs: readonly ToldRun[], rows: readonly ResultRow[]): readonly GateCount[] {
  const listed = runs.flatMap(({ view }) => view.tasks.map(({ gates }) => gates.map(({ gate }) => gate)));
  const seen = runs.map(({ verdicts }) => verdicts.map(({ gate }) => gate));
  const order = [...listed, ...seen].reduce(merged, ["proposal"]);
  return order.flatMap((gate) => {
    const verdicts = runs.flatMap((run) => run.verdicts.filter((one) => one.gate === gate));
    const passed = verdicts.reduce((total, one) => total + one.passed, 0);
    const refused = verdicts.reduce((total, one) => total + one.refused, 0);
    if (passed + refused === 0) return [];
    const name = gate === "proposal" ? "door" : gate;
    const ended = rows.filter((row) => isFailed(row) && row.gate === name).length;
    return { gate, judged: passed + refused, refused, attempts: ended };
  });
}

/** The first order with what only the second one has, each right after the gate that it follows there. */
function merged(order: readonly string[], other: readonly string[]): readonly string[] {
  return other.reduce((sofar, gate, index) => {
    if (sofar.includes(gate)) return sofar;
    const before = other[index - 1];
    const place = before === undefined ? 1 : sofar.indexOf(before) + 1;
    return [...sofar.slice(0, place), gate, ...sofar.slice(place)];
  }, order);
}
