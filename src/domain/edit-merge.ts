import { diffArrays } from "diff";
import { inIndentOf, type Reindent, reindentOf } from "./edit-indent.ts";
import { inTypographyOf } from "./edit-typography.ts";
import { joinLines, type TextLine, type TextLines, usualEnd } from "./text-lines.ts";

/** The rungs, strictest first. Each one must match in exactly one place; none of them accepts "nearly". */
export type Rung = "exact" | "trailing-space" | "punctuation" | "indent";

/** The old and the new lines of one edit. */
export interface Block {
  readonly search: readonly string[];
  readonly replace: readonly string[];
  /** Set where the indentation of the search is not known to be that of the replacement. */
  readonly indent?: "as written";
}

/** The change of indentation of the block that stands at line index `at`, whatever its trailing space. */
export function reindentAt(texts: readonly string[], block: Block, at: number): Reindent | undefined {
  const trimEnds = (lines: readonly string[]) => lines.map((line) => line.trimEnd());
  return reindentOf(trimEnds(block.search), trimEnds(texts.slice(at, at + block.search.length)));
}

/**
 * The file with the block's changes made at line index `at`; undefined when the new lines cannot be fitted to the
 * file's indentation or typography beyond doubt.
 */
export function replaceAt(
  file: TextLines,
  block: Block,
  found: { readonly at: number; readonly rung: Rung },
): string | undefined {
  const region = file.lines.slice(found.at, found.at + block.search.length);
  const rewrite = rewriteOf(file, block, { region, ...found });
  const usual = usualEnd(file.lines);
  const fresh = rewrite && merged(block, region, { rewrite, usual });
  if (!fresh) return undefined;
  const lines = [...file.lines.slice(0, found.at), ...fresh, ...file.lines.slice(found.at + region.length)];
  const ended = lines.map((line, index) => (index < lines.length - 1 ? { ...line, end: line.end || usual } : line));
  return joinLines({ mark: file.mark, lines: ended });
}

interface Fitting {
  readonly rewrite: Rewrite;
  readonly usual: string;
}

/** How a new line is written so that it fits the file; `index` is the old line that it stands for. */
type Rewrite = (line: string, index: number | undefined) => string | undefined;

function rewriteOf(
  file: TextLines,
  block: Block,
  found: { readonly at: number; readonly rung: Rung; readonly region: readonly TextLine[] },
): Rewrite | undefined {
  const texts = file.lines.map((line) => line.text);
  const own = found.region.map((line) => line.text);
  const trim = trimsEnds(own, block.search);
  const reindent =
    found.rung === "indent" ? reindentAt(texts, block, found.at) : inIndentOf(texts, block.search, block.replace);
  if (!reindent) return undefined;
  return (line, index) => {
    const indented = reindent(trim(line));
    if (indented === undefined || found.rung !== "punctuation") return indented;
    return inTypographyOf(indented, { file: own, search: block.search, index });
  };
}

/** Where the search carries trailing space that the file has not, so does the replacement, and loses it. */
function trimsEnds(own: readonly string[], search: readonly string[]): (line: string) => string {
  const carried = search.some((line, at) => line !== line.trimEnd() && own[at] === own[at]?.trimEnd());
  return carried ? (line) => line.trimEnd() : (line) => line;
}

/** The region with the block's changes: kept lines as they stand, new ones rewritten. */
function merged(block: Block, region: readonly TextLine[], to: Fitting): readonly TextLine[] | undefined {
  const made: TextLine[] = [];
  for (const hunk of hunksOf(block)) {
    const lines = hunk.kind === "kept" ? region.slice(hunk.from, hunk.from + hunk.count) : changed(hunk, region, to);
    if (lines === undefined) return undefined;
    made.push(...lines);
  }
  return keepLastEnd(made, region);
}

function changed(
  hunk: Extract<Hunk, { kind: "changed" }>,
  region: readonly TextLine[],
  to: Fitting,
): readonly TextLine[] | undefined {
  const made: TextLine[] = [];
  for (const [offset, line] of hunk.lines.entries()) {
    const text = to.rewrite(line, hunk.count === hunk.lines.length ? hunk.from + offset : undefined);
    if (text === undefined) return undefined;
    made.push({ text, end: region[hunk.from + Math.min(offset, hunk.count - 1)]?.end || to.usual });
  }
  return made;
}

/** A run of the search's lines, kept or exchanged for `lines`. */
type Hunk =
  | { readonly kind: "kept"; readonly from: number; readonly count: number }
  | { readonly kind: "changed"; readonly from: number; readonly count: number; readonly lines: readonly string[] };

function hunksOf({ search, replace }: Block): readonly Hunk[] {
  const hunks: Hunk[] = [];
  let at = 0;
  let removed = 0;
  for (const { added, removed: gone, value } of diffArrays([...search], [...replace])) {
    if (gone) removed = value.length;
    else if (added) hunks.push({ kind: "changed", from: at - removed, count: removed, lines: value });
    else hunks.push({ kind: "kept", from: at, count: value.length });
    if (!gone) removed = 0;
    if (!added) at += value.length;
  }
  return hunks;
}

/** A file whose last line is not ended stays so. */
function keepLastEnd(made: readonly TextLine[], region: readonly TextLine[]): readonly TextLine[] {
  const last = made.at(-1);
  return last && region.at(-1)?.end === "" ? [...made.slice(0, -1), { ...last, end: "" }] : made;
}
