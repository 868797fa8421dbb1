import { stripVTControlCharacters } from "node:util";

/** What opens and closes a string that a terminal obeys (OSC, DCS and their like), also where it is cut off. */
const STRING_OPENS = "(?:\\u001b[\\]PX^_]|[\\u009d\\u0090\\u0098\\u009e\\u009f])";
const STRING_CLOSES = "(?:\\u0007|\\u001b\\\\|\\u009c|$)";
const STRINGS = new RegExp(`${STRING_OPENS}[^\\u0007\\u001b\\u009c]*${STRING_CLOSES}`, "g");
const CONTROL_RANGES = "\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f";
const DIRECTION_MARKS = "\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069";
const CONTROLS = new RegExp(`[${CONTROL_RANGES}${DIRECTION_MARKS}]`, "g");

/** The text without colours, escape sequences, control characters and direction marks; line ends become `\n`. */
export function plainText(text: string): string {
  const unstyled = stripVTControlCharacters(text.replace(STRINGS, ""));
  return unstyled.replace(/\r\n/g, "\n").replace(CONTROLS, "");
}

/** The first `limit` characters, marked where they were cut. */
export function headOf(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 2)} …`;
}

/** The last `limit` characters, marked where they were cut. */
export function tailOf(text: string, limit: number): string {
  return text.length <= limit ? text : `… ${text.slice(2 - limit)}`;
}
