import type { WikiFinding } from "./finding.ts";
import { withIndexEntry } from "./page-text.ts";
import type { WikiPage } from "./wiki-page.ts";
import { INDEX_PAGE } from "./wiki-paths.ts";

/** What can be put right without a model: which findings, in which files, and each file's new text. */
export interface Fixes {
  readonly fixed: readonly WikiFinding[];
  readonly paths: readonly string[];
  write(path: string, before: string): string;
}

/** Takes the findings that have a fix, as far as it changes its file. */
export function applyFixes(findings: readonly WikiFinding[], pages: readonly Pick<WikiPage, "path" | "text">[]): Fixes {
  const texts = new Map(pages.map(({ path, text }) => [path, text] as const));
  const fixed: WikiFinding[] = [];
  for (const finding of findings) {
    const path = targetOf(finding);
    const before = path === undefined ? undefined : texts.get(path);
    if (path === undefined || before === undefined) continue;
    const after = withFix(before, finding);
    if (after === before) continue;
    texts.set(path, after);
    fixed.push(finding);
  }
  const paths = [...new Set(fixed.flatMap((finding) => targetOf(finding) ?? []))].sort();
  const write = (path: string, before: string) =>
    fixed.filter((finding) => targetOf(finding) === path).reduce(withFix, before);
  return { fixed, paths, write };
}

function targetOf({ fix, path }: WikiFinding): string | undefined {
  if (fix === undefined) return undefined;
  return fix.kind === "index" ? INDEX_PAGE : path;
}

function withFix(text: string, { fix, line }: WikiFinding): string {
  if (fix === undefined) return text;
  if (fix.kind === "index") return withIndexEntry(text, fix);
  if (fix.kind === "replace") return text.replaceAll(`\`${fix.from}\``, `\`${fix.to}\``);
  return withLink(text, line, fix);
}

/** Links the first of these words in the paragraph that begins at a line; words that are broken over two lines stay. */
function withLink(text: string, line: number, { words, title }: { words: string; title: string }): string {
  const lines = text.split("\n");
  for (let at = line - 1; at < lines.length && lines[at]?.trim() !== ""; at++) {
    const linked = linkedLine(lines[at] ?? "", words, title);
    if (linked === undefined) continue;
    return [...lines.slice(0, at), linked, ...lines.slice(at + 1)].join("\n");
  }
  return text;
}

function linkedLine(line: string, words: string, title: string): string | undefined {
  const escaped = words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const taken = [...line.matchAll(/`[^`]*`|!?\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\]|\])?/g)];
  for (const match of line.matchAll(new RegExp(`(?<![\\p{L}\\p{N}_-])${escaped}(?![\\p{L}\\p{N}_-])`, "gu"))) {
    const isFree = taken.every(({ index, 0: text }) => match.index < index || match.index >= index + text.length);
    if (!isFree) continue;
    const link = words === title ? `[[${title}]]` : `[[${title}|${words}]]`;
    return line.slice(0, match.index) + link + line.slice(match.index + words.length);
  }
  return undefined;
}
