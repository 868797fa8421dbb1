import { tokensOf } from "../brief-parts.ts";
import type { FinderReport } from "./signal.ts";
import type { ImportGraph, SourceFile } from "./source.ts";
import { fanIn, neighboursOf } from "./source.ts";

/** Files that are shown together in one question. */
export interface Portion {
  readonly paths: readonly string[];
  readonly tokens: number;
}

/** A file that the auditor does not see, and why. */
export interface Unread {
  readonly path: string;
  readonly why: string;
}

export interface Reading {
  readonly portions: readonly Portion[];
  readonly unread: readonly Unread[];
}

export interface ReadingRoom {
  /** Tokens of all portions, and of each. */
  readonly tokens: number;
  readonly each: number;
}

/** A candidate for reading: code, tests, pages. */
export interface Readable {
  readonly path: string;
  readonly text: string;
  readonly isTest: boolean;
  /** A page of the wiki or a document, not code. */
  readonly isPage: boolean;
}

/**
 * What is read, in which order and together with what: files that tools pointed at, that have changed, that many others use
 * come first, each with its test; pages of the wiki come with the first. A file is read whole or not at all.
 */
export function readingOf(files: readonly Readable[], known: Known, room: ReadingRoom): Reading {
  const near = known.changed && nearOf(known.changed, known.graph);
  const filled = files.filter(({ text }) => text.trim() !== "");
  const isNear = ({ path, isPage: page }: Readable) => near === undefined || near.has(path) || page;
  const wanted = filled.filter(isNear);
  const far = filled.filter((file) => !isNear(file));
  const unread: Unread[] = far.map(({ path }) => ({ path, why: "it has not changed, nor is it next to what has" }));
  const portions: OpenPortion[] = [];
  let left = room.tokens;
  for (const file of groupsOf(wanted, { ...known, scores: scoresOf(wanted, known) }).flat()) {
    const tokens = shownTokens(file);
    const why = whyLeftOut(tokens, left, room);
    if (why === undefined) {
      left -= tokens;
      put(file.path, tokens, { portions, each: room.each });
    } else unread.push({ path: file.path, why });
  }
  return { portions, unread: unread.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** With its heading and the numbers of its lines. */
function shownTokens({ text }: Readable): number {
  return tokensOf(text) + 20 + Math.ceil(text.split("\n").length * 1.5);
}

function whyLeftOut(tokens: number, left: number, { each }: ReadingRoom): string | undefined {
  if (tokens > each) return `it is longer than one question (about ${tokens} tokens)`;
  return tokens > left ? "the budget of tokens was spent (limits.auditTokens)" : undefined;
}

interface OpenPortion {
  readonly paths: string[];
  tokens: number;
}

function put(path: string, tokens: number, { portions, each }: { portions: OpenPortion[]; each: number }): void {
  const last = portions.at(-1);
  if (last && last.tokens + tokens <= each) {
    last.paths.push(path);
    last.tokens += tokens;
  } else portions.push({ paths: [path], tokens });
}

/** What has changed, what imports it, and what it imports. */
function nearOf(changed: ReadonlySet<string>, graph: ImportGraph): ReadonlySet<string> {
  return new Set([...changed].flatMap((path) => [path, ...neighboursOf(path, graph)]));
}

interface Known {
  readonly graph: ImportGraph;
  readonly reports: readonly FinderReport[];
  readonly changed?: ReadonlySet<string> | undefined;
}

function scoresOf(files: readonly Readable[], { graph, reports, changed }: Known): ReadonlyMap<string, number> {
  const users = fanIn(graph);
  const hits = new Map<string, number>();
  for (const { file } of reports.flatMap(({ signals }) => signals)) hits.set(file, (hits.get(file) ?? 0) + 1);
  return new Map(
    files.map(({ path, text }) => {
      const size = Math.min(4, text.length / 4_000);
      const score = 3 * Math.min(5, hits.get(path) ?? 0) + Math.min(8, users.get(path) ?? 0) + size;
      return [path, score + (changed?.has(path) ? 20 : 0)];
    }),
  );
}

/** Pages first, then each file of code with the tests that import it. */
function groupsOf(
  files: readonly Readable[],
  { graph, scores }: { readonly graph: ImportGraph; readonly scores: ReadonlyMap<string, number> },
): readonly (readonly Readable[])[] {
  const score = ({ path }: Readable) => scores.get(path) ?? 0;
  const ordered = [...files].sort((a, b) => score(b) - score(a) || (a.path < b.path ? -1 : 1));
  const pages = ordered.filter(({ isPage }) => isPage);
  const taken = new Set(pages.map(({ path }) => path));
  const tests = ordered.filter(({ isTest }) => isTest);
  const groups: (readonly Readable[])[] = [pages];
  for (const file of ordered.filter(({ isTest, isPage }) => !isTest && !isPage)) {
    const own = tests.filter(({ path }) => !taken.has(path) && graph.get(path)?.has(file.path)).slice(0, 2);
    for (const { path } of [file, ...own]) taken.add(path);
    groups.push([file, ...own]);
  }
  return [...groups, tests.filter(({ path }) => !taken.has(path))];
}

/** Files that are no text, too large, generated or foreign, and so on. */
export function whyUnreadable(path: string, size: number | undefined): string | undefined {
  if (
    /(?:^|\/)(?:node_modules|dist|build|out|coverage|vendor|\.venv|venv|__pycache__|\.git)\/|\.min\.(?:js|css)$/.test(
      path,
    )
  )
    return "it is generated or foreign";
  if (
    /(?:^|\/)(?:package-lock\.json|yarn\.lock|pnpm-lock\.yaml|uv\.lock|poetry\.lock|Cargo\.lock|go\.sum)$|\.snap$|\.map$/.test(
      path,
    )
  )
    return "it is generated or foreign";
  if (size === undefined) return "it is no text";
  return size > LARGEST ? `it has ${Math.round(size / 1024)} KiB` : undefined;
}

const LARGEST = 200_000;

/** Pages that an audit reads: what the repository knows of itself. Specs are wishes, not facts, and are not read. */
export function isPage(path: string): boolean {
  return /^(?:wiki\/.*\.md|agents\/(?:CONTEXT|LANGUAGE|GOALS)\.md|docs\/.*\.md|README\.md|CONTEXT\.md)$/i.test(path);
}

export function isSource(path: string): boolean {
  return /\.(?:[cm]?[jt]sx?|vue|svelte|py|go|rs|java|kt|rb|php|cs|swift|scala|c|h|cc|cpp|hpp|sh|html?|css)$/.test(path);
}

/** Files as the auditor's question needs them. */
export function readables(
  sources: readonly SourceFile[],
  pages: readonly { readonly path: string; readonly text: string }[],
) {
  return [
    ...sources.map(({ path, text, isTest }) => ({ path, text, isTest, isPage: false })),
    ...pages.map(({ path, text }) => ({ path, text, isTest: false, isPage: true })),
  ];
}
