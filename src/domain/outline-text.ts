import { type Chunk, linesOf, outlineOf } from "./outline.ts";

/** Lines up to which a type or a constant is shown whole where only signatures are. */
const WHOLE_LINES = 8;

/** What a file offers without how it does it: each declaration's head, its decorators and its doc string. */
export function signaturesOf(path: string, text: string): string {
  const { chunks } = outlineOf(path, text);
  if (chunks.length === 0) return "";
  return chunks.map((chunk) => signature(linesOf(text, chunk.from, chunk.to))).join("\n\n");
}

/**
 * A file with the parts that `words` name whole and its head; what is left out is said in its place. The whole text when
 * nothing would be saved.
 */
export function touchedText(path: string, text: string, words: ReadonlySet<string>): string {
  const { chunks } = outlineOf(path, text);
  if (chunks.length < 2) return text;
  const first = chunks[0]?.from ?? 1;
  const head = first > 1 ? [linesOf(text, 1, first - 1).trimEnd()] : [];
  const shown = [
    ...head,
    ...chunks.map((chunk) => (words.has(chunk.name) ? whole(text, chunk) : shortened(text, chunk))),
  ];
  const made = shown.join("\n\n");
  return made.length < text.length * 0.8 ? made : text;
}

/** A file's head and the parts that `words` name, nothing else; what is left out is said in its place, with its lines. */
export function namedText(path: string, text: string, words: ReadonlySet<string>): string {
  const { chunks } = outlineOf(path, text);
  const shown: string[] = [];
  let done = (chunks[0]?.from ?? 1) - 1;
  if (done > 0) shown.push(linesOf(text, 1, done).trimEnd());
  for (const chunk of chunks.filter(({ name }) => words.has(name))) {
    if (chunk.from > done + 1) shown.push(`[lines ${done + 1}-${chunk.from - 1} are left out]`);
    shown.push(whole(text, chunk));
    done = chunk.to;
  }
  const last = text.split("\n").length;
  return done < last ? [...shown, `[lines ${done + 1}-${last} are left out]`].join("\n\n") : shown.join("\n\n");
}

/** Words of a text that could be names. */
export function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.match(/[A-Za-z_$][\w$]{2,}/g) ?? []);
}

function whole(text: string, chunk: Chunk): string {
  return linesOf(text, chunk.from, chunk.to);
}

function shortened(text: string, chunk: Chunk): string {
  const all = whole(text, chunk);
  const short = signature(all);
  return short === all ? all : `${short}\n[lines ${chunk.from}-${chunk.to} are shortened]`;
}

function signature(text: string): string {
  const lines = text.split("\n");
  const isPlain = /^(?:export\s+)?(?:declare\s+)?(?:type|interface|const|let|enum|[A-Za-z_]\w*\s*[:=])/.test(
    lines[0] ?? "",
  );
  if (isPlain && lines.length <= WHOLE_LINES) return text;
  const opened = lines.findIndex((line) => !/^\s*(?:@|#|\/\/|\/?\*)/.test(line) && /(?:[{:([]|=>)\s*$/.test(line));
  if (opened < 0) return lines.slice(0, WHOLE_LINES).join("\n");
  const end = /[([]\s*$/.test(lines[opened] ?? "") ? closingOf(lines, opened) : opened;
  const doc = /^\s*"""/.test(lines[end + 1] ?? "") ? [lines[end + 1] ?? ""] : [];
  return [...lines.slice(0, end + 1), ...doc].join("\n");
}

/** The line that ends a parameter list which was opened at the end of a line. */
function closingOf(lines: readonly string[], opened: number): number {
  const found = lines.findIndex((line, at) => at > opened && /^[)\]]/.test(line.trimStart()));
  return found < 0 || found > opened + 12 ? opened : found;
}
