import type { Refusal } from "./verdict.ts";

/** What the gates say of a proposal when they judge it again. */
export type Rejudged =
  /** `unasked`: gates that need a model's word, which is not asked for again. */
  | { readonly kind: "passes"; readonly unasked: readonly string[] }
  /** `hindsight`: its own gates let it pass, and with the code that landed for its task it is refused. */
  | { readonly kind: "refused"; readonly refusal: Refusal; readonly hindsight?: true }
  | { readonly kind: "unjudged"; readonly why: string };

/** What a correction does to one recorded proposal. */
export type Effect = "helped" | "still-refused" | "still-passes" | "broken" | "unjudged" | "left-out";

/** One recorded proposal that a correction changes. */
export interface EvidenceRow {
  /** `run/task/role/attempt`. */
  readonly proposal: string;
  readonly title: string;
  readonly effect: Effect;
  /** What it was without the correction: the gate that refused it and the rule, or `passed`. */
  readonly before: string;
  /** What it is with it; or why it could not be judged. */
  readonly after: string;
}

/** What a correction does to all recorded proposals. */
export interface Evidence {
  /** Proposals that were looked at. */
  readonly recorded: number;
  /** Those that it does not change. */
  readonly untouched: number;
  /** Those that cannot be read any more, or are of another repository. */
  readonly unreadable: number;
  readonly rows: readonly EvidenceRow[];
}

/** Whether people are asked about a candidate, and if not, why. */
export type Standing = "offered" | "breaks" | "helps-nothing" | "unfinished";

/** Compares the same proposal without and with a correction. */
export function effectOf(before: Rejudged, after: Rejudged): Effect {
  if (before.kind === "unjudged" || after.kind === "unjudged") return "unjudged";
  if (before.kind === "refused") return after.kind === "passes" ? "helped" : "still-refused";
  return after.kind === "passes" ? "still-passes" : "broken";
}

/** One line of what the gates said. */
export function saidOf(judged: Rejudged): string {
  if (judged.kind === "unjudged") return judged.why;
  if (judged.kind === "passes")
    return judged.unasked.length === 0 ? "passed" : `passed (not asked again: ${judged.unasked.join(", ")})`;
  const first = judged.refusal.findings[0];
  const where = judged.hindsight ? `${judged.refusal.gate}, with the code that landed` : judged.refusal.gate;
  return `refused by ${where}: ${first?.rule ?? ""}`;
}

export function countOf(evidence: Evidence, effect: Effect): number {
  return evidence.rows.filter((row) => row.effect === effect).length;
}

/** A candidate is offered when it has turned a refusal into a pass, has broken nothing, and nothing that passed is left out. */
export function standingOf(evidence: Evidence): Standing {
  if (countOf(evidence, "broken") > 0) return "breaks";
  if (evidence.rows.some((row) => row.effect === "left-out" && row.before === "passed")) return "unfinished";
  if (countOf(evidence, "helped") > 0) return "offered";
  return countOf(evidence, "left-out") > 0 ? "unfinished" : "helps-nothing";
}

/**
 * Whether a correction should be switched off, and why; undefined when it earns its place. `suspended`: tasks (`run/task`) in which it
 * was left out because what it wrote was refused again; one alone may be another's fault, and counts only beside what it breaks.
 */
export function retirementOf(
  evidence: Evidence,
  fewest: number,
  suspended: readonly string[] = [],
): string | undefined {
  const [helped, broken] = [countOf(evidence, "helped"), countOf(evidence, "broken")];
  const seen = evidence.rows.filter(({ effect }) => effect === "broken").map(({ proposal }) => proposal);
  const left = suspended.filter((task) => !seen.some((proposal) => proposal.startsWith(`${task}/`)));
  const breaks = `it breaks ${broken} recorded proposal(s)`;
  if (left.length > 0 && broken + left.length > Math.max(helped, 1))
    return `${breaks}, was left out of ${left.length} more task(s) because what it wrote was refused again, and helps ${helped}`;
  if (broken > helped) return `${breaks} and helps ${helped}`;
  if (evidence.rows.length === 0 && evidence.untouched >= fewest)
    return `it changed none of the last ${evidence.untouched} recorded proposals`;
  return undefined;
}
