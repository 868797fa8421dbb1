import { type SourceFile, tokensOfSource } from "./source.ts";

/** A function or method as it is written: lines 1-based, inclusive. */
export interface WrittenFunction {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** 1, and one more for each branch, loop, case, catch and logical sign in it. */
  readonly complexity: number;
}

const PYTHON_START = /^(\s*)(?:async\s+)?def\s+(\w+)/;
const SCRIPT_STARTS = [
  /^(\s*)(?:export\s+)?(?:default\s+)?(?:async\s+)?function\s*\*?\s*([\w$]+)/,
  /^(\s*)(?:export\s+)?(?:const|let|var)\s+([\w$]+)[^=]*=\s*(?:async\s*)?(?:\([^)]*\)|[\w$]+)\s*(?::[^=]+)?=>/,
  /^(\s+)(?:(?:static|async|get|set|public|private|protected|readonly|override)\s+)*(?!(?:if|for|while|switch|catch|function|return|else|do|try)\b)([\w$#]+)\s*(?:<[^>]*>)?\([^;]*\)\s*(?::[^{]+)?\{\s*$/,
];
const BRANCHES = new Set(["if", "for", "while", "case", "catch", "elif", "except", "and", "or", "&&", "||", "??", "?"]);

/** Functions by the indentation that people and formatters give them: good enough to say where it is worth a look. */
export function functionsOf({ path, text }: Pick<SourceFile, "path" | "text">): readonly WrittenFunction[] {
  const lines = text.split(/\r?\n/);
  const isPython = /\.pyi?$/.test(path);
  const branches = branchesByLine(path, text, isPython);
  return lines.flatMap((line, at) => {
    const start = isPython ? PYTHON_START.exec(line) : SCRIPT_STARTS.map((one) => one.exec(line)).find(Boolean);
    if (!start) return [];
    const to = endOf(lines, at, { depth: (start[1] ?? "").length, isPython });
    const complexity = 1 + branches.slice(at, to).reduce((sum, count) => sum + count, 0);
    return [{ name: start[2] ?? "", from: at + 1, to, complexity }];
  });
}

/** Branching tokens of each line. `?` of an optional member is none: it stands before `:`, `)` or `,`. */
function branchesByLine(path: string, text: string, isPython: boolean): readonly number[] {
  const counts = new Array<number>(text.split("\n").length).fill(0);
  const tokens = tokensOfSource(path, text);
  for (const [at, { text: word, line, kind }] of tokens.entries()) {
    if (kind === "string" || !BRANCHES.has(word)) continue;
    const isOptional = word === "?" && (isPython || /^[:),;=]$/.test(tokens[at + 1]?.text ?? ""));
    if (!isOptional) counts[line - 1] = (counts[line - 1] ?? 0) + 1;
  }
  return counts;
}

interface Beginning {
  readonly depth: number;
  readonly isPython: boolean;
}

function endOf(lines: readonly string[], start: number, { depth, isPython }: Beginning): number {
  for (let at = start + 1; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (line.trim() === "") continue;
    const indent = line.length - line.trimStart().length;
    if (indent > depth || /^\s*\)/.test(line)) continue;
    return isPython || !/^\s*[}\]]/.test(line) ? lastWritten(lines, start, at) : at + 1;
  }
  return lines.length;
}

function lastWritten(lines: readonly string[], start: number, next: number): number {
  let end = next;
  while (end > start + 1 && (lines[end - 1] ?? "").trim() === "") end--;
  return end;
}
