export const WIKI_FINDING_KINDS = [
  "orphan",
  "dead-link",
  "missing-page",
  "missing-reference",
  "stale-claim",
  "contradiction",
  "data-gap",
  "schema",
  "decision",
] as const;
export type WikiFindingKind = (typeof WIKI_FINDING_KINDS)[number];

/** How the mill itself puts something right: without a model, and without a choice. */
export type WikiFix =
  | { readonly kind: "replace"; readonly from: string; readonly to: string }
  | { readonly kind: "link"; readonly words: string; readonly title: string }
  | { readonly kind: "index"; readonly path: string; readonly title: string; readonly summary: string };

/** One thing that is wrong with a wiki. */
export interface WikiFinding {
  readonly kind: WikiFindingKind;
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly message: string;
  /** The page's words, where they matter. */
  readonly quote?: string;
  /** The other side of a contradiction. */
  readonly against?: { readonly path: string; readonly line: number; readonly quote: string };
  readonly fix?: WikiFix;
}

/** By page and line. */
export function inOrder(findings: readonly WikiFinding[]): readonly WikiFinding[] {
  const place = ({ path, line }: WikiFinding) => `${path}\n${String(line).padStart(7, "0")}`;
  return [...findings].sort((one, two) => (place(one) < place(two) ? -1 : 1));
}

/** `wiki/page.md:3 stale-claim: …`. */
export function findingLine({ path, line, kind, message }: WikiFinding): string {
  return `${path}:${line} ${kind}: ${message}`;
}
