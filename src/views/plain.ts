const code = (point: number) => `\\u{${point.toString(16)}}`;
const range = (from: number, to: number) => `${code(from)}-${code(to)}`;

const ESC = code(0x1b);
const BEL = code(0x07);
const ST = `(?:${ESC}\\\\|${BEL}|${code(0x9c)})`;
/** CSI sequences (colours, cursor), and strings that a terminal swallows or obeys (OSC, DCS, SOS, PM, APC). */
const SEQUENCES = [
  `(?:${ESC}\\[|${code(0x9b)})[0-?]*[ -/]*[@-~]`,
  `(?:${ESC}[\\]PX^_]|[${code(0x90)}${code(0x98)}${range(0x9d, 0x9f)}])[^${ESC}${BEL}${code(0x9c)}]*${ST}`,
  `${ESC}[ -/]*[0-~]`,
];
/** Control characters but tab and line feed; marks that turn or hide text; tags; line breaks that only some programs see. */
const CHARACTERS = [
  range(0x00, 0x08),
  range(0x0b, 0x1f),
  range(0x7f, 0x9f),
  code(0xad),
  code(0x61c),
  range(0x200b, 0x200c),
  range(0x200e, 0x200f),
  range(0x2028, 0x202e),
  range(0x2060, 0x206f),
  code(0xfeff),
  range(0xfff9, 0xfffb),
  range(0xe0000, 0xe007f),
];
const SEQUENCE = new RegExp(SEQUENCES.join("|"), "gu");
const UNSAFE = new RegExp(`[${CHARACTERS.join("")}]`, "gu");

/**
 * The text without anything that a terminal obeys or that makes it look like another text: escape sequences, control
 * characters, bidirectional and invisible marks. Tabs and line feeds stay; CR LF becomes LF.
 */
export function plain(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(SEQUENCE, "")
    .replace(UNSAFE, "")
    .replace(/\p{Surrogate}/gu, "\ufffd");
}

/** One line of at most `limit` characters, plain; what was cut shows as an ellipsis. */
export function plainLine(text: string, limit = 200): string {
  const line = plain(text.slice(0, limit * 40))
    .replace(/\s+/g, " ")
    .trim();
  return cutLine(line, limit);
}

/** The first `limit` characters of a line; what was cut shows as an ellipsis. */
export function cutLine(line: string, limit: number): string {
  const characters = [...line];
  return characters.length <= limit ? line : `${characters.slice(0, Math.max(0, limit - 1)).join("")}…`;
}

/** A value as one line of JSON that a terminal can show: the same value, with the unsafe characters as escapes. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, (found) =>
    Array.from(
      { length: found.length },
      (_, index) => `\\u${found.charCodeAt(index).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}

/** A text that ends like a sentence, so that another one can follow. */
export function sentence(text: string): string {
  return text.replace(/[^.!?]$/, "$&.");
}
