import { brokenCitations, uncitedNames } from "./claims.ts";
import { inOrder, type WikiFinding } from "./finding.ts";
import { decisionsWithoutPlan, formOf, formOfWiki, gapsOf, gapsOfWiki } from "./lint-gaps.ts";
import { deadLinks, missingPages, missingReferences, orphans, unlisted } from "./lint-links.ts";
import { staleClaims, type Then } from "./stale.ts";
import type { WikiFacts } from "./wiki-page.ts";
import { WIKI } from "./wiki-paths.ts";

/** What the rules look at beside the tree: its past. */
export interface LintFacts extends WikiFacts {
  /** By page: what it cites, as it was when the page was written. */
  readonly written: ReadonlyMap<string, Then>;
  /** Decisions that were there before the wiki was. */
  readonly older: ReadonlySet<string>;
}

/** Everything that is wrong with a wiki and that a rule can see, without a model; by page and line. */
export function lintWiki(facts: LintFacts): readonly WikiFinding[] {
  return inOrder([
    ...treeFindings(facts),
    ...facts.pages.flatMap((page) => {
      const then = facts.written.get(page.path);
      return then === undefined ? [] : staleClaims(page, then, facts);
    }),
    ...missingPages(facts),
    ...facts.pages.flatMap((page) => missingReferences(page, facts)),
    ...facts.pages.flatMap(gapsOf),
    ...gapsOfWiki(facts),
    ...decisionsWithoutPlan(facts, facts.older),
  ]);
}

/** What one tree alone shows of how a wiki is written: what a gate can judge. Reports tell of their day and stay as they are. */
export function treeFindings(facts: WikiFacts): readonly WikiFinding[] {
  const living = facts.pages.filter(
    ({ kind, path }) => kind !== "report" && (path.startsWith(WIKI) || kind === "context"),
  );
  return [
    ...living.flatMap((page) => deadLinks(page, facts)),
    ...living.filter(({ kind }) => kind !== "log" && kind !== "schema").flatMap((page) => brokenCitations(page, facts)),
    ...living.flatMap((page) => uncitedNames(page, facts)),
    ...orphans(facts),
    ...unlisted(facts),
    ...living.flatMap(formOf),
    ...formOfWiki(facts),
  ];
}
