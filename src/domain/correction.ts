import type { Finding } from "./verdict.ts";

/** One file as a maker proposes it. */
export interface ProposedText {
  readonly path: string;
  /** As it stands at the task's base; undefined when it is new. */
  readonly base: string | undefined;
  /** Null when it is deleted. */
  readonly after: string | null;
}

/** What the corrections made of a proposal. */
export interface Corrected {
  readonly files: readonly ProposedText[];
  /** In the order in which they were applied; `times` counts the places. */
  readonly applied: readonly { readonly correction: string; readonly path: string; readonly times: number }[];
  /** What a correction refuses (`reject a path`), with the correction's own words. */
  readonly findings: readonly Finding[];
  /** What was left out and why: a correction that would break a file, or undo another one. */
  readonly notes: readonly string[];
}

/** What the journal keeps of it; undefined when there is nothing to tell. */
export function appliedOf({ applied, notes }: Corrected) {
  if (applied.length === 0 && notes.length === 0) return undefined;
  const corrections = applied.map(({ correction, path, times }) => ({ id: correction, path, times }));
  return notes.length === 0 ? { corrections } : { corrections, notes: [...notes] };
}

/** A correction that is switched on: its id, and the digest of its file. */
export interface ActiveCorrection {
  readonly id: string;
  readonly digest: string;
}
