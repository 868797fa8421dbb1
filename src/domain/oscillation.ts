import type { Answered } from "./answered.ts";
import { digestOfValue } from "./digest.ts";
import type { Refusal } from "./verdict.ts";

/** Trees of the answers that were admitted, in order. */
function treesOf(answers: readonly Answered[]): readonly string[] {
  return answers.flatMap((answer) => answer.tree ?? []);
}

/**
 * The work goes back and forth: its last trees are two that take turns, each of them `times` times (A-B-A-B is twice). Three
 * different trees, or one that stays, are none.
 */
export function oscillates(answers: readonly Answered[], times: number): boolean {
  const last = treesOf(answers).slice(-2 * times);
  const [first, second] = last;
  if (last.length < 2 * times || first === second) return false;
  return last.every((tree, at) => tree === (at % 2 === 0 ? first : second));
}

/** One tree, `times` answers long, and what fails in it is what failed before: nothing that was answered changed anything. */
export function standsStill(refusal: Refusal, answers: readonly Answered[], times: number): boolean {
  const last = treesOf(answers).slice(-times);
  if (last.length < times || new Set(last).size > 1) return false;
  return answers.findLast((answer) => answer.tree !== undefined)?.failures === failingSet(refusal);
}

/** Names the set of findings of a refusal: the same findings in another order have the same name. */
export function failingSet(refusal: Refusal): string {
  const lines = refusal.findings.map(({ rule, path, message }) => `${rule}|${path ?? ""}|${message}`);
  return digestOfValue([refusal.gate, [...new Set(lines)].sort()]).slice(0, 16);
}
