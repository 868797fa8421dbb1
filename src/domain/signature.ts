import { digestOf } from "./digest.ts";
import { type Failed, typeOf } from "./failure-class.ts";
import { leading } from "./leading-finding.ts";

const SHOWN = 50;

/**
 * 12 hexadecimal digits that name a refusal: type, rule, path and the first 50 characters of its normalised first finding,
 * so that the same failure has the same signature on another machine.
 */
export function signatureOf(refusal: Failed): string {
  const first = leading(refusal);
  const text = [...normalise(first?.evidence || first?.message || "")].slice(0, SHOWN).join("");
  const about = `${first?.rule ?? refusal.gate}|${first?.path ?? ""}|${text}`;
  return digestOf(`${typeOf(refusal)}|${about}`).slice(0, 12);
}

const ESCAPE = String.fromCharCode(27);
const BELL = String.fromCharCode(7);

const CLOCK = "\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d+)?)?(?:\\s?[AP]M\\b)?";
const ZONE = "(?:\\s?(?:GMT|UTC|CES?T|[ECMP][SD]T)(?:[+-]\\d{2}:?\\d{2})?(?: \\([A-Z][\\w ]{0,40}\\))?)?";
const DAY = "(?:\\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? )?";
const MONTH = "\\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\\.?";
const UNIT = "(?:ms|µs|μs|ns|s|secs?|seconds?|milliseconds?|m|mins?|minutes?|h|hrs?|hours?)";
const SEGMENT = "[\\w.@+~$-]+(?: [\\w.@+~$-]+){0,3}";

/** What is left out of a text, in this order; what stands in its place is not found by a later pattern. */
const MACHINE: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\)?)?`, "g"), ""],
  [/\b[a-z][a-z+]*:\/\/(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\])(?::\d+)?/gi, "<address>"],
  [/\blocalhost:\d+\b/g, "<address>"],
  [/\b0x[0-9a-f]+\b/gi, "<address>"],
  [/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, "<address>"],
  [/\b(?=[a-f]*\d)[0-9a-f]{12,}\b/gi, "<address>"],
  [/\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b/g, "<address>"],
  [/\b\d{4}([-/])\d{2}\1\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)?(?:Z|[+-]\d{2}:?\d{2})?/g, "<time>"],
  [
    new RegExp(
      `${DAY}(?:\\b\\d{1,2} ${MONTH}(?: \\d{4})?|${MONTH} +\\d{1,2}(?:,? \\d{4})?)(?:,? ${CLOCK})?${ZONE}(?: \\d{4}\\b)?`,
      "g",
    ),
    "<time>",
  ],
  [/\b\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?\b|(?=\s?[AP]M\b))(?:\s?[AP]M\b)?/g, "<time>"],
  [new RegExp(`\\b\\d+(?:\\.\\d+)?\\s?${UNIT}\\b(?:,? \\d+(?:\\.\\d+)?\\s?${UNIT}\\b)*`, "g"), "<time>"],
  [/(?<![\w:])(?=[0-9a-f:]*\d)(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}(?![\w:])/gi, "<address>"],
  [/(["'`])(?:file:\/\/)?(?:\/|~\/|[A-Za-z]:[\\/])[^"'`\n]*[\\/][^"'`\n]*\1/g, "$1<path>$1"],
  [new RegExp(`(?:file:\\/\\/\\/|(?<![A-Za-z]))[A-Za-z]:[\\\\/](?:${SEGMENT}[\\\\/])*[\\w.@+~$-]+`, "g"), "<path>"],
  [/(?:file:\/\/|~|(?<![\w.#>]))(?:\/[\w.@+~$-]+(?: [\w.@+~$-]+(?=\/))?){2,}\/?/g, "<path>"],
  [/\btmp(?=[a-z_]*[0-9_])[a-z0-9_]{8}\b/g, "<path>"],
  [/(?<=[\w.-])\\(?=[\w.-])/g, "/"],
  [/\d+/g, "#"],
  [/\s+/g, " "],
];

/** A text without what differs between machines and runs: colours, addresses, times, absolute paths, numbers, white space. */
export function normalise(text: string): string {
  return MACHINE.reduce((left, [pattern, name]) => left.replace(pattern, name), text).trim();
}
