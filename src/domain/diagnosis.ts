import type { Answered } from "./answered.ts";

const MOST = 6;

/** What was tried for a task and why it was refused, for whoever begins anew: each different refusal once, with its count. */
export function diagnosisOf(role: string, history: readonly Answered[]): string {
  const tried = history.filter((answer) => answer.role === role && answer.outcome !== "impossible");
  const groups = new Map<string, { gate: string; said: string; times: number }>();
  for (const { signature, gate, said } of tried) {
    const before = groups.get(signature);
    groups.set(signature, { gate, said, times: (before?.times ?? 0) + 1 });
  }
  const lines = [...groups.values()].slice(-MOST).map(({ gate, said, times }) => {
    const often = times === 1 ? "once" : `${times} times`;
    return `- asked ${often} to answer ${gate}: ${said}`;
  });
  return [
    `${tried.length} answers were given and none was enough:`,
    ...lines,
    "Small changes to those answers did not help. Look for the cause they have in common, and begin anew.",
  ].join("\n");
}
