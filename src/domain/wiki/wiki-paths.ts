import type { Task } from "../task.ts";

export const WIKI = "wiki/";
export const SCHEMA_PAGE = "wiki/00_SCHEMA.md";
export const INDEX_PAGE = "wiki/index.md";
export const LOG_PAGE = "wiki/log.md";
export const DOMAIN_FOLDER = "wiki/10_DOMAIN/";
export const SYSTEM_FOLDER = "wiki/20_SYSTEM/";
export const LOG_FOLDER = "wiki/90_LOG/";
/** What pages were made from, kept unchanged. */
export const SOURCES_FOLDER = "wiki/sources/";
export const CONTEXT_PAGE = "agents/CONTEXT.md";
const DECISIONS = ["docs/decisions/", "wiki/20_SYSTEM/decisions/"];

/** What the documenter may write; the schema, the log and the sources are the mill's or a person's. */
export const DOCUMENTER_FILES: readonly string[] = [
  INDEX_PAGE,
  `${DOMAIN_FOLDER}**`,
  `${SYSTEM_FOLDER}**`,
  CONTEXT_PAGE,
];

/** True when a tree has a wiki: its schema stands there. */
export function hasWiki(paths: readonly string[]): boolean {
  return paths.includes(SCHEMA_PAGE);
}

/** What a file of the wiki is for; `undefined`: it is none of it. */
export type PageKind = "schema" | "index" | "log" | "report" | "concept" | "context" | "decision";

/** Markdown of the wiki without its sources, the context page, and architecture decisions. */
export function kindOfPage(path: string): PageKind | undefined {
  if (path === CONTEXT_PAGE) return "context";
  if (!path.endsWith(".md") || path.startsWith(SOURCES_FOLDER)) return undefined;
  if (DECISIONS.some((folder) => path.startsWith(folder)) && /(?:^|\/)\d{3,4}-[^/]+\.md$/.test(path)) return "decision";
  if (!path.startsWith(WIKI)) return undefined;
  if (path === SCHEMA_PAGE) return "schema";
  if (path === INDEX_PAGE) return "index";
  if (path === LOG_PAGE) return "log";
  return path.startsWith(LOG_FOLDER) ? "report" : "concept";
}

/** True for a task that writes nothing but the wiki and the context page: the gate `wiki` is its check. */
export function isWikiTask({ kind, files, deletes, moves }: Task): boolean {
  const isOfWiki = (path: string) => path.startsWith(WIKI) || path === CONTEXT_PAGE;
  return kind === "docs" && moves.length === 0 && files.length > 0 && [...files, ...deletes].every(isOfWiki);
}
