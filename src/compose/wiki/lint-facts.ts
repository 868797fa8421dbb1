import { addedIn, lastChanges } from "../../adapters/git/system/past.ts";
import { textsOf, wikiFacts } from "../../briefs/wiki-facts.ts";
import type { LintFacts } from "../../domain/wiki/lint.ts";
import type { Then } from "../../domain/wiki/stale.ts";
import type { WikiPage } from "../../domain/wiki/wiki-page.ts";
import { SCHEMA_PAGE } from "../../domain/wiki/wiki-paths.ts";
import type { CommitId } from "../../domain/work.ts";
import type { WikiGround } from "./place.ts";

type Looked = Pick<WikiGround, "git" | "inspection"> & { readonly head: WikiGround["head"] };

/** Everything that the rules of a wiki look at: the tree, what pages cite as it was when they were written, and what is older. */
export async function lintFacts({ git, inspection, head }: Looked): Promise<LintFacts> {
  const facts = await wikiFacts(head.tree, git);
  const last = await lastChanges(inspection, head.commit, ["wiki", "agents"]);
  const written = new Map<string, Then>();
  for (const page of facts.pages) {
    const commit = page.citations.length === 0 ? undefined : await writtenAt(page, last, git);
    if (commit === undefined) continue;
    const cited = [...new Set(page.citations.map(({ path }) => path))];
    written.set(page.path, { commit, texts: Object.fromEntries(await textsOf(cited, commit, git)) });
  }
  return { ...facts, written, older: await olderDecisions({ git, inspection, head }) };
}

async function writtenAt(
  { checked, path }: WikiPage,
  last: ReadonlyMap<string, CommitId>,
  git: WikiGround["git"],
): Promise<CommitId | undefined> {
  const said = checked === undefined ? undefined : await git.resolve(checked).catch(() => undefined);
  return said?.commit ?? last.get(path);
}

async function olderDecisions({ git, inspection, head }: Looked): Promise<ReadonlySet<string>> {
  const begun = await addedIn(inspection, head.commit, SCHEMA_PAGE);
  if (begun === undefined) return new Set();
  return new Set((await git.list(begun)).map(({ path }) => path));
}
