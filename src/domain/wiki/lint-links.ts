import { anchorsOf, pageOfLink } from "./find-page.ts";
import type { WikiFinding } from "./finding.ts";
import type { PageLink, WikiFacts, WikiPage } from "./wiki-page.ts";
import { LOG_FOLDER, WIKI } from "./wiki-paths.ts";

/** Links that lead nowhere. `[[Name]]` without a page is a page that is missing. */
export function deadLinks(page: WikiPage, facts: WikiFacts): readonly WikiFinding[] {
  return page.links.flatMap((link): readonly WikiFinding[] => {
    const at = { path: page.path, line: link.line };
    const target = pageOfLink(page, link, facts);
    if (target === undefined) return missingTarget(link, facts).map((finding) => ({ ...finding, ...at }));
    if (link.anchor === undefined || anchorsOf(target).has(link.anchor.toLowerCase().replace(/\s+/g, "-"))) return [];
    return [{ ...at, kind: "dead-link", message: `${target.path} has no heading #${link.anchor}.` }];
  });
}

function missingTarget(link: PageLink, { paths }: WikiFacts): readonly Omit<WikiFinding, "path" | "line">[] {
  if (link.kind === "name")
    return [{ kind: "missing-page", message: `There is no page for [[${link.target}]].`, quote: link.text }];
  const isThere = paths.includes(link.target) || paths.some((path) => path.startsWith(`${link.target}/`));
  if (isThere) return [];
  const name = link.target.split("/").at(-1);
  const same = paths.filter((path) => path.startsWith(WIKI) && path.split("/").at(-1) === name);
  const [only] = same.length === 1 ? same : [];
  const hint = only === undefined ? "" : ` There is ${only}.`;
  return [{ kind: "dead-link", message: `The link leads to ${link.target}, which is not there.${hint}` }];
}

/** Pages that no page links to; a report has to be in the log or elsewhere. */
export function orphans({ pages }: WikiFacts): readonly WikiFinding[] {
  const linked = new Set(
    pages.flatMap((page) => page.links.flatMap((link) => otherPage(page, link, pages)?.path ?? [])),
  );
  return pages
    .filter(({ kind, path }) => isListed(kind, path) && !linked.has(path))
    .map(({ path, title }) => ({ kind: "orphan", path, line: 1, message: `No page links to "${title}".` }));
}

/** Pages of concepts that are linked to, but not from the index. */
export function unlisted({ pages }: WikiFacts): readonly WikiFinding[] {
  const index = pages.find(({ kind }) => kind === "index");
  if (index === undefined) return [];
  const listed = new Set(index.links.flatMap((link) => pageOfLink(index, link, { pages })?.path ?? []));
  const alone = new Set(orphans({ pages, paths: [], texts: {} }).map(({ path }) => path));
  return pages
    .filter(({ kind, path }) => isListed(kind, path) && kind !== "report" && !listed.has(path) && !alone.has(path))
    .map((page) => ({
      kind: "schema",
      path: page.path,
      line: 1,
      message: `${index.path} does not list "${page.title}".`,
      fix: { kind: "index", path: page.path, title: page.title, summary: summaryOf(page) },
    }));
}

/** The first sentence of a page. */
export function summaryOf({ blocks, title }: WikiPage): string {
  const words = (blocks.find(({ prose }) => prose.trim() !== "")?.prose ?? title).replace(/\s+/g, " ").trim();
  return (/^.+?[.!?](?= |$)/.exec(words)?.[0] ?? words).slice(0, 160);
}

function isListed(kind: WikiPage["kind"], path: string): boolean {
  return kind === "concept" || (kind === "report" && path.startsWith(LOG_FOLDER)) || isOwnDecision(kind, path);
}

function isOwnDecision(kind: WikiPage["kind"], path: string): boolean {
  return kind === "decision" && path.startsWith(WIKI);
}

function otherPage(page: WikiPage, link: PageLink, pages: readonly WikiPage[]): WikiPage | undefined {
  const target = pageOfLink(page, link, { pages });
  return target === page ? undefined : target;
}

/** Titles that any text may hold as plain words. */
const PLAIN_WORDS =
  /^(?:overview|introduction|architecture|design|glossary|index|log|notes?|tests?|testing|readme|decisions?|other|usage|setup|context|history|status|home|page|main)$/i;
const SHORTEST_TITLE = 4;

/** Pages whose name another one says without linking to it anywhere. */
export function missingReferences(page: WikiPage, facts: WikiFacts): readonly WikiFinding[] {
  if (page.kind !== "concept") return [];
  const linked = new Set(page.links.flatMap((link) => pageOfLink(page, link, facts)?.path ?? []));
  const others = facts.pages.filter(({ kind, path }) => kind === "concept" && path !== page.path && !linked.has(path));
  return others.flatMap((other): readonly WikiFinding[] => {
    const said = mentionOf(page, [other.title, ...other.aliases]);
    if (said === undefined || other.title.toLowerCase() === page.title.toLowerCase()) return [];
    const message = `It says "${said.words}" and does not link to ${other.path}.`;
    const fix = { kind: "link", words: said.words, title: other.title } as const;
    return [{ kind: "missing-reference", path: page.path, line: said.line, message, quote: said.words, fix }];
  });
}

function mentionOf(page: WikiPage, names: readonly string[]): { words: string; line: number } | undefined {
  for (const name of names) {
    if (name.length < SHORTEST_TITLE || PLAIN_WORDS.test(name) || page.title.toLowerCase().includes(name.toLowerCase()))
      continue;
    const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/[\s_-]+/g, "[\\s_-]+");
    const pattern = new RegExp(`(?<![\\p{L}\\p{N}_-])${escaped}s?(?![\\p{L}\\p{N}_-])`, "iu");
    for (const { prose, line } of page.blocks) {
      const words = pattern.exec(prose)?.[0];
      if (words !== undefined) return { words, line };
    }
  }
  return undefined;
}

const FEWEST_PAGES = 2;
const TERM = /^[\p{L}][\p{L}\p{N} '-]{2,40}$/u;

/** Terms that several pages emphasise, and that no page is about. */
export function missingPages({ pages }: WikiFacts): readonly WikiFinding[] {
  const concepts = pages.filter(({ kind }) => kind === "concept");
  const known = new Set(concepts.flatMap(({ title, aliases }) => [title, ...aliases]).map(single));
  const said = new Map<string, { path: string; line: number; term: string; pages: Set<string> }>();
  for (const { path, blocks } of concepts)
    for (const { terms, line } of blocks)
      for (const term of terms.filter((one) => TERM.test(one))) {
        const entry = said.get(single(term)) ?? { path, line, term, pages: new Set<string>() };
        entry.pages.add(path);
        said.set(single(term), entry);
      }
  return [...said].flatMap(([name, { path, line, term, pages: on }]): readonly WikiFinding[] => {
    if (on.size < FEWEST_PAGES || known.has(name)) return [];
    const message = `${on.size} pages emphasise "${term}", and none is about it.`;
    return [{ kind: "missing-page", path, line, message, quote: term }];
  });
}

function single(term: string): string {
  return term.toLowerCase().replace(/\s+/g, " ").replace(/s$/, "");
}
