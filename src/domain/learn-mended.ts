import type { RecordedProposal } from "./learn-history.ts";

/** True when the same maker answered the same task once more, in that run or a later one. */
export function answeredAgain(proposal: RecordedProposal, proposals: readonly RecordedProposal[]): boolean {
  return laterOf(proposal, proposals).length > 0;
}

/**
 * The later answer of the same maker to the same task that came past the gate that refused this one, of several the one that came
 * furthest, then the first; undefined where none did, or where nobody knows how far it came. `gates`: in order, the door first.
 */
export function cameFurther(
  proposal: RecordedProposal,
  proposals: readonly RecordedProposal[],
  gates: readonly string[],
): RecordedProposal | undefined {
  const refused = placeOf((proposal.refusal ?? proposal.setAside)?.gate, gates);
  if (refused === undefined) return undefined;
  let furthest = { place: refused, one: undefined as RecordedProposal | undefined };
  for (const one of laterOf(proposal, proposals)) {
    const place = placeOf(one.refusal?.gate ?? one.until, gates);
    if (place !== undefined && place > furthest.place) furthest = { place, one };
  }
  return furthest.one;
}

/** The texts that an admitted answer left in its task, by path: blobs. What it deleted is not among them. */
export function admittedIn(proposal: RecordedProposal | undefined): ReadonlyMap<string, string> | undefined {
  if (proposal?.result.kind !== "admitted") return undefined;
  const { tests, code } = proposal.result.work;
  return new Map([...tests, ...code].flatMap(({ path, blob }) => (blob === null ? [] : [[path, blob] as const])));
}

function laterOf(proposal: RecordedProposal, proposals: readonly RecordedProposal[]): readonly RecordedProposal[] {
  const { identity, role } = proposal;
  const from = proposals.indexOf(proposal) + 1;
  return proposals.slice(from).filter((one) => one.identity === identity && one.role === role);
}

function placeOf(gate: string | undefined, gates: readonly string[]): number | undefined {
  const place = gates.indexOf(gate ?? "");
  return place < 0 ? undefined : place;
}
