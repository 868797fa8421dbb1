import type { Gate, TaskState } from "../gate.ts";
import { type Need, type Seen, sight } from "../need.ts";
import { codeMaker } from "../task-state.ts";
import { type Finding, pass, verdictOf } from "../verdict.ts";
import type { WikiFinding } from "../wiki/finding.ts";
import { changedBlocks } from "../wiki/kept-block.ts";
import { treeFindings } from "../wiki/lint.ts";
import type { WikiFacts, WikiPage } from "../wiki/wiki-page.ts";
import {
  CONTEXT_PAGE,
  kindOfPage,
  LOG_FOLDER,
  LOG_PAGE,
  SCHEMA_PAGE,
  SOURCES_FOLDER,
  WIKI,
} from "../wiki/wiki-paths.ts";

/**
 * The wiki after a piece of documentation: links resolve, what is said of code is there, no page is lost, the schema is kept.
 * What was wrong before is not this work's matter.
 */
export const wiki: Gate = {
  name: "wiki",
  kinds: ["docs"],
  needs(state, seen) {
    const { changes, before, after } = needsOf(state);
    return touched(state, seen).length === 0 ? [changes] : [changes, before, after];
  },
  judge(state, seen) {
    const paths = touched(state, seen);
    if (paths.length === 0) return pass();
    const { before, after } = needsOf(state);
    const [was, is] = [sight(seen, before), sight(seen, after)];
    if (!was || !is) return verdictOf([finding(state, "wiki/not-seen", "Nobody has looked at the wiki.")]);
    return verdictOf([
      ...paths.flatMap((path) => ownFindings(state, path)),
      ...lostPages(state, was, is),
      ...changedPages(was, is).flatMap(([old, page]) => lostWords(state, old, page)),
      ...newFindings(treeFindings(was), treeFindings(is)).map((one) => refused(state, one)),
      ...unusedSources(state, is),
    ]);
  },
};

type NeedOf<Kind extends Need["see"]> = Extract<Need, { see: Kind }>;

function needsOf({ work }: TaskState): { changes: NeedOf<"changes">; before: NeedOf<"wiki">; after: NeedOf<"wiki"> } {
  return {
    changes: { see: "changes", from: work.base.tree, to: work.trees.work },
    before: { see: "wiki", tree: work.base.tree },
    after: { see: "wiki", tree: work.trees.work },
  };
}

/** Paths of the wiki and the context page that the work changes. */
function touched(state: TaskState, seen: Seen): readonly string[] {
  const changes = sight(seen, needsOf(state).changes) ?? [];
  return changes.map(({ path }) => path).filter((path) => path.startsWith(WIKI) || path === CONTEXT_PAGE);
}

/** What the mill and people write themselves. */
function ownFindings(state: TaskState, path: string): readonly Finding[] {
  const isKept =
    path === SCHEMA_PAGE || path === LOG_PAGE || [LOG_FOLDER, SOURCES_FOLDER].some((folder) => path.startsWith(folder));
  if (isKept)
    return [finding(state, "wiki/kept", `${path} is written by the mill or by people: leave it as it is.`, { path })];
  if (kindOfPage(path) !== undefined) return [];
  return [finding(state, "wiki/not-a-page", `${path} is no Markdown page: the wiki holds nothing else.`, { path })];
}

function lostPages(state: TaskState, was: WikiFacts, is: WikiFacts): readonly Finding[] {
  const there = new Set(is.pages.map(({ path }) => path));
  const gone = was.pages.filter(({ path }) => !there.has(path) && !state.task.deletes.includes(path));
  return gone.map(({ path }) => finding(state, "wiki/page-lost", `The page ${path} would be lost.`, { path }));
}

function changedPages(was: WikiFacts, is: WikiFacts): readonly (readonly [WikiPage, WikiPage])[] {
  const old = new Map(was.pages.map((page) => [page.path, page] as const));
  return is.pages.flatMap((page) => {
    const before = old.get(page.path);
    return before === undefined || before.text === page.text ? [] : [[before, page] as const];
  });
}

/** A page that is written anew keeps most of what it said, and every block that the mill writes. */
function lostWords(state: TaskState, before: WikiPage, { path, text }: WikiPage): readonly Finding[] {
  const blocks = changedBlocks(before.text, text).map((name) =>
    finding(
      state,
      "wiki/block",
      `The block \`millwright:${name}\` of ${path} is written by the mill: keep it to the letter.`,
      { path },
    ),
  );
  const [had, has] = [wordsIn(before.text), wordsIn(text)];
  if (had < FEWEST_WORDS || has * 2 >= had) return blocks;
  const message = `${path} would lose more than half of its words (${had} before, ${has} after): change what is wrong and keep the rest.`;
  return [...blocks, finding(state, "wiki/page-gutted", message, { path })];
}

const FEWEST_WORDS = 40;

function wordsIn(text: string): number {
  return text.split(/\s+/).length;
}

/** Findings that the base did not have, wherever their lines are now. */
function newFindings(was: readonly WikiFinding[], is: readonly WikiFinding[]): readonly WikiFinding[] {
  const key = ({ kind, path, message }: WikiFinding) => JSON.stringify([kind, path, message]);
  const known = new Set(was.map(key));
  return is.filter((one) => !known.has(key(one)));
}

function refused(state: TaskState, { kind, path, line, message, quote }: WikiFinding): Finding {
  return finding(state, `wiki/${kind}`, `${path}: ${message}`, { path, line, ...(quote ? { evidence: quote } : {}) });
}

/** A source that the task is about has to be the source of a page. */
function unusedSources(state: TaskState, { pages, paths }: WikiFacts): readonly Finding[] {
  const used = new Set(pages.flatMap(({ sources }) => sources.map(({ path }) => path)));
  const wanted = paths.filter((path) => path.startsWith(SOURCES_FOLDER) && state.task.purpose.includes(path));
  return wanted
    .filter((path) => !used.has(path))
    .map((path) =>
      finding(state, "wiki/source", `No page names ${path} under \`sources:\` in its front matter, with its sha256.`),
    );
}

function finding(
  state: TaskState,
  rule: string,
  message: string,
  at: Pick<Finding, "path" | "line" | "evidence"> = {},
): Finding {
  return { rule, answers: codeMaker(state), message, ...at };
}
