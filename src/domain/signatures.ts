import { hasOutline, linesOf, outlineOf } from "./outline.ts";

/** Longest declaration that is shown, in lines. */
const LONGEST = 12;

/** What a file offers to others, without how it is done: the heads of its exported functions and classes, its types. */
export function signaturesOf(path: string, text: string): readonly string[] {
  if (!hasOutline(path)) return [];
  const { chunks } = outlineOf(path, text);
  const exported = chunks.filter((chunk) => chunk.exported);
  const shown = exported.length > 0 ? exported : chunks;
  return shown.flatMap((chunk) => {
    const lines = linesOf(text, chunk.from, chunk.to).split("\n");
    const start = lines.findIndex((line) => !/^\s*(?:\/\/|\/\*|\*|#|@|$)/.test(line));
    return start < 0 ? [] : headsOf(lines.slice(start), path.endsWith(".py"));
  });
}

function headsOf(lines: readonly string[], isPython: boolean): readonly string[] {
  const [first = ""] = lines;
  if (/^(?:export\s+)?(?:declare\s+)?(?:type|interface)\b/.test(first)) return [lines.slice(0, LONGEST).join("\n")];
  if (!/^(?:export\s+)?(?:default\s+)?(?:abstract\s+)?class\b/.test(first)) return [headOf(lines, isPython)];
  const method = isPython
    ? /^ {4}(?:async )?def (?!_(?!_init__))\w+\(/
    : /^ {2,4}(?!private|#|if\b|for\b|while\b|return\b|switch\b)(?:(?:static|async|get|set|public|readonly)\s+)*[A-Za-z_$][\w$]*\s*(?:<[^>]*>)?\(/;
  const methods = lines.flatMap((line, at) => (method.test(line) ? [headOf(lines.slice(at), isPython)] : []));
  return [headOf(lines, isPython), ...methods];
}

/** The declaration up to where its body begins; a constant by its name and type. */
function headOf(lines: readonly string[], isPython: boolean): string {
  const text = lines.slice(0, LONGEST).join("\n");
  const open = /^[^(=]*\(|=\s*(?:async\s*)?(?:<[^>]*>)?\(/.test(lines[0] ?? "");
  const end = open ? afterParameters(text, isPython) : text.search(isPython ? /[=:]/ : /[={]/);
  return (end < 0 ? (lines[0] ?? "") : text.slice(0, end)).trimEnd();
}

/** Where the body begins behind the closing bracket of the first parameter list. */
function afterParameters(text: string, isPython: boolean): number {
  const close = closingBracket(text, text.indexOf("("));
  if (close < 0) return -1;
  const body = isPython ? /:\s*(?:\n|$|#)|:\s/ : /\s*=>|\s*\{\s*(?:\n|$|[^\n}]*\breturn\b)|;|\n/;
  const rest = text.slice(close + 1).search(body);
  return rest < 0 ? text.length : close + 1 + rest;
}

function closingBracket(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at >= 0 && at < text.length; at++) {
    if ("([{".includes(text.charAt(at))) depth++;
    if (")]}".includes(text.charAt(at))) depth--;
    if (depth === 0) return at;
  }
  return -1;
}
