import { diffArrays } from "diff";
import { applyEdits } from "./edit-ladder.ts";
import { parseReply } from "./reply-parse.ts";
import { splitLines } from "./text-lines.ts";

/** What stands at a path of an agent's copy: a text, something that no reply can carry, or nothing. */
export type AgentFile =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "other"; readonly what: "binary" | "link" | "special" }
  | { readonly kind: "none" };

/** One path that an agent changed. */
export interface AgentChange {
  readonly path: string;
  readonly before: AgentFile;
  readonly after: AgentFile;
}

/** The changes as a reply of a maker, or why they cannot be one. */
export type ChangesProposal =
  | { readonly kind: "proposal"; readonly text: string }
  | { readonly kind: "nothing" }
  | { readonly kind: "refused"; readonly problems: readonly string[] };

/**
 * Says an agent's changes in the reply format, so that the reply, applied to the files before, gives the files after. Line
 * ends, byte order mark and the end of the last line stay as a file had them.
 */
export function proposalOfChanges(changes: readonly AgentChange[]): ChangesProposal {
  const said = [...changes].sort((a, b) => (a.path < b.path ? -1 : 1)).map(blockOf);
  const problems = said.flatMap((one) => (one.kind === "problem" ? [one.problem] : []));
  if (problems.length > 0) return { kind: "refused", problems };
  const blocks = said.flatMap((one) => (one.kind === "block" ? [one.text] : []));
  return blocks.length === 0 ? { kind: "nothing" } : { kind: "proposal", text: `${blocks.join("\n\n")}\n` };
}

type Said =
  | { readonly kind: "block"; readonly text: string }
  | { readonly kind: "problem"; readonly problem: string }
  | { readonly kind: "same" };

const CANNOT: Readonly<Record<"binary" | "link" | "special", string>> = {
  binary: "is binary now: only text can be proposed",
  link: "is a symbolic link now: links cannot be proposed",
  special: "is neither a file nor a link now: it cannot be proposed",
};

function blockOf({ path, before, after }: AgentChange): Said {
  if (after.kind === "other") return { kind: "problem", problem: `${path} ${CANNOT[after.what]}. Leave it as it was.` };
  if (after.kind === "none") {
    return before.kind === "none" ? { kind: "same" } : { kind: "block", text: `### DELETE ${path}` };
  }
  if (before.kind === "other") {
    const was = before.what === "binary" ? "a binary file" : "no plain file";
    return { kind: "problem", problem: `${path} was ${was} before: it cannot be changed. Leave it as it was.` };
  }
  return before.kind === "none" ? written(path, undefined, after.text) : changed(path, before.text, after.text);
}

function changed(path: string, before: string, after: string): Said {
  if (alike(before, after)) return { kind: "same" };
  const edited = editOf(path, before, after);
  if (edited !== undefined && gives(edited, { path, before, after })) return { kind: "block", text: edited };
  return written(path, before, after);
}

function written(path: string, before: string | undefined, after: string): Said {
  const text = fileOf(path, after);
  const parsed = parseReply(text);
  if (parsed.kind === "proposal" && gives(text, { path, before, after })) return { kind: "block", text };
  const why = parsed.kind === "unusable" ? parsed.problems.join(" ").replace(/^Line \d+: /, "") : "";
  return { kind: "problem", problem: `${path} cannot be proposed as it is now. ${why}`.trim() };
}

/** Whether the block, read and applied as every reply is, gives the text that the agent left. */
function gives(block: string, file: { path: string; before: string | undefined; after: string }): boolean {
  const parsed = parseReply(block);
  if (parsed.kind === "unusable" || parsed.proposal.kind !== "edits") return false;
  const read = (path: string) => (path === file.path ? file.before : undefined);
  const applied = applyEdits(read, parsed.proposal.edits, "developer");
  const result = applied.kind === "applied" ? applied.files.get(file.path) : undefined;
  return typeof result === "string" && alike(result, file.after);
}

/** Equal but for what the mill keeps as it was: line ends, byte order mark, the end of the last line. */
function alike(one: string, other: string): boolean {
  return plain(one) === plain(other);
}

function plain(text: string): string {
  return text
    .replace(/^\uFEFF/, "")
    .replaceAll("\r\n", "\n")
    .replace(/\n$/, "");
}

function fileOf(path: string, text: string): string {
  const content = text.replaceAll("\r\n", "\n").replace(/^\uFEFF/, "");
  const longest = Math.max(2, ...[...content.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  const body = content === "" || content.endsWith("\n") ? content : `${content}\n`;
  return `### FILE ${path}\n${fence}\n${body}${fence}`;
}

interface Pair {
  readonly search: readonly string[];
  readonly replace: readonly string[];
}

/** Pairs whose search stands in one place of the file as it is when their turn comes; undefined when there is none. */
function editOf(path: string, before: string, after: string): string | undefined {
  const from = linesOf(before);
  const to = linesOf(after);
  const pairs: Pair[] = [];
  let now = from;
  for (const hunk of hunksOf(from, to)) {
    const pair = unique(now, hunk);
    if (pair === undefined) return undefined;
    pairs.push(pair);
    now = [...now.slice(0, hunk.at), ...hunk.added, ...now.slice(hunk.at + hunk.removed)];
  }
  if (pairs.flatMap(({ search, replace }) => [...search, ...replace]).some(isMark)) return undefined;
  const blocks = pairs.map(
    ({ search, replace }) => `${["<<<<<<< SEARCH", ...search, "=======", ...replace].join("\n")}\n>>>>>>> REPLACE`,
  );
  return blocks.length === 0 ? undefined : [`### EDIT ${path}`, ...blocks].join("\n");
}

function linesOf(text: string): readonly string[] {
  return splitLines(text).lines.map((line) => line.text);
}

function isMark(line: string): boolean {
  return /^(<{7} ?SEARCH|={7}|>{7} ?REPLACE)\s*$/.test(line);
}

interface Hunk {
  /** Place in the file as it is once the hunks before are applied. */
  readonly at: number;
  readonly removed: number;
  readonly added: readonly string[];
}

function hunksOf(from: readonly string[], to: readonly string[]): readonly Hunk[] {
  const hunks: Hunk[] = [];
  let at = 0;
  let open: { removed: number; added: string[] } | undefined;
  const close = () => {
    if (open === undefined) return;
    hunks.push({ at, ...open });
    at += open.added.length;
    open = undefined;
  };
  for (const part of diffArrays([...from], [...to])) {
    if (!part.added && !part.removed) {
      close();
      at += part.value.length;
      continue;
    }
    open ??= { removed: 0, added: [] };
    if (part.removed) open.removed += part.value.length;
    else open.added.push(...part.value);
  }
  close();
  return hunks;
}

/** The hunk with as many lines around it as make it stand in one place, and hold more than blank lines. */
function unique(lines: readonly string[], hunk: Hunk): Pair | undefined {
  const end = hunk.at + hunk.removed;
  for (let around = 1; ; around += around < 8 ? 1 : around) {
    const [first, last] = [Math.max(0, hunk.at - around), Math.min(lines.length, end + around)];
    const search = lines.slice(first, last);
    const told = search.some((line) => line.trim() !== "") && places(lines, search) === 1;
    if (told) return { search, replace: [...lines.slice(first, hunk.at), ...hunk.added, ...lines.slice(end, last)] };
    if (first === 0 && last === lines.length) return undefined;
  }
}

function places(lines: readonly string[], wanted: readonly string[]): number {
  let count = 0;
  for (let at = 0; at + wanted.length <= lines.length; at += 1)
    if (wanted.every((line, offset) => line === lines[at + offset])) count += 1;
  return count;
}
