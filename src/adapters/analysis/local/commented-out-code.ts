import type { Diagnostic } from "../../../domain/diagnostic.ts";
import { isJavaScriptCode } from "./code-javascript.ts";
import { isPythonCode } from "./code-python.ts";
import { type CommentBlock, javaScriptBlocks, pythonBlocks } from "./comment-blocks.ts";
import { parseJavaScript } from "./javascript.ts";
import { languageOf } from "./languages.ts";
import { parsePython } from "./python.ts";
import { diagnosticAt, type SourceText, sourceText } from "./source-text.ts";

const COMMENTED_OUT_CODE = "commented-out-code";
const MESSAGE = "Code that is commented out: delete it, git remembers it.";

/** Longest run of comment lines that is tried as one piece of code. */
const LONGEST = 40;

/** Pieces of one file that are parsed at most, so that a wall of comments costs no more than a second. */
const MOST_TRIES = 500;

/** Words that announce an example: what follows explains code, it was never part of it. */
const EXAMPLE =
  /\b(examples?|usage|e\.g|i\.e|for instance|such as|samples?|becomes?|equivalent|same as|looks? like|instead of|produces?|output|returns?:|results? in|syntax|format|pseudo)\b|```|>>>|=>\s*$/i;
const LICENCE = /\b(copyright|licen[cs]e|SPDX|all rights reserved)\b/i;

/** Complaints about comments whose text is code of the file's own language. */
export async function commentedOutCode(path: string, text: string): Promise<readonly Diagnostic[]> {
  const language = languageOf(path);
  if (language === "javascript") return javaScriptComplaints(path, text);
  if (language === "python") return pythonComplaints(path, text);
  return [];
}

async function javaScriptComplaints(path: string, text: string): Promise<readonly Diagnostic[]> {
  if (!text.includes("//") && !text.includes("/*")) return [];
  const file = await parseJavaScript(path, text);
  if (file.errors.length > 0) return [];
  const source = sourceText(text);
  return complaints(path, source, javaScriptBlocks(file.comments, source), isJavaScriptCode);
}

async function pythonComplaints(path: string, text: string): Promise<readonly Diagnostic[]> {
  if (!/^\s*#/m.test(text)) return [];
  const source = sourceText(text);
  const lines = new Set(
    (await parsePython(text)).findAll({ rule: { kind: "comment" } }).map((node) => node.range().start.line + 1),
  );
  return complaints(
    path,
    source,
    pythonBlocks(source, (line) => lines.has(line)),
    isPythonCode,
  );
}

async function complaints(
  path: string,
  source: SourceText,
  blocks: readonly CommentBlock[],
  isCode: (text: string) => Promise<boolean>,
): Promise<readonly Diagnostic[]> {
  const found: Diagnostic[] = [];
  let tries = 0;
  const tried = async (text: string) => {
    tries += 1;
    return tries <= MOST_TRIES && (await isCode(text));
  };
  for (const block of blocks) {
    const line = await codeIn(block, tried);
    if (line !== undefined) found.push(diagnosticAt(source, { path, line }, COMMENTED_OUT_CODE, MESSAGE));
  }
  return found;
}

/** The first line of the first piece of a block that is code. */
async function codeIn(block: CommentBlock, isCode: (text: string) => Promise<boolean>): Promise<number | undefined> {
  const { lines } = block;
  if (LICENCE.test(lines.join("\n"))) return undefined;
  const examples = exampleLines(lines);
  const depths = depthsOf(lines);
  for (const [start, line] of lines.entries()) {
    if (examples[start] || !mayBeCode(line) || illustrates(lines, start)) continue;
    if (await beginsCode(lines.slice(start, start + LONGEST), depths.slice(start, start + LONGEST + 1), isCode))
      return block.line + start;
  }
  return undefined;
}

/** Lines of examples: one reaches from its announcement to the next empty line, or over it when that follows at once. */
function exampleLines(lines: readonly string[]): readonly boolean[] {
  let inside = false;
  return lines.map((line, index) => {
    const ends = line.trim() === "" && !EXAMPLE.test(lines[index - 1] ?? "");
    inside = EXAMPLE.test(line) || (inside && !ends);
    return inside;
  });
}

/** Prose before it, and set in from it: the line shows what the prose says. */
function illustrates(lines: readonly string[], at: number): boolean {
  const indent = indentOf(lines[at] ?? "");
  const above = lines
    .slice(Math.max(0, at - LONGEST), at)
    .findLast((line) => line.trim() !== "" && indentOf(line) < indent);
  return above !== undefined && /^[^;{}()[\]=]*$|\p{L}{2,} \p{L}{2,} \p{L}{2,}/u.test(above);
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** Tries the longest piece first: half an `if` is not code, the whole of it is. */
async function beginsCode(
  lines: readonly string[],
  depths: readonly string[],
  isCode: (text: string) => Promise<boolean>,
): Promise<boolean> {
  for (let end = lines.length; end > 0; end -= 1) {
    // A piece that leaves a bracket open is prose or half a statement: no parser needs to see it.
    if (depths[end] !== depths[0]) continue;
    const last = lines[end - 1] ?? "";
    if (end > 1 && !mayBeCode(last) && !/^\s*[\])}]/.test(last)) continue;
    if (await isCode(lines.slice(0, end).join("\n"))) return true;
  }
  return false;
}

/** Open brackets after each line, the first entry being those before the first. */
function depthsOf(lines: readonly string[]): readonly string[] {
  const depth: Record<string, number> = { "(": 0, "{": 0, "[": 0 };
  const after = lines.map((line) => {
    const bare = line.replace(/(["'`])(?:\\.|(?!\1)[^\\])*\1/g, "");
    for (const [open = "", close = ""] of ["()", "{}", "[]"])
      depth[open] = (depth[open] ?? 0) + bare.split(open).length - bare.split(close).length;
    return Object.values(depth).join();
  });
  return ["0,0,0", ...after];
}

/** Cheap look before anything is parsed: prose has none of the marks that code needs. */
function mayBeCode(line: string): boolean {
  return /[;{}()=[\]]|:\s*$|^\s*(import|from|export|return|raise|throw|assert|await|del|global|@\w)\b/.test(line);
}
