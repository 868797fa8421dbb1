import type { Finding } from "./verdict.ts";

/** One file as a maker proposes it. */
export interface ProposedText {
  readonly path: string;
  /** As it stands at the task's base; undefined when it is new. */
  readonly base: string | undefined;
  /** Null when it is deleted. */
  readonly after: string | null;
}

/** One place that a correction has changed: the lines as the maker wrote them, and as they are now. */
export interface CorrectionChange {
  readonly id: string;
  readonly path: string;
  /** 1-based line in the corrected file. */
  readonly line: number;
  readonly before: string;
  readonly after: string;
}

/** What the corrections made of a proposal. */
export interface Corrected {
  readonly files: readonly ProposedText[];
  /** In the order in which they were applied; `times` counts the places. */
  readonly applied: readonly { readonly correction: string; readonly path: string; readonly times: number }[];
  /** The places that were changed, as far as they are worth telling. */
  readonly changes: readonly CorrectionChange[];
  /** What a correction refuses (`reject a path`), with the correction's own words. */
  readonly findings: readonly Finding[];
  /** What was left out and why: a correction that would break a file, or undo another one. */
  readonly notes: readonly string[];
}

/** What the journal keeps of it; undefined when there is nothing to tell. */
export function appliedOf({ applied, notes, changes }: Corrected) {
  if (applied.length === 0 && notes.length === 0) return undefined;
  const corrections = applied.map(({ correction, path, times }) => ({ id: correction, path, times }));
  return {
    corrections,
    ...(changes.length === 0 ? {} : { changes: [...changes] }),
    ...(notes.length === 0 ? {} : { notes: [...notes] }),
  };
}

/** A correction that is switched on: its id, and the digest of its file. */
export interface ActiveCorrection {
  readonly id: string;
  readonly digest: string;
}
