import { literalPattern, plainText } from "./literal-match.ts";
import { withoutComments } from "./markdown-comments.ts";

export type LiteralKind = "colour" | "number" | "quoted" | "route" | "status" | "identifier";

/** A value that the spec gives literally: a plan that loses it loses what the user asked for. */
export interface Literal {
  readonly kind: LiteralKind;
  readonly text: string;
  /** 1-based line of the spec on which it first stands. */
  readonly line: number;
}

/**
 * Every literal of a spec, each once, in the order of the text. Fenced blocks are examples and are not taken apart; list
 * markers, section numbers, dates, link targets and what stands under "not in scope" headings are not demanded.
 */
export function literalsOf(specText: string): readonly Literal[] {
  const found = paragraphsOf(specText).flatMap(literalsIn);
  const seen = new Set<string>();
  return found.filter((literal) => {
    const key = plainText(literal.text);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** True when the text holds the literal: whatever its quotes, white space and case of hex digits, but with its value. */
export function literalKept(literal: Literal, criteriaText: string): boolean {
  return literalPattern(literal).test(plainText(criteriaText));
}

interface Paragraph {
  readonly line: number;
  readonly text: string;
}

const HEADING = /^ {0,3}(#{1,6})\s+(.*)$/;
const EXCLUDING =
  /\b(out of scope|not in scope|non-?goals?|what we do not want|not wanted|do not want|exclusions?|excluded|not part of)\b/i;

/** Paragraphs, headings, list items and table rows, each as one text, without fenced blocks and excluded sections. */
function paragraphsOf(specText: string): readonly Paragraph[] {
  const paragraphs: Paragraph[] = [];
  const state: { fence: string | undefined; excludedAt: number } = { fence: undefined, excludedAt: 0 };
  let open: { line: number; lines: string[] } | undefined;
  const close = () => {
    if (open) paragraphs.push({ line: open.line, text: open.lines.join("\n") });
    open = undefined;
  };
  for (const [at, line] of withoutComments(specText.replaceAll("\r\n", "\n")).split("\n").entries()) {
    const skipped = isSkipped(line, state);
    if (skipped || line.trim() === "" || startsBlock(line)) close();
    if (skipped || line.trim() === "") continue;
    if (open) open.lines.push(line);
    else open = { line: at + 1, lines: [line.replace(/^(\s*>)+/, "")] };
    if (HEADING.test(line)) close();
  }
  close();
  return paragraphs;
}

/** Follows fences and excluded sections; true when the line belongs to one. */
function isSkipped(line: string, state: { fence: string | undefined; excludedAt: number }): boolean {
  const fence = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
  if (state.fence !== undefined) {
    if (fence?.startsWith(state.fence) && line.trim() === fence) state.fence = undefined;
    return true;
  }
  if (fence !== undefined) {
    state.fence = fence;
    return true;
  }
  const [, marks, title = ""] = HEADING.exec(line) ?? [];
  if (marks === undefined) return state.excludedAt > 0;
  if (state.excludedAt === 0 || marks.length <= state.excludedAt)
    state.excludedAt = EXCLUDING.test(title) ? marks.length : 0;
  return state.excludedAt > 0;
}

function startsBlock(line: string): boolean {
  return HEADING.test(line) || /^\s*([-*+]|\d{1,3}[.)])\s/.test(line) || /^\s*\|/.test(line) || /^\s*>/.test(line);
}

function literalsIn(paragraph: Paragraph): readonly Literal[] {
  const found: { kind: LiteralKind; text: string; at: number }[] = [];
  let rest = blanked(paragraph.text, NEVER);
  for (const { kind, pattern, accept } of SHAPES) {
    const pieces: string[] = [];
    let done = 0;
    for (const match of rest.matchAll(pattern)) {
      const around = paragraph.text.slice(Math.max(0, match.index - CONTEXT), match.index + CONTEXT);
      const texts = capturesOf(match).filter((text) => accept(text, around));
      if (texts.length === 0) continue;
      found.push(...texts.map((text) => ({ kind: kindFor(kind, text), text, at: match.index })));
      pieces.push(rest.slice(done, match.index), " ".repeat(match[0].length));
      done = match.index + match[0].length;
    }
    rest = pieces.join("") + rest.slice(done);
  }
  return withLines(
    found.sort((one, two) => one.at - two.at),
    paragraph,
  );
}

/** How far a word may stand from a value that it explains. */
const CONTEXT = 300;

/** What the pattern's groups took, or all of it when it has none. */
function capturesOf(match: RegExpExecArray): readonly string[] {
  const groups = match.slice(1).filter((group) => group !== undefined);
  return (groups.length > 0 ? groups : [match[0]])
    .map((text) => text.replace(/\s+/g, " ").trim())
    .filter((text) => text !== "");
}

function withLines(
  found: readonly { readonly kind: LiteralKind; readonly text: string; readonly at: number }[],
  paragraph: Paragraph,
): readonly Literal[] {
  let line = paragraph.line;
  let seen = 0;
  return found.map(({ kind, text, at }) => {
    line += paragraph.text.slice(seen, at).split("\n").length - 1;
    seen = at;
    return { kind, text, line };
  });
}

/** What looks like a value and is none: link targets, addresses, dates, versions, section numbers, list markers. */
const NEVER: readonly RegExp[] = [
  /(?<=\])\([^)\s]{0,500}(\s+"[^"]{0,200}")?\)/g,
  /\bhttps?:\/\/[^\s)>`"]+/g,
  /^(\s*#{1,6}\s+)\d+(\.\d+)*[.):]?\s/gm,
  /^\s*\d{1,3}[.)]\s/gm,
  /(?<![\w`"'“‘-])\d{4}-\d{2}(-\d{2})?(?![\w`"'”’-])/g,
  /\b(version|v|section|sections|chapter|step|phase|task|issue|node(?:\.js)?|python|typescript|java|ruby|php|go|es|rfc|iso|http\/)\s?#?\d+(\.\d+)*(\s(and|or|to)\s\d+(\.\d+)*)?\b/gi,
];

function blanked(text: string, patterns: readonly RegExp[]): string {
  return patterns.reduce((rest, pattern) => rest.replace(pattern, (found) => " ".repeat(found.length)), text);
}

interface Shape {
  readonly kind: LiteralKind | "code";
  readonly pattern: RegExp;
  readonly accept: (text: string, paragraph: string) => boolean;
}

const always = () => true;
const STATUS_WORDS =
  /\b(status|http|answer|answers|answered|respond|response|responds|return|returns|returned|reply|replies|code|error|GET|POST|PUT|PATCH|DELETE|refuse[sd]?)\b|→|->|=>/i;
const CODES = new Set(
  "200 201 202 204 205 206 301 302 303 304 307 308 400 401 402 403 404 405 406 408 409 410 411 412 413 414 415 416 418 422 423 425 426 428 429 431 451 500 501 502 503 504".split(
    " ",
  ),
);
const UNITS =
  "px|em|rem|ch|vh|vw|pt|dpi|fps|ms|µs|ns|s|sec|secs|seconds?|min|mins|minutes?|h|hours?|days?|weeks?|months?|years?|%|percent|kb|mb|gb|tb|kib|mib|gib|bytes?|bits?|k|hz|khz|mhz|ghz|°c?|°f|deg|degrees?|€|\\$|£|¥|eur|euros?|usd|dollars?|cents?|kg|g|mg|km|m|cm|mm|characters?|chars?|letters?|digits?|words?|lines?|rows?|columns?|items?|entries|pieces?|times|attempts?|retries|requests?|users?|pages?|points?|levels?|decimals?|places|elements?|records?|files?|tests?|calls?|todos?|tasks?";
const LIMITS =
  "at most|at least|max(?:imum)?(?: of)?|min(?:imum)?(?: of)?|up to|no more than|not more than|no fewer than|no less than|more than|less than|fewer than|greater than|below|above|under|over|exceeds?|limit(?:ed)? (?:of|to)|limit is|between|from|exactly|default(?:s)?(?: is| of| to)?|equals?|multiple of|is|be|gives|>=|<=|≥|≤|>|<|==?";
const NUMBER = "[-−+]?\\d{1,15}(?:[.,]\\d{1,15}){0,6}";

/** Earlier shapes win: what they take is gone for the later ones. */
const SHAPES: readonly Shape[] = [
  { kind: "code", pattern: /``((?:[^`]|`(?!`)){1,200})``/g, accept: always },
  { kind: "code", pattern: /`([^`]{1,200})`/g, accept: always },
  { kind: "quoted", pattern: /[“„]([^”“]{1,200})[”“]/g, accept: always },
  { kind: "quoted", pattern: /(?<![\w"])"([^"]{1,200})"(?!\w)/g, accept: always },
  { kind: "quoted", pattern: /(?<![\w‘’'])'(\S(?:[^'\n]{0,100}\S)?)'(?![\w’'])/g, accept: always },
  { kind: "quoted", pattern: /(?<!\w)‘([^’‘\n]{1,100})’(?!\w)/g, accept: always },
  { kind: "colour", pattern: /(?<![\w&#/])#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})(?!\w)/gi, accept: isColour },
  { kind: "colour", pattern: /\b(?:rgb|hsl)a?\([^()]{3,40}\)/gi, accept: always },
  {
    kind: "route",
    pattern:
      /\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s\/[\w\-./{}:?=&<>*[\]]*[\w}/>\]]|\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s\//g,
    accept: always,
  },
  {
    kind: "route",
    pattern: /(?<![\w.:/<}>)])\/[a-z][\w-]*(?:\/[\w\-{}:]+)*(?:\?[\w=&{}]+)?(?![\w/.])/gi,
    accept: always,
  },
  { kind: "status", pattern: /(?<![\w.#$€,-])[1-5]\d\d(?![\w%]|[.,]\d)/g, accept: isStatus },
  { kind: "number", pattern: rangeBy("(?<=\\bbetween\\s)", "and"), accept: always },
  { kind: "number", pattern: rangeBy("(?<![\\w.#/$€-])", "to|through"), accept: always },
  { kind: "number", pattern: new RegExp(`(?<![\\w.#/])[€$£¥]\\s?${NUMBER}(?!\\w)`, "g"), accept: always },
  {
    kind: "number",
    pattern: new RegExp(`(?<![\\w.#/])${NUMBER}(?:\\s|-)?(?:${UNITS})(?![\\w/])`, "gi"),
    accept: always,
  },
  { kind: "number", pattern: /(?<![\w.#/])[-−+]?\d+\.\d+(?![\w.]|\.\d)/g, accept: always },
  {
    kind: "number",
    pattern: new RegExp(`(?<=(?:^|[\\s(])(?:${LIMITS})\\s)${NUMBER}(?![\\w]|[.,]\\d)`, "gi"),
    accept: always,
  },
  { kind: "number", pattern: new RegExp(`(?<=\\|\\s*)${NUMBER}(?=\\s*\\|)`, "g"), accept: always },
];

/** Two numbers with a word between them; the second may have a unit. */
function rangeBy(before: string, word: string): RegExp {
  return new RegExp(`${before}(${NUMBER})\\s(?:${word})\\s(${NUMBER}(?:[\\s-]?(?:${UNITS})(?![\\w/]))?)(?!\\w)`, "gi");
}

function isColour(text: string, paragraph: string): boolean {
  if (!/^#\d+$/.test(text)) return true;
  return text.length === 7 || /colou?r|background|border|hex|shade|fill|stroke/i.test(paragraph);
}

function isStatus(text: string, paragraph: string): boolean {
  return CODES.has(text) && STATUS_WORDS.test(paragraph);
}

function kindFor(kind: Shape["kind"], text: string): LiteralKind {
  if (kind !== "code") return kind;
  if (/^#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(text)) return "colour";
  if (/^((GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+)?\/[\w\-/{}:?=&<>.]*$/.test(text)) return "route";
  if (/^["'“‘].*["'”’]$/.test(text)) return "quoted";
  return /^[-−+]?[\d.,]+\s?[a-z%°€$]{0,8}$/i.test(text) ? "number" : "identifier";
}
