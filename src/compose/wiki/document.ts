import { commitBefore, commitsSince, meantCommit } from "../../adapters/git/system/past.ts";
import { redact } from "../../domain/redact.ts";
import { InputError } from "../../domain/step-failure.ts";
import {
  changesText,
  earlierText,
  FIRST_COMMITS,
  lastDocumented,
  type RecentChanges,
  readingReport,
  recentChanges,
} from "../../domain/wiki/recent-changes.ts";
import { LOG_PAGE } from "../../domain/wiki/wiki-paths.ts";
import type { CommitId, TreeId } from "../../domain/work.ts";
import type { RunEnd, Watch } from "../../mill.ts";
import { pursueDocs } from "./docs-run.ts";
import { needWiki, onGround, type WikiGround, type WikiPlace } from "./place.ts";
import type { DocumentEnd, DocumentOptions, WikiLoop } from "./wiki-door.ts";

/** What is documented: from where, up to which commit, and where it goes. */
interface Span {
  readonly since?: string | undefined;
  /** Undefined: the commit that is checked out. */
  readonly to?: CommitId;
  readonly land?: string | undefined;
}

/**
 * Reads what has changed, within a budget, and lets the documenter bring wiki and context page up to date. Log and report are the
 * mill's own. @throws InputError when there is no wiki, or when `since` is neither a revision nor a time
 */
export async function documentIn(
  span: Span & DocumentOptions,
  place: WikiPlace,
  loop: WikiLoop,
  watch: Watch,
): Promise<DocumentEnd> {
  const changes = await onGround(place, (ground) => changesOf(span, place, ground));
  if (changes.commits.length === 0) return { kind: "nothing", since: changes.from ?? "the beginning" };
  const run = await pursueDocs(
    {
      name: "document",
      title: `Document what changed up to ${changes.to.slice(0, 12)}`,
      purpose: `Bring the wiki up to date with the commits below: \`wiki/20_SYSTEM/\` first, \`wiki/10_DOMAIN/\` where the business's words changed, \`agents/CONTEXT.md\` when the architecture did. Correct what they made false, begin pages of what is new.`,
      shown: redact(changesText(changes)),
      accept: [
        "The pages say what these commits changed, as far as somebody who uses or changes the code has to know it",
        "No page says what these commits made false",
      ],
      base: changes.to,
      land: span.land,
      body: readingReport(changes),
    },
    place,
    loop,
    watch,
  );
  const unread = changes.unread.map(({ path }) => path);
  const earlier = changes.first ? { earlier: earlierText() } : {};
  return { kind: "documented", ...run, read: changes.read, unread, ...earlier };
}

async function changesOf(span: Span, place: WikiPlace, ground: WikiGround): Promise<RecentChanges> {
  const { git, inspection, head } = ground;
  const to = span.to === undefined ? head : await git.resolve(span.to);
  if (to === undefined) throw new InputError([`There is no commit ${span.to}.`]);
  needWiki({ paths: (await git.list(to.tree)).map(({ path }) => path) });
  const { from, first } = await fromOf(span, to, ground);
  const commits = (await commitsSince(inspection, from, to.commit)).filter(({ paths }) => paths.some(isNews));
  const before = from === undefined ? await emptied(to.tree, git) : (await git.resolve(from))?.tree;
  const diff = commits.length === 0 ? "" : await git.diff(before ?? to.tree, to.tree, 5);
  return recentChanges({ from, to: to.commit, commits, first }, diff, place.config.limits.wikiCharacters);
}

/** Wiki, context page and plans are no news to the documenter. */
function isNews(path: string): boolean {
  return !/^(?:wiki|plans|agents)\//.test(path);
}

async function fromOf(
  { since }: Span,
  to: WikiGround["head"],
  { git, inspection }: WikiGround,
): Promise<{ readonly from: CommitId | undefined; readonly first: boolean }> {
  const log = since === undefined ? ((await git.read(to.tree, LOG_PAGE)) ?? "") : "";
  const last = lastDocumented(log);
  const known = last === undefined ? undefined : await git.resolve(last).catch(() => undefined);
  if (known !== undefined) return { from: known.commit, first: false };
  if (since === undefined) {
    const from = await commitBefore(inspection, to.commit, FIRST_COMMITS);
    return { from, first: from !== undefined };
  }
  const meant = await meantCommit(inspection, to.commit, since);
  if (meant === undefined)
    throw new InputError([`--since ${since} is neither a revision nor a time such as "1 week" or 2026-11-01.`]);
  return { from: meant === "nothing" ? undefined : meant, first: false };
}

/** The tree without files: what everything is new to. */
async function emptied(tree: TreeId, git: WikiGround["git"]): Promise<TreeId> {
  const all = await git.list(tree);
  return git.layOver(
    tree,
    all.map(({ path }) => ({ path, blob: null, mode: "100644" as const })),
  );
}

/** Documents what a run has landed, on its own branch, when the config says so; what goes wrong there is no matter of the run's. */
export async function documentAfter<End extends RunEnd>(
  running: Promise<End>,
  given: { readonly land?: string | undefined },
  { place, loop, watch }: { place: WikiPlace; loop: WikiLoop; watch: Watch },
): Promise<End> {
  const end = await running;
  const { config, store } = place;
  if (config.document === "off" || end.outcome.kind !== "done" || watch.signal.aborted) return end;
  const started = (await store.open(end.run).find("started")) ?? undefined;
  const branch = end.outcome.branch;
  const base = started?.type === "run-started" ? started.base.commit : undefined;
  const land = given.land ?? (config.land === undefined ? branch : undefined);
  await documentIn({ since: base, to: branch, land }, place, loop, watch).catch(() => undefined);
  return end;
}
