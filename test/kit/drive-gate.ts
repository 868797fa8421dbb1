import type { Gate, TaskState } from "../../src/domain/gate.ts";
import { type Need, needKey, type Sights } from "../../src/domain/need.ts";
import type { Verdict } from "../../src/domain/verdict.ts";
import type { GateEntry } from "../../src/domain/workflow.ts";

/** What is seen for a need. */
export type Look = (need: Need) => Sights[keyof Sights];

/** How a gate was driven. */
export interface Driven {
  readonly verdict: Verdict;
  readonly needs: readonly Need[];
}

const MOST_ROUNDS = 50;

/**
 * Runs a gate to its fixpoint, as the engine does: look at the first thing that is unseen, ask again.
 * @throws Error when it does not settle within 50 rounds, or asks for less than it did before
 */
export function driveGate(gate: Gate, state: TaskState, look: Look, entry?: Partial<GateEntry>): Driven {
  const listed = { gate: gate.name, ...entry } as GateEntry;
  const seen = new Map<string, unknown>();
  let before: readonly string[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const needs = gate.needs(state, seen, listed);
    const keys = needs.map(needKey);
    const forgotten = before.filter((key) => !keys.includes(key));
    if (forgotten.length > 0) throw new Error(`${gate.name} asked for less than before: ${forgotten.length} need(s)`);
    before = keys;
    const missing = needs.find((need) => !seen.has(needKey(need)));
    if (!missing) return { verdict: gate.judge(state, seen, listed), needs };
    seen.set(needKey(missing), look(missing));
  }
  throw new Error(`${gate.name} does not settle within ${MOST_ROUNDS} rounds`);
}

/** Rules that refuse, or nothing when the gate passes. */
export function rules(driven: Driven): readonly string[] {
  return driven.verdict.kind === "pass" ? [] : [...new Set(driven.verdict.findings.map((finding) => finding.rule))];
}

/** Who has to answer, in order of the findings. */
export function answerers(driven: Driven): readonly string[] {
  return driven.verdict.kind === "pass" ? [] : [...new Set(driven.verdict.findings.map((finding) => finding.answers))];
}

/** What a pass remarks, in one text. */
export function notes(driven: Driven): string {
  return driven.verdict.kind === "pass" ? driven.verdict.notes.join("\n") : "";
}

type Seen<Kind extends Need["see"]> = (need: Extract<Need, { see: Kind }>) => Sights[Kind];

/** Answers each kind of need with what is said for it. */
export function looking(by: { readonly [Kind in Need["see"]]?: Seen<Kind> }): Look {
  return (need) => {
    const see = by[need.see] as Seen<typeof need.see> | undefined;
    if (!see) throw new Error(`nobody said what is seen for ${need.see}`);
    return see(need as never);
  };
}
