import { stripVTControlCharacters } from "node:util";
import type { Diagnostic } from "../../../domain/diagnostic.ts";

/** A text with its lines, for turning offsets into lines and lines into diagnostics. */
export interface SourceText {
  readonly text: string;
  readonly lines: readonly string[];
  /** 1-based line of an offset in UTF-16 units. */
  lineAt(offset: number): number;
  /** The trimmed text of a 1-based line; empty outside the file. */
  trimmed(line: number): string;
}

/** Reads a text as lines; the line table is made when the first offset is asked for. */
export function sourceText(text: string): SourceText {
  const lines = text.split("\n");
  let starts: number[] | undefined;
  const startsOfLines = () => {
    if (starts) return starts;
    let offset = 0;
    starts = lines.map((line) => {
      const start = offset;
      offset += line.length + 1;
      return start;
    });
    return starts;
  };
  return {
    text,
    lines,
    lineAt: (offset) => lastAtOrBefore(startsOfLines(), offset) + 1,
    trimmed: (line) => (lines[line - 1] ?? "").trim(),
  };
}

function lastAtOrBefore(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

const LONGEST_MESSAGE = 1_000;
const CONTROLS = /(?![\n\t])\p{Cc}/gu;

/** A message without colours or control characters, at most 1,000 characters. */
export function plainMessage(message: string): string {
  return stripVTControlCharacters(message).replace(CONTROLS, "").trim().slice(0, LONGEST_MESSAGE);
}

/** A diagnostic about a place in a text. */
export function diagnosticAt(
  source: SourceText,
  place: { path: string; line: number },
  code: string,
  message: string,
): Diagnostic {
  const line = Math.max(1, place.line);
  return { path: place.path, line, code, message: plainMessage(message), text: source.trimmed(line) };
}

/** Diagnostics in the order of their places, so that the same tree always gives the same report. */
export function sortedDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const key = (one: Diagnostic) => [one.path, String(one.line).padStart(8, "0"), one.code, one.message].join("\0");
  return diagnostics
    .map((diagnostic) => ({ diagnostic, key: key(diagnostic) }))
    .sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
    .map(({ diagnostic }) => diagnostic);
}
