import { digestOf } from "../digest.ts";
import type { WikiFinding } from "./finding.ts";
import { readLogHeading } from "./page-text.ts";
import type { WikiFacts, WikiPage } from "./wiki-page.ts";
import { DOMAIN_FOLDER, INDEX_PAGE, LOG_PAGE, SCHEMA_PAGE, SOURCES_FOLDER, SYSTEM_FOLDER } from "./wiki-paths.ts";

const UNWRITTEN = /\b(?:TODO|TBD|FIXME|XXX)\b|\?\?\?|\bto be (?:written|done|decided|documented)\b|\bcoming soon\b/;
const CODE = /\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|rb|php|cs|vue|svelte|c|cpp|swift)$/;

/** What a page leaves open: sections without words, and words that promise some. */
export function gapsOf({ kind, path, sections, blocks, text }: WikiPage): readonly WikiFinding[] {
  if (kind !== "concept" && kind !== "context") return [];
  if (blocks.length === 0) return [{ kind: "data-gap", path, line: 1, message: "The page says nothing." }];
  const empty = sections
    .filter(({ all, depth }) => all === 0 && depth > 1)
    .map(({ title, line }) => ({ kind: "data-gap" as const, path, line, message: `"${title}" says nothing.` }));
  const open = blocks.flatMap(({ prose, line }): readonly WikiFinding[] => {
    const words = UNWRITTEN.exec(prose)?.[0];
    return words === undefined
      ? []
      : [{ kind: "data-gap", path, line, message: `It leaves something open: "${words}".` }];
  });
  return text.trim() === "" ? [] : [...empty, ...open];
}

/** Folders that hold no page though there is code, and sources that nobody uses or that are no longer what they were. */
export function gapsOfWiki({ pages, paths, texts }: WikiFacts): readonly WikiFinding[] {
  const gap = (path: string, message: string): WikiFinding => ({ kind: "data-gap", path, line: 1, message });
  const isFilled = (folder: string) => pages.some(({ path }) => path.startsWith(folder));
  const hasCode = paths.some((path) => CODE.test(path) && !path.startsWith("wiki/"));
  const empty = [DOMAIN_FOLDER, SYSTEM_FOLDER]
    .filter((folder) => hasCode && !isFilled(folder))
    .map((folder) => gap(INDEX_PAGE, `${folder} holds no page, though there is code.`));
  const used = new Set(pages.flatMap(({ sources }) => sources.map(({ path }) => path)));
  const unused = paths
    .filter((path) => path.startsWith(SOURCES_FOLDER) && !path.endsWith(".gitkeep") && !used.has(path))
    .map((path) => gap(path, "No page was made from this source."));
  const other = pages.flatMap((page) =>
    page.sources.flatMap(({ path, sha256 }): readonly WikiFinding[] => {
      const text = texts[path];
      if (!paths.includes(path)) return [gap(page.path, `It was made from ${path}, which is not there.`)];
      if (text === undefined || digestOf(text) === sha256) return [];
      return [gap(page.path, `${path} is not what it was made from: its digest is another one.`)];
    }),
  );
  return [...empty, ...unused, ...other];
}

/** How a page is written, whatever it says. */
export function formOf(page: WikiPage): readonly WikiFinding[] {
  const { path, kind, problems, titled, sections } = page;
  const wrong = (line: number, message: string): WikiFinding => ({ kind: "schema", path, line, message });
  const tops = sections.filter(({ depth }) => depth === 1);
  return [
    ...problems.map(({ line, message }) => wrong(line, `Front matter: ${message}`)),
    ...(kind === "concept" && !titled ? [wrong(1, "It has no heading of the first level.")] : []),
    ...(kind === "concept" ? tops.slice(1).map(({ line }) => wrong(line, "It has a second title.")) : []),
    ...(kind === "log" ? logForm(page) : []),
  ];
}

function logForm({ path, sections }: WikiPage): readonly WikiFinding[] {
  let latest = "";
  return sections
    .filter(({ depth }) => depth === 2)
    .flatMap(({ title, line }): readonly WikiFinding[] => {
      const read = readLogHeading(title);
      const wrong = (message: string): readonly WikiFinding[] => [{ kind: "schema", path, line, message }];
      if (read === undefined) return wrong(`"${title}" is not \`[YYYY-MM-DD] kind | Title\`.`);
      if (read.date < latest) return wrong(`It is dated ${read.date}, after an entry of ${latest}.`);
      latest = read.date;
      return [];
    });
}

/** The files that every wiki has, and titles that mean two pages. */
export function formOfWiki({ pages, paths }: WikiFacts): readonly WikiFinding[] {
  const missing = [SCHEMA_PAGE, INDEX_PAGE, LOG_PAGE]
    .filter((path) => !paths.includes(path))
    .map((path): WikiFinding => ({ kind: "schema", path, line: 1, message: "It is missing." }));
  const concepts = pages.filter(({ kind }) => kind === "concept");
  const first = new Map<string, string>();
  const twice = concepts.flatMap(({ path, title }): readonly WikiFinding[] => {
    const other = first.get(title.toLowerCase());
    if (other === undefined) first.set(title.toLowerCase(), path);
    return other === undefined ? [] : [{ kind: "schema", path, line: 1, message: `${other} has the same title.` }];
  });
  return [...missing, ...twice];
}

/** Decisions that name no plan; `older` were made before there was a wiki. */
export function decisionsWithoutPlan({ pages, paths }: WikiFacts, older: ReadonlySet<string>): readonly WikiFinding[] {
  return pages
    .filter(({ kind, path }) => kind === "decision" && !older.has(path))
    .flatMap(({ path, plan, text }): readonly WikiFinding[] => {
      if (plan !== undefined && /^none\b/.test(plan)) return [];
      const named = [...(plan === undefined ? [] : [plan]), ...(text.match(/\bplans\/[\w.-]+\.md\b/g) ?? [])];
      if (named.some((one) => paths.includes(one))) return [];
      const message =
        named.length === 0
          ? "It names no plan: write `plan: plans/<file>.md`, or `plan: none (why)`, into its front matter."
          : `It names the plan ${named[0]}, which is not there.`;
      return [{ kind: "decision", path, line: 1, message }];
    });
}
