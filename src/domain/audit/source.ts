import { type FileOutline, outlineOf } from "../outline.ts";
import { importCandidates } from "../related.ts";

/** A file of the repository that an audit looks at. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly outline: FileOutline;
  readonly isTest: boolean;
}

export function sourceFile(path: string, text: string, isTest: boolean): SourceFile {
  return { path, text, outline: outlineOf(path, text), isTest };
}

/** A piece of code as a lexer sees it. Comments and white space are left out. */
export interface Token {
  readonly kind: "word" | "number" | "string" | "sign";
  readonly text: string;
  /** 1-based. */
  readonly line: number;
}

const PYTHON = /\.pyi?$/;
const SCRIPT_TOKEN =
  /(\/\/[^\n]*|\/\*[\s\S]*?\*\/|^#![^\n]*)|("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`)|([A-Za-z_$][\w$]*)|(\d[\w.]*)|(=>|[=!]==?|&&|\|\||\?\?=?|\?\.|\.\.\.|[<>]=?|[+\-*%]=?|[^\s\w])/gy;
const PYTHON_TOKEN =
  /(#[^\n]*)|([rbfuRBFU]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))|([A-Za-z_]\w*)|(\d[\w.]*)|(\*\*|\/\/|->|:=|[=!<>]=|[^\s\w])/gy;
const REGEX_LITERAL = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/y;

/** The tokens of a text of JavaScript, TypeScript, Python or a language that looks like one of them. */
export function tokensOfSource(path: string, text: string): readonly Token[] {
  const pattern = new RegExp(PYTHON.test(path) ? PYTHON_TOKEN : SCRIPT_TOKEN);
  const tokens: Token[] = [];
  let [at, line] = [0, 1];
  while (at < text.length) {
    const literal =
      text[at] === "/" && !PYTHON.test(path) && opensLiteral(tokens.at(-1)) ? regexAt(text, at) : undefined;
    pattern.lastIndex = at;
    const found = literal === undefined ? pattern.exec(text) : undefined;
    const matched = literal ?? found?.[0] ?? text[at] ?? " ";
    const kind = literal === undefined ? kindOf(found) : "string";
    if (kind !== undefined) tokens.push({ kind, text: matched, line });
    line += matched.split("\n").length - 1;
    at += matched.length;
  }
  return tokens;
}

function kindOf(found: RegExpExecArray | null | undefined): Token["kind"] | undefined {
  if (found?.[2] !== undefined) return "string";
  if (found?.[3] !== undefined) return "word";
  if (found?.[4] !== undefined) return "number";
  return found?.[5] === undefined ? undefined : "sign";
}

function opensLiteral(before: Token | undefined): boolean {
  if (before === undefined) return true;
  if (before.kind === "word") return ["return", "typeof", "case", "in", "of", "do", "else"].includes(before.text);
  return before.kind === "sign" && !/^[)\]}]$/.test(before.text);
}

function regexAt(text: string, at: number): string | undefined {
  const pattern = new RegExp(REGEX_LITERAL);
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Which file of the repository names which in an import; paths that are not there are left out. */
export type ImportGraph = ReadonlyMap<string, ReadonlySet<string>>;

export function importGraph(files: readonly SourceFile[]): ImportGraph {
  const paths = new Set(files.map(({ path }) => path));
  return new Map(
    files.map(({ path, text }) => {
      const there = [...importCandidates(path, text), ...pythonRelatives(path, text)];
      return [path, new Set(there.filter((candidate) => candidate !== path && paths.has(candidate)))];
    }),
  );
}

/** `from .session import x`, `from ..core.db import y`. */
function pythonRelatives(path: string, text: string): readonly string[] {
  if (!PYTHON.test(path)) return [];
  const folder = path.split("/").slice(0, -1);
  return [...text.matchAll(/^\s*from\s+(\.+)([\w.]*)\s+import\s+\(?([\w, \t]*)/gm)].flatMap((found) => {
    const [, dots = ".", name = "", names = ""] = found;
    const base = folder.slice(0, folder.length - (dots.length - 1));
    const parts =
      name === "" ? names.split(",").map((one) => one.trim().split(/\s/)[0] ?? "") : [name.replaceAll(".", "/")];
    return parts.filter(Boolean).flatMap((part) => {
      const stem = [...base, part].join("/");
      return [`${stem}.py`, `${stem}/__init__.py`];
    });
  });
}

/** How many files import each file. */
export function fanIn(graph: ImportGraph): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const targets of graph.values()) for (const target of targets) counts.set(target, (counts.get(target) ?? 0) + 1);
  return counts;
}

/** Files that import the path or are imported by it. */
export function neighboursOf(path: string, graph: ImportGraph): ReadonlySet<string> {
  const callers = [...graph].filter(([, targets]) => targets.has(path)).map(([from]) => from);
  return new Set([...(graph.get(path) ?? []), ...callers]);
}

/** Groups of files that import one another in a circle, each sorted by path, the largest first. */
export function importCycles(graph: ImportGraph): readonly (readonly string[])[] {
  const state: Walk = { graph, index: new Map(), low: new Map(), stack: [], found: [] };
  for (const path of [...graph.keys()].sort()) if (!state.index.has(path)) walk(path, state);
  return state.found.filter((group) => group.length > 1).sort((a, b) => b.length - a.length);
}

interface Walk {
  readonly graph: ImportGraph;
  readonly index: Map<string, number>;
  readonly low: Map<string, number>;
  readonly stack: string[];
  readonly found: string[][];
}

/** Tarjan's strongly connected components. */
function walk(path: string, state: Walk): void {
  const { graph, index, low, stack, found } = state;
  const own = index.size;
  index.set(path, own);
  low.set(path, own);
  stack.push(path);
  for (const target of graph.get(path) ?? []) {
    if (!index.has(target)) walk(target, state);
    if (stack.includes(target)) low.set(path, Math.min(low.get(path) ?? own, low.get(target) ?? own));
  }
  if (low.get(path) !== own) return;
  const group = stack.splice(stack.indexOf(path));
  found.push(group.sort());
}
