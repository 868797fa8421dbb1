/** A file as lines, each with the bytes that end it, so that what is not edited stays byte for byte. */
export interface TextLines {
  /** A byte order mark, or nothing. */
  readonly mark: string;
  readonly lines: readonly TextLine[];
}

export interface TextLine {
  readonly text: string;
  /** `\n`, `\r\n`, or nothing on a last line that is not ended. */
  readonly end: string;
}

/** Takes a text apart into lines; `joinLines` gives back the same text. */
export function splitLines(text: string): TextLines {
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  const pieces = text.slice(mark.length).split("\n");
  const last = pieces.pop() ?? "";
  const lines = pieces.map((piece) =>
    piece.endsWith("\r") ? { text: piece.slice(0, -1), end: "\r\n" } : { text: piece, end: "\n" },
  );
  return { mark, lines: last === "" ? lines : [...lines, { text: last, end: "" }] };
}

export function joinLines({ mark, lines }: TextLines): string {
  return mark + lines.map((line) => line.text + line.end).join("");
}

/** The line end that most lines have; `\n` for a text without any. */
export function usualEnd(lines: readonly TextLine[]): string {
  const windows = lines.filter((line) => line.end === "\r\n").length;
  return windows * 2 > lines.length ? "\r\n" : "\n";
}

/** `text` with the byte order mark and the line ends of `before`. */
export function endedLike(before: string, text: string): string {
  const old = splitLines(before);
  const fresh = splitLines(text.replaceAll("\r\n", "\n"));
  if (old.lines.length === 0) return text;
  const end = usualEnd(old.lines);
  return joinLines({ mark: old.mark, lines: fresh.lines.map((line) => ({ ...line, end: line.end && end })) });
}
