import { isProse } from "./reply-elision.ts";
import { closes, type Fence, fenceOf, type Header, headerOf, impossibleIn, markerOf } from "./reply-lines.ts";

/** A search and its replacement, and the reply's line on which they start. */
export interface RawPair {
  readonly search: readonly string[];
  readonly replace: readonly string[];
  readonly line: number;
}

export type RawBlock =
  | { readonly kind: "edit"; readonly path: string; readonly line: number; readonly pairs: readonly RawPair[] }
  | {
      readonly kind: "file";
      readonly path: string;
      readonly line: number;
      readonly content: readonly string[];
      readonly from: number;
    }
  | { readonly kind: "delete"; readonly path: string; readonly line: number };

/** A reply taken apart, before anything in it is judged. */
export interface Scanned {
  readonly blocks: readonly RawBlock[];
  /** What stands outside of blocks, without fences. */
  readonly prose: readonly string[];
  readonly assessed: readonly string[];
  readonly impossible: readonly string[];
  readonly problems: readonly string[];
}

interface Scan {
  readonly lines: readonly string[];
  at: number;
  readonly blocks: RawBlock[];
  readonly prose: string[];
  readonly assessed: string[];
  readonly impossible: string[];
  readonly problems: string[];
  /** The fence around the whole reply, when there is one. */
  outer: Fence | undefined;
  section: "NOTES" | "ASSESS";
}

const PROSE_LINES = 400;
const PROBLEMS = 20;

/** Takes a reply apart in one pass over its lines. */
export function scanReply(text: string): Scanned {
  const scan: Scan = {
    lines: text.split("\n"),
    at: 0,
    blocks: [],
    prose: [],
    assessed: [],
    impossible: [],
    problems: [],
    outer: undefined,
    section: "NOTES",
  };
  while (scan.at < scan.lines.length && scan.problems.length < PROBLEMS) readOutside(scan);
  return scan;
}

function readOutside(scan: Scan): void {
  const line = scan.lines[scan.at] ?? "";
  const header = headerOf(line);
  const reason = impossibleIn(line);
  const fence = fenceOf(line);
  scan.at += 1;
  if (header) readHeader(scan, header);
  else if (markerOf(line) === "search") readLostPair(scan);
  else if (reason !== undefined) readImpossible(scan, reason);
  else if (fence) readOuterFence(scan, line, fence);
  else keepProse(scan, line);
}

function readHeader(scan: Scan, header: Header): void {
  const line = scan.at;
  if (header.kind === "section") {
    scan.section = header.verb;
    return;
  }
  if (header.kind === "unknown") {
    scan.problems.push(`Line ${line}: there is no ### ${header.verb}; write ${header.instead}.`);
    return;
  }
  scan.section = "NOTES";
  if (header.path === "")
    scan.problems.push(`Line ${line}: ### ${header.verb} needs a path, e.g. ### ${header.verb} src/pricing.ts`);
  else if (header.verb === "DELETE") scan.blocks.push({ kind: "delete", path: header.path, line });
  else if (header.verb === "FILE") readFile(scan, header.path, line);
  else readEdit(scan, header.path, line);
}

function readImpossible(scan: Scan, reason: string): void {
  const more: string[] = [];
  while (scan.at < scan.lines.length && more.length < 30) {
    const line = scan.lines[scan.at] ?? "";
    if (headerOf(line) || markerOf(line) || fenceOf(line)) break;
    more.push(line);
    scan.at += 1;
  }
  scan.impossible.push([reason, ...more].join("\n").trim().slice(0, 4000));
}

function readOuterFence(scan: Scan, line: string, fence: Fence): void {
  if (scan.outer && closes(line, scan.outer)) scan.outer = undefined;
  else if (!scan.outer) scan.outer = fence;
}

function keepProse(scan: Scan, line: string): void {
  const kept = scan.section === "ASSESS" ? scan.assessed : scan.prose;
  if (kept.length < PROSE_LINES) kept.push(line.slice(0, 500));
}

/** Lines up to the next one that `stops`; `scan.at` then stands on it. Undefined when the reply ends before. */
function takeUntil(scan: Scan, stops: (line: string) => boolean): readonly string[] | undefined {
  const from = scan.at;
  while (scan.at < scan.lines.length) {
    if (stops(scan.lines[scan.at] ?? "")) return scan.lines.slice(from, scan.at);
    scan.at += 1;
  }
  return undefined;
}

/** Keeps the lines up to the next one that `stops` as prose; false when the reply ends before. */
function proseUntil(scan: Scan, stops: (line: string) => boolean): boolean {
  const from = scan.at;
  const found = takeUntil(scan, stops);
  for (const line of scan.lines.slice(from, Math.min(scan.at, from + PROSE_LINES)))
    if (!fenceOf(line)) keepProse(scan, line);
  return found !== undefined;
}

function readEdit(scan: Scan, path: string, line: number): void {
  const pairs: RawPair[] = [];
  while (toNextMarker(scan)) {
    const pair = readPair(scan, path);
    if (pair === undefined) return;
    pairs.push(pair);
  }
  if (pairs.length > 0) scan.blocks.push({ kind: "edit", path, line, pairs });
  else
    scan.problems.push(
      `Line ${line}: ### EDIT ${path} holds no block. Write <<<<<<< SEARCH, the lines as they stand in the file, =======, the new lines, >>>>>>> REPLACE; for a whole file write ### FILE ${path} and a fenced block.`,
    );
}

