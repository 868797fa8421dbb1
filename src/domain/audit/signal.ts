import { type Claimed, type FindingKind, ranked, type Weights } from "./audit-finding.ts";
import type { SourceFile } from "./source.ts";

/** What a tool saw at a place, without having asked a model. */
export interface Signal extends Claimed {
  readonly by: Finder;
}

export const FINDERS = [
  "coverage",
  "dead code",
  "duplicates",
  "dependencies",
  "types",
  "complexity",
  "todo",
  "documentation",
  "modules",
] as const;
export type Finder = (typeof FINDERS)[number];

/** What one tool came to. */
export interface FinderReport {
  readonly finder: Finder;
  /** How it looked, in a few words; why it did not, where it could not. */
  readonly how: string;
  /** The weightiest first, at most `MOST_SIGNALS`. */
  readonly signals: readonly Signal[];
  /** How many there are in all. */
  readonly found: number;
}

export const MOST_SIGNALS = 12;

/** A finder's report, cut to what is worth a look. */
export function reportOfSignals(finder: Finder, how: string, signals: readonly Signal[]): FinderReport {
  return { finder, how, signals: ranked(signals).slice(0, MOST_SIGNALS), found: signals.length };
}

export interface Place {
  readonly file: SourceFile;
  readonly from: number;
  readonly to?: number;
}

/** A signal at lines of a file; the first three of them are quoted. */
export function signalAt(
  place: Place,
  said: { readonly by: Finder; readonly kind: FindingKind; readonly claim: string; readonly weights: Weights },
): Signal {
  const { file, from } = place;
  const to = Math.max(from, place.to ?? from);
  const quote = file.text
    .split(/\r?\n/)
    .slice(from - 1, Math.min(to, from + 2))
    .join("\n");
  const { by, kind, claim, weights } = said;
  return { by, kind, claim, file: file.path, lines: { from, to: Math.min(to, from + 2) }, quote, ...weights };
}

/** Impact, effort, risk, confidence. */
export function weights(
  impact: Weights["impact"],
  effort: Weights["effort"],
  risk: Weights["risk"],
  confidence: Weights["confidence"],
): Weights {
  return { impact, effort, risk, confidence };
}
