import type { Definition, Nodes, Parent, Root, RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { citationOf, citationOfLink } from "./citation.ts";
import { readHead } from "./front-matter.ts";
import type { Block, Citation, PageLink, Section, WikiPage } from "./wiki-page.ts";
import { kindOfPage, WIKI } from "./wiki-paths.ts";

/** Reads a page; any text is a page, and what is wrong with it is for the rules to say. */
export function readPage(path: string, text: string): WikiPage {
  const { body, above, ...head } = readHead(text);
  const tree = fromMarkdown(body);
  const reading: Reading = { path, above, definitions: definitionsOf(tree), links: [], citations: [] };
  const { sections, blocks } = outlineOf(tree, reading);
  const heading = sections.find((section) => section.depth === 1);
  return {
    ...head,
    path,
    kind: kindOfPage(path) ?? "concept",
    text,
    title: heading?.title || nameOf(path),
    titled: heading !== undefined && heading.title !== "",
    sections,
    blocks,
    links: reading.links,
    citations: reading.citations,
  };
}

interface Reading {
  readonly path: string;
  /** Lines of front matter above the body. */
  readonly above: number;
  readonly definitions: ReadonlyMap<string, string>;
  readonly links: PageLink[];
  readonly citations: Citation[];
}

function nameOf(path: string): string {
  return (path.split("/").at(-1) ?? path).replace(/\.md$/, "");
}

function definitionsOf(tree: Root): ReadonlyMap<string, string> {
  const found = tree.children.filter((node): node is Definition => node.type === "definition");
  return new Map(found.map(({ identifier, url }) => [identifier, url]));
}

function outlineOf(tree: Root, reading: Reading): { sections: readonly Section[]; blocks: readonly Block[] } {
  const sections: Mutable<Section>[] = [];
  const blocks: Block[] = [];
  for (const node of leavesOf(tree)) {
    const line = (node.position?.start.line ?? 1) + reading.above;
    const words = wordsOf(node, line, reading);
    if (node.type === "heading") {
      sections.push({ title: words.prose.trim() || words.code.join(" "), depth: node.depth, line, own: 0, all: 0 });
      continue;
    }
    if (node.type === "html") continue;
    blocks.push({ line, section: sections.length - 1, ...words });
    count(sections);
  }
  return { sections, blocks };
}

/** The last heading has one block more, and so has each heading above it. */
function count(sections: Mutable<Section>[]): void {
  let depth = Number.POSITIVE_INFINITY;
  for (const section of [...sections].reverse()) {
    if (section.depth >= depth) continue;
    if (depth === Number.POSITIVE_INFINITY) section.own++;
    section.all++;
    depth = section.depth;
  }
}

/** Headings, paragraphs, code and html of a page in their order, out of lists and quotes. */
function leavesOf(node: Root | RootContent): readonly RootContent[] {
  if (node.type === "root" || node.type === "list" || node.type === "listItem" || node.type === "blockquote")
    return node.children.flatMap(leavesOf);
  return node.type === "definition" || node.type === "thematicBreak" ? [] : [node];
}

type Words = Pick<Block, "prose" | "code" | "terms">;

function wordsOf(node: RootContent, line: number, reading: Reading): Words {
  if (node.type === "code") return { prose: "", code: [], terms: [] };
  const words = { prose: "", code: [] as string[], terms: [] as string[] };
  gather(node, line, words, reading);
  takeNames(words.prose, line, reading);
  return { ...words, prose: words.prose.replace(/\[\[([^\]|]+\|)?([^\]]+)\]\]/g, "$2") };
}

function gather(node: Nodes, line: number, words: Mutable<Words>, reading: Reading): void {
  const at = node.position === undefined ? line : node.position.start.line + reading.above;
  if (node.type === "text") words.prose += node.value;
  else if (node.type === "break") words.prose += "\n";
  else if (node.type === "inlineCode") takeCode(node.value, at, words, reading);
  else if (node.type === "strong") words.terms = [...words.terms, textOf(node).trim()];
  const url = urlOf(node, reading);
  if (url !== undefined) takeLink(url, textOf(node), at, reading);
  if ("children" in node) for (const child of (node as Parent).children) gather(child, at, words, reading);
}

function urlOf(node: Nodes, { definitions }: Reading): string | undefined {
  if (node.type === "link" || node.type === "image") return node.url;
  return node.type === "linkReference" || node.type === "imageReference" ? definitions.get(node.identifier) : undefined;
}

function takeCode(value: string, line: number, words: Mutable<Words>, reading: Reading): void {
  words.code = [...words.code, value];
  words.prose += " ";
  const citation = citationOf(value, line);
  if (citation) reading.citations.push(citation);
}

function takeLink(url: string, text: string, line: number, reading: Reading): void {
  if (url === "" || /^[a-z][a-z0-9+.-]*:/i.test(url) || url.startsWith("//")) return;
  const [address = "", anchor] = plainUrl(url).split("#");
  const target = address === "" ? "" : resolved(reading.path, address.split("?")[0] ?? "");
  reading.links.push({ target, ...(anchor ? { anchor } : {}), text, line, kind: "path" });
  const isCode = target !== "" && !target.startsWith(WIKI) && !target.endsWith(".md");
  if (isCode && /\.\w+$/.test(target)) reading.citations.push(citationOfLink(target, anchor, line));
}

function takeNames(prose: string, line: number, reading: Reading): void {
  for (const [, name = "", text] of prose.matchAll(/\[\[([^\][|]+)(?:\|([^\][]*))?\]\]/g)) {
    const [target = "", anchor] = name.trim().split("#");
    reading.links.push({ target, ...(anchor ? { anchor } : {}), text: text ?? name, line, kind: "name" });
  }
}

function textOf(node: Nodes): string {
  if (node.type === "text" || node.type === "inlineCode") return node.value;
  if (node.type === "image" || node.type === "imageReference") return node.alt ?? "";
  return "children" in node ? (node as Parent).children.map(textOf).join("") : "";
}

function plainUrl(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}

/** A link's path as seen from the repository's root; what climbs out keeps its dots, and names nothing. */
function resolved(from: string, address: string): string {
  if (address.startsWith("/")) return address.slice(1);
  const parts = from.split("/").slice(0, -1);
  for (const part of address.split("/")) {
    if (part === "..") {
      if (parts.length === 0) return address;
      parts.pop();
    } else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };
