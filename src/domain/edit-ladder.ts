import { type Block, type Rung, reindentAt, replaceAt } from "./edit-merge.ts";
import { nearestRegion, type Region } from "./edit-nearest.ts";
import { plain } from "./edit-typography.ts";
import type { Edit } from "./proposal.ts";
import { endedLike, joinLines, splitLines, type TextLines, usualEnd } from "./text-lines.ts";
import type { Answerer, Finding } from "./verdict.ts";

export type AppliedEdit =
  | { readonly kind: "applied"; readonly text: string; readonly rung: Rung | "new-file" }
  | { readonly kind: "refused"; readonly why: string; readonly nearest?: Region };

/**
 * Replaces the one place in `text` where the lines of `search` stand. Line ends, the byte order mark and every line that
 * the edit keeps stay byte for byte; an empty search fills an empty file only.
 */
export function applyEdit(text: string, search: string, replace: string): AppliedEdit {
  const file = splitLines(text);
  const given = { search: linesOf(search), replace: linesOf(replace) };
  if (given.search.every((line) => line.trim() === "")) return fillEmpty(file, given);
  for (const block of readings(given)) {
    if (block === "mixed-numbers")
      return { kind: "refused", why: "some lines carry line numbers and some do not; write the lines without numbers" };
    const applied = climb(file, block);
    if (applied) return applied;
  }
  const nearest = nearestRegion(textsOf(file), given.search);
  const why = "these lines do not stand in the file; copy them from the file, character by character";
  return { kind: "refused", why, ...(nearest ? { nearest } : {}) };
}

function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.replaceAll("\r\n", "\n").split("\n");
}

function textsOf(file: TextLines): readonly string[] {
  return file.lines.map((line) => line.text);
}

function fillEmpty(file: TextLines, { search, replace }: Block): AppliedEdit {
  if (file.lines.some((line) => line.text.trim() !== ""))
    return {
      kind: "refused",
      why: "the search is empty, but the file is not; search for the lines beside the place you mean",
    };
  if (search.length > 1) return { kind: "refused", why: "the search holds nothing but blank lines" };
  const end = usualEnd(file.lines);
  const lines = withoutLast(replace).map((text) => ({ text, end }));
  return { kind: "applied", text: joinLines({ mark: file.mark, lines }), rung: "new-file" };
}

function withoutLast(lines: readonly string[]): readonly string[] {
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** The ways to read a block: as written; without the blank edges that both sides share; without line numbers. */
function* readings(given: Block): Generator<Block | "mixed-numbers"> {
  yield given;
  const trimmed = withoutSharedEdges(given);
  if (trimmed !== given) yield trimmed;
  const numbered = withoutNumbers(trimmed);
  if (numbered === "mixed-numbers") yield numbered;
  else yield* numbered;
}

function withoutSharedEdges(block: Block): Block {
  let { search, replace } = block;
  while (search.length > 1 && isBlank(search.at(-1)) && isBlank(replace.at(-1)))
    [search, replace] = [search.slice(0, -1), replace.slice(0, -1)];
  while (search.length > 1 && isBlank(search[0]) && isBlank(replace[0]))
    [search, replace] = [search.slice(1), replace.slice(1)];
  return search.length === block.search.length ? block : { search, replace };
}

function isBlank(line: string | undefined): boolean {
  return line !== undefined && line.trim() === "";
}

const NUMBERED = /^\s*(\d{1,6})(\s?[|:│→]|\t)/;

/** The block without the line numbers that its search carries, consecutive on every line. */
function withoutNumbers(block: Block): readonly Block[] | "mixed-numbers" {
  const numbers = block.search.map((line) => Number(NUMBERED.exec(line)?.[1] ?? Number.NaN));
  const first = numbers[0] ?? Number.NaN;
  if (block.search.length < 2 || !numbers.every((number, at) => number === first + at)) return [];
  const filled = block.replace.filter((line) => line.trim() !== "");
  const carrying = filled.filter((line) => NUMBERED.test(line)).length;
  if (carrying > 0 && carrying < filled.length) return "mixed-numbers";
  const strip = (line: string) => line.replace(NUMBERED, "");
  const search = block.search.map(strip);
  if (carrying > 0) return [{ search, replace: block.replace.map(strip) }];
  // Nobody knows whether the space after the number is the number's: both are tried, and none may shift.
  const closer = search.map((line) => line.replace(/^ /, ""));
  return [search, closer].map((lines) => ({ search: lines, replace: block.replace, indent: "as written" as const }));
}

const RUNGS: readonly { readonly rung: Rung; readonly key: (line: string) => string }[] = [
  { rung: "exact", key: (line) => line },
  { rung: "trailing-space", key: (line) => line.trimEnd() },
  { rung: "punctuation", key: (line) => plain(line).trimEnd() },
  { rung: "indent", key: (line) => line.trim() },
];

/** The first rung on which the block stands somewhere decides: in one place it is applied, in several it is refused. */
function climb(file: TextLines, block: Block): AppliedEdit | undefined {
  const texts = textsOf(file);
  for (const { rung, key } of block.indent ? RUNGS.slice(0, -1) : RUNGS) {
    const places = placesOf(texts, block.search, key).filter(
      (at) => rung !== "indent" || reindentAt(texts, block, at) !== undefined,
    );
    const [at] = places;
    if (at === undefined) continue;
    if (places.length > 1) return severalPlaces(places);
    const text = replaceAt(file, block, { at, rung });
    return text === undefined ? { kind: "refused", why: UNFIT } : { kind: "applied", text, rung };
  }
  return undefined;
}

function severalPlaces(places: readonly number[]): AppliedEdit {
  const lines = places.slice(0, 5).map((at) => at + 1);
  const why = `these lines stand in ${places.length} places (lines ${lines.join(", ")}); add lines around them until there is only one`;
  return { kind: "refused", why };
}

function placesOf(
  texts: readonly string[],
  search: readonly string[],
  key: (line: string) => string,
): readonly number[] {
  const wanted = search.map(key);
  const there = texts.map(key);
  const places: number[] = [];
  for (let at = 0; at + wanted.length <= there.length; at += 1)
    if (wanted.every((line, offset) => line === there[at + offset])) places.push(at);
  return places;
}

const UNFIT = "the new lines are indented or quoted differently from the old ones; write both as the file does";

export type AppliedEdits =
  | { readonly kind: "applied"; readonly files: ReadonlyMap<string, string | null> }
  | { readonly kind: "refused"; readonly findings: readonly Finding[] };

/**
 * All edits or none. `read` gives a file as it stands, undefined when there is none; the result holds the files that
 * differ, `null` for a deleted one. Every edit that cannot be applied is a finding for `answers`.
 */
export function applyEdits(
  read: (path: string) => string | undefined,
  edits: readonly Edit[],
  answers: Answerer,
): AppliedEdits {
  const now = new Map<string, string | undefined>();
  const findings: Finding[] = [];
  for (const edit of edits) {
    if (!now.has(edit.path)) now.set(edit.path, read(edit.path));
    const result = applyOne(edit, now.get(edit.path));
    if ("rule" in result) findings.push({ ...result, answers, path: edit.path });
    else now.set(edit.path, result.text);
  }
  if (findings.length > 0) return { kind: "refused", findings };
  const files = new Map(
    [...now].filter(([path, text]) => text !== read(path)).map(([path, text]) => [path, text ?? null]),
  );
  if (files.size > 0) return { kind: "applied", files };
  const message =
    "The edits leave every file as it is. Change what the findings ask for, or answer IMPOSSIBLE: with the reason.";
  return { kind: "refused", findings: [{ rule: "door/edit-no-change", answers, message }] };
}

type Misfit = Pick<Finding, "rule" | "message" | "line" | "evidence">;

function applyOne(edit: Edit, text: string | undefined): { readonly text: string | undefined } | Misfit {
  if (edit.kind === "write") return { text: text === undefined ? edit.content : endedLike(text, edit.content) };
  if (edit.kind === "delete" && text === undefined)
    return { rule: "door/edit-no-file", message: `There is no file ${edit.path} (any more): leave its DELETE out.` };
  if (edit.kind === "delete") return { text: undefined };
  if (text === undefined && edit.search.trim() !== "")
    return {
      rule: "door/edit-no-file",
      message: `There is no file ${edit.path}; a new one is written whole, with ### FILE.`,
    };
  const applied = applyEdit(text ?? "", edit.search, edit.replace);
  if (applied.kind === "applied") return { text: applied.text };
  return {
    rule: "door/edit-no-match",
    message: `The block of ${edit.path} that starts with "${firstWords(edit.search)}" was not applied: ${applied.why}.`,
    ...(applied.nearest ? { line: applied.nearest.line, evidence: applied.nearest.text.slice(0, MOST_EVIDENCE) } : {}),
  };
}

const MOST_EVIDENCE = 2000;

function firstWords(search: string): string {
  const line = search.split("\n").find((text) => text.trim() !== "") ?? "";
  return line.trim().slice(0, 80);
}
