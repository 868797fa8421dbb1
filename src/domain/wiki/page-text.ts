import { timeText } from "../time-text.ts";
import { DOMAIN_FOLDER, SYSTEM_FOLDER } from "./wiki-paths.ts";

/** What a new page of a concept says; every text is one or more Markdown paragraphs without headings. */
export interface Concept {
  readonly title: string;
  readonly folder: "domain" | "system";
  /** One sentence: it opens the page and stands in the index. */
  readonly summary: string;
  readonly sections?: readonly { readonly title: string; readonly text: string }[];
  /** Places in the code, as `src/a.ts:10-20` or `src/a.ts#name`. */
  readonly cites?: readonly string[];
  /** Titles of other pages. */
  readonly related?: readonly string[];
  /** `wiki/sources/<file> sha256:<digest>`, for what a source says. */
  readonly sources?: readonly string[];
  /** A plan's file that it came from. */
  readonly plan?: string;
}

export interface PageText {
  readonly path: string;
  readonly text: string;
}

/** The page of a concept, as the wiki's schema wants it. */
export function conceptPage(concept: Concept): PageText {
  const { title, summary, sections = [], cites = [], related = [], sources = [], plan } = concept;
  const head = [
    ...(plan === undefined ? [] : [`plan: ${JSON.stringify(plan)}`]),
    ...(sources.length === 0 ? [] : ["sources:", ...sources.map((source) => `  - ${source}`)]),
  ];
  const parts = [
    ...(head.length === 0 ? [] : [`---\n${head.join("\n")}\n---`]),
    `# ${oneLine(title)}`,
    summary.trim(),
    ...sections.map((section) => `## ${oneLine(section.title)}\n\n${section.text.trim()}`),
    ...(cites.length === 0 ? [] : [`## In the code\n\n${cites.map((cite) => `- \`${oneLine(cite)}\``).join("\n")}`]),
    ...(related.length === 0 ? [] : [`## See also\n\n${related.map((one) => `- [[${oneLine(one)}]]`).join("\n")}`]),
  ];
  return { path: conceptPath(concept), text: `${parts.join("\n\n")}\n` };
}

/** `wiki/10_DOMAIN/<name>.md` or `wiki/20_SYSTEM/<name>.md`, the name in lower case with hyphens. */
export function conceptPath({ folder, title }: Pick<Concept, "folder" | "title">): string {
  return `${folder === "domain" ? DOMAIN_FOLDER : SYSTEM_FOLDER}${fileNameOf(title)}.md`;
}

/** A title as a file's name, at most 60 characters. */
export function fileNameOf(title: string): string {
  const name = title
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 60)
    .replace(/^-+|-+$/g, "");
  return name === "" ? "page" : name;
}

export interface IndexEntry {
  readonly path: string;
  readonly title: string;
  readonly summary: string;
}

const HEADINGS = { "10_DOMAIN": "Domain", "20_SYSTEM": "System", "90_LOG": "Log" } as const;

/** The index with a line for the page at the end of its folder's section, which is made when it is missing; a page that it has stays. */
export function withIndexEntry(index: string, { path, title, summary }: IndexEntry): string {
  const link = path.replace(/^wiki\//, "");
  if (index.includes(`](${link})`)) return index;
  const end = index.includes("\r\n") ? "\r\n" : "\n";
  const folder = link.split("/")[0] ?? "";
  const heading = HEADINGS[folder as keyof typeof HEADINGS] ?? "Other";
  const line = `- [${oneLine(title)}](${link}): ${oneLine(summary)}`;
  const lines = (index === "" ? "# Index" : index).replace(/\r\n/g, "\n").replace(/\n+$/, "").split("\n");
  const start = lines.findIndex((text) => text.trim() === `## ${heading}`);
  if (start < 0) return [...lines, "", `## ${heading}`, "", line, ""].join(end);
  const next = lines.findIndex((text, at) => at > start && /^##? /.test(text));
  const stop = next < 0 ? lines.length : next;
  let last = stop;
  while (last > start + 1 && lines[last - 1]?.trim() === "") last--;
  const gap = last === start + 1 ? ["", line] : [line];
  return [...lines.slice(0, last), ...gap, ...(stop < lines.length ? [""] : []), ...lines.slice(stop), ""].join(end);
}

export interface LogEntry {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** One word: `init`, `ingest`, `query`, `lint`, `document`, `run`, `audit`. */
  readonly kind: string;
  readonly title: string;
  /** Lines below the heading. */
  readonly lines?: readonly string[];
}

/** The log with the entry at its end, unless it ends with the same entry already. */
export function withLogEntry(log: string, { at, kind, title, lines = [] }: LogEntry): string {
  const end = log.includes("\r\n") ? "\r\n" : "\n";
  const heading = `## [${timeText(at).slice(0, 10)}] ${kind} | ${oneLine(title)}`;
  const entry = [heading, ...(lines.length === 0 ? [] : ["", ...lines])].join(end);
  const before = (log === "" ? "# Log" : log).replace(/\s+$/, "");
  return before.endsWith(entry) ? `${before}${end}` : `${before}${end}${end}${entry}${end}`;
}

/** An entry's heading: date, kind and title; undefined when it is none. */
export function readLogHeading(title: string): { date: string; kind: string; title: string } | undefined {
  const [, date, kind, rest] = /^\[(\d{4}-\d{2}-\d{2})\] ([a-z][a-z-]*) \| (\S.*)$/.exec(title.trim()) ?? [];
  return date === undefined || kind === undefined || rest === undefined ? undefined : { date, kind, title: rest };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