/** Steps behind the next SEARCH or REPLACE marker; false when another header or the end comes first. */
function toNextMarker(scan: Scan): boolean {
  const found = proseUntil(scan, (text) => isEdge(text) || startsNext(text));
  if (!found || startsNext(scan.lines[scan.at] ?? "")) return false;
  scan.at += 1;
  return true;
}

function isEdge(line: string): boolean {
  const marker = markerOf(line);
  return marker === "search" || marker === "replace";
}

function startsNext(line: string): boolean {
  return headerOf(line) !== undefined || impossibleIn(line) !== undefined;
}

/** The pair whose SEARCH marker stands just before `scan.at`; `scan.at` is then behind its REPLACE marker. */
function readPair(scan: Scan, path: string): RawPair | undefined {
  const line = scan.at;
  if (markerOf(scan.lines[line - 1] ?? "") === "replace") {
    scan.problems.push(`Line ${line}: >>>>>>> REPLACE without <<<<<<< SEARCH before it (${path}).`);
    return undefined;
  }
  const inside = takeUntil(scan, isEdge);
  if (inside === undefined || markerOf(scan.lines[scan.at] ?? "") === "search") {
    const end = inside === undefined ? "The reply was cut off" : `Line ${scan.at + 1}: a new block starts`;
    scan.problems.push(`${end} before the block of line ${line} (${path}) was closed with >>>>>>> REPLACE.`);
    return undefined;
  }
  scan.at += 1;
  const dividers = inside.flatMap((text, index) => (markerOf(text) === "divider" ? [index] : []));
  const [divider] = dividers;
  if (divider === undefined) {
    scan.problems.push(`Line ${line}: the block of ${path} has no ======= between the old and the new lines.`);
    return undefined;
  }
  if (dividers.length > 1) {
    scan.problems.push(
      `Line ${line}: the block of ${path} has ${dividers.length} lines =======, so that nobody can tell old from new. Choose lines without one, or send the file whole (### FILE ${path}).`,
    );
    return undefined;
  }
  return { search: inside.slice(0, divider), replace: inside.slice(divider + 1), line };
}

/** A pair outside of any EDIT: named, and skipped as a whole. */
function readLostPair(scan: Scan): void {
  scan.problems.push(
    `Line ${scan.at}: this SEARCH block does not say which file it is for; write ### EDIT path above it.`,
  );
  if (takeUntil(scan, (text) => markerOf(text) === "replace") !== undefined) scan.at += 1;
}

function readFile(scan: Scan, path: string, line: number): void {
  const found = proseUntil(
    scan,
    (text) => fenceOf(text) !== undefined || markerOf(text) === "search" || startsNext(text),
  );
  const fence = found ? fenceOf(scan.lines[scan.at] ?? "") : undefined;
  if (!fence) {
    const edits = found && markerOf(scan.lines[scan.at] ?? "") === "search";
    const hint = edits
      ? `SEARCH blocks belong under ### EDIT ${path}`
      : "put the whole content into a block fenced with ````";
    scan.problems.push(`Line ${line}: ### FILE ${path} is not followed by a fenced block; ${hint}.`);
    if (edits) skipPair(scan);
    return;
  }
  scan.at += 1;
  const from = scan.at + 1;
  const content = takeUntil(scan, (text) => closes(text, fence));
  if (content === undefined) {
    scan.problems.push(`The reply was cut off inside ### FILE ${path} (line ${line}): its fence is never closed.`);
    return;
  }
  scan.at += 1;
  const doubt = doubtfulFence(scan, { path, fence, content, from });
  if (doubt === undefined) scan.blocks.push({ kind: "file", path, line, content, from });
  else
    scan.problems.push(
      `Line ${doubt}: ${path} seems to hold a fence as long as the one around it, so its end cannot be told. Put a longer fence (${fence.char.repeat(fence.length + 1)}) around the file.`,
    );
}

function skipPair(scan: Scan): void {
  if (takeUntil(scan, (text) => markerOf(text) === "replace") !== undefined) scan.at += 1;
}

/** The line of a fence that may belong to the file's content, inside it or behind its supposed end. */
function doubtfulFence(
  scan: Scan,
  file: { readonly path: string; readonly fence: Fence; readonly content: readonly string[]; readonly from: number },
): number | undefined {
  const opens = (text: string) => {
    const other = fenceOf(text);
    return other !== undefined && other.char === file.fence.char && other.length >= file.fence.length;
  };
  const inside = file.content.findIndex(opens);
  if (inside >= 0) return file.from + inside;
  const behind = fenceBehind(scan);
  if (behind === undefined) return undefined;
  return isProse(file.path) || behind.label === "" ? behind.line : undefined;
}

/** The first fence between here and the next header, beside the one that closes the outer fence. */
function fenceBehind(scan: Scan): { readonly line: number; readonly label: string } | undefined {
  let outer = scan.outer;
  for (let at = scan.at; at < scan.lines.length; at += 1) {
    const text = scan.lines[at] ?? "";
    if (startsNext(text)) return undefined;
    const fence = fenceOf(text);
    if (!fence) continue;
    if (!outer || !closes(text, outer)) return { line: at + 1, label: fence.label };
    outer = undefined;
  }
  return undefined;
}
