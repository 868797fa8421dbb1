/** A named part of a file: a declaration with the comment above it, or a run of lines between two. Lines are 1-based, inclusive. */
export interface Chunk {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** True when other files can see it. */
  readonly exported: boolean;
  /** True for a test case or a suite, whose name is a title. */
  readonly titled?: boolean;
}

/** A file and its top-level parts, in order. */
export interface FileOutline {
  readonly path: string;
  readonly chunks: readonly Chunk[];
}

type Declared = Pick<Chunk, "name" | "exported" | "titled">;

type Reader = (line: string) => Declared | undefined;

const JAVASCRIPT = /\.[cm]?[jt]sx?$|\.(?:vue|svelte)$/;
const PYTHON = /\.pyi?$/;
const OTHER = /\.(?:go|rs|java|kt|rb|php|cs|swift|scala|c|h|cc|cpp|hpp)$/;

/** True when the file holds code whose parts are known by name. */
export function hasOutline(path: string): boolean {
  return JAVASCRIPT.test(path) || PYTHON.test(path) || OTHER.test(path);
}

/**
 * A file's top-level declarations, found line by line: right for code that is indented as people and formatters indent
 * it, and good enough for choosing what to show; never used to judge.
 */
export function outlineOf(path: string, text: string): FileOutline {
  const reader = readerOf(path);
  if (!reader) return { path, chunks: [] };
  const lines = text.split(/\r?\n/);
  const starts: { readonly at: number; readonly declared: Declared }[] = [];
  for (const [at, line] of lines.entries()) {
    const declared = /^[\s})\]]/.test(line) ? undefined : reader(line);
    if (declared) starts.push({ at: withComment(lines, at), declared });
  }
  const chunks = starts.map(({ at, declared }, index) => {
    const next = starts[index + 1]?.at ?? lines.length;
    return { ...declared, from: at + 1, to: lastWritten(lines, at, next) };
  });
  return { path, chunks };
}

/** Names that other files can see; all of them in a file that exports none; none of a file of tests. */
export function symbolsOf(outline: FileOutline): readonly string[] {
  const isTest = outline.chunks.some((chunk) => chunk.titled || /^test_|^Test[A-Z]/.test(chunk.name));
  const named = isTest ? [] : outline.chunks.filter((chunk) => chunk.name !== "default");
  const exported = named.filter((chunk) => chunk.exported);
  return [...new Set((exported.length > 0 ? exported : named).map((chunk) => chunk.name))];
}

/** Lines of a text, 1-based and inclusive. */
export function linesOf(text: string, from: number, to: number): string {
  return text
    .split(/\r?\n/)
    .slice(from - 1, to)
    .join("\n");
}

function readerOf(path: string): Reader | undefined {
  if (JAVASCRIPT.test(path)) return javaScriptDeclaration;
  if (PYTHON.test(path)) return pythonDeclaration;
  return OTHER.test(path) ? otherDeclaration : undefined;
}

const SCRIPT_DECLARATION =
  /^(export\s+)?(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\b\s*\*?|class|interface|type|(?:const\s+)?enum|const|let|var|namespace)\s+([A-Za-z_$][\w$]*)/;
const SCRIPT_ASSIGNED = /^(?:module\.)?exports\.([A-Za-z_$][\w$]*)\s*=/;
const SCRIPT_CASE = /^(?:describe|suite|test|it)(?:\.\w+)*\(\s*["'`]([^"'`]{1,80})/;

function javaScriptDeclaration(line: string): Declared | undefined {
  const declared = SCRIPT_DECLARATION.exec(line);
  if (declared) return { name: declared[2] ?? "", exported: declared[1] !== undefined };
  const assigned = SCRIPT_ASSIGNED.exec(line);
  if (assigned) return { name: assigned[1] ?? "", exported: true };
  if (/^export\s+default\b/.test(line)) return { name: "default", exported: true };
  const titled = SCRIPT_CASE.exec(line);
  return titled ? { name: titled[1] ?? "", exported: false, titled: true } : undefined;
}

function pythonDeclaration(line: string): Declared | undefined {
  const declared = /^(?:async\s+)?(?:def|class)\s+(\w+)/.exec(line) ?? /^([A-Za-z_]\w*)\s*(?::[^=]+)?=(?!=)/.exec(line);
  const name = declared?.[1];
  return name === undefined ? undefined : { name, exported: !name.startsWith("_") };
}

const OTHER_DECLARATION =
  /^((?:pub(?:\([^)]*\))?|public|private|protected|internal|static|final|abstract|open|data|sealed|async|export)\s+)*(?:fn|func|fun|struct|trait|impl|def|class|module|interface|type|enum|record|object|namespace)\s+(?:\([^)]*\)\s*)?([A-Za-z_]\w*)/;

function otherDeclaration(line: string): Declared | undefined {
  const declared = OTHER_DECLARATION.exec(line);
  return declared ? { name: declared[2] ?? "", exported: !/^private\b/.test(line) } : undefined;
}

/** Where the comment or the decorators of a declaration begin. */
function withComment(lines: readonly string[], at: number): number {
  let start = at;
  while (start > 0 && /^(?:@|#|\/\/|\/\*|\s\*)/.test(lines[start - 1] ?? "")) start--;
  return start;
}

function lastWritten(lines: readonly string[], start: number, next: number): number {
  let end = next;
  while (end > start + 1 && (lines[end - 1] ?? "").trim() === "") end--;
  return end;
}
