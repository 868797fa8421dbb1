import type { Answerer } from "./verdict.ts";

/** Who is asked first when several have to answer: what is free, then who can end the matter, then tests before code. */
const TURNS: readonly Answerer[] = ["mill", "person", "architect", "orchestrator", "tester", "developer", "documenter"];

/** Refusals that only say whose turn it is. */
const EXPECTED = /\/(?:nothing-yet|no-tests-yet|nothing-proposed|no-code)$/;

/** The finding that decides who answers: the first one of whoever's turn it is. */
export function leading<Found extends { readonly answers: string }>(refusal: {
  readonly findings: readonly Found[];
}): Found | undefined {
  const turn = TURNS.find((role) => refusal.findings.some((finding) => finding.answers === role));
  return refusal.findings.find((finding) => finding.answers === turn);
}

/** True for a refusal that nobody has caused: there is no test yet, or no code yet. */
export function isExpected(refusal: {
  readonly findings: readonly { readonly answers: string; readonly rule: string }[];
}): boolean {
  return EXPECTED.test(leading(refusal)?.rule ?? "");
}
