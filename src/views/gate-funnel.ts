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
  const longest = listed.reduce((best, gates) => (gates.length > best.length ? gates : best), []);
  const seen = runs.flatMap(({ verdicts }) => verdicts.map(({ gate }) => gate));
  const order = [...new Set(["proposal", ...longest, ...seen])];
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
