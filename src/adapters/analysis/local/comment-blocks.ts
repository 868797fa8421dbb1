import type { JavaScriptComment } from "./javascript.ts";
import type { SourceText } from "./source-text.ts";

/** Comment lines that stand alone and follow one another, without their comment marks. */
export interface CommentBlock {
  /** 1-based line of the first text line. */
  readonly line: number;
  readonly lines: readonly string[];
}

const DIRECTIVE =
  /^\s*(eslint|@ts-|ts-|prettier-|biome-|oxlint-|oxc-|istanbul|c8|v8|jshint|jslint|tslint|globals?\b|webpack|vite-|#?(end)?region\b|#\s*source|@|sourceMappingURL|cspell|spell-?checker|deno-|noinspection|<reference|noqa|type:|pylint:|pragma\b|fmt:|mypy:|ruff:|isort:|nosec|pyright:|flake8|yapf|-\*-|!|%%|language=)/i;

/** The blocks of a JavaScript file: line comments one below the other, and `/* … *​/` that are not JSDoc. */
export function javaScriptBlocks(comments: readonly JavaScriptComment[], source: SourceText): readonly CommentBlock[] {
  const alone = comments.filter((comment) => standsAlone(comment, source));
  const parts = alone.map((comment) => ({
    line: source.lineAt(comment.start),
    lines: textLines(comment),
    whole: comment.type === "Block",
  }));
  return joined(parts.filter((part) => part.lines.length > 0));
}

function standsAlone(comment: JavaScriptComment, source: SourceText): boolean {
  const line = source.lineAt(comment.start);
  const before = (source.lines[line - 1] ?? "").trimStart();
  const after = source.text.slice(comment.end, source.text.indexOf("\n", comment.end) >>> 0);
  return (before.startsWith("//") || before.startsWith("/*")) && after.trim() === "";
}

function textLines(comment: JavaScriptComment): readonly string[] {
  // `///` and `/**` are documentation: code in them is an example.
  if (/^[/*!]/.test(comment.value)) return [];
  if (comment.type === "Line") return [comment.value.replace(/^ /, "")];
  return comment.value.split("\n").map((line) => line.replace(/^\s*\* ?/, ""));
}

/** The blocks of a Python file: `#` lines one below the other. */
export function pythonBlocks(source: SourceText, isComment: (line: number) => boolean): readonly CommentBlock[] {
  const parts = source.lines.flatMap((text, index) => {
    const comment = /^\s*#(?![!:])\s?(.*)$/.exec(text);
    return comment && isComment(index + 1) ? [{ line: index + 1, lines: [comment[1] ?? ""], whole: false }] : [];
  });
  return joined(parts);
}

interface Part extends CommentBlock {
  /** A block of its own, which does not join its neighbours. */
  readonly whole: boolean;
}

function joined(parts: readonly Part[]): readonly CommentBlock[] {
  const blocks: { line: number; lines: string[]; whole: boolean }[] = [];
  for (const part of parts) {
    const last = blocks.at(-1);
    const directive = part.lines.length === 1 && DIRECTIVE.test(part.lines[0] ?? "");
    if (directive) continue;
    if (last && !last.whole && !part.whole && last.line + last.lines.length === part.line)
      last.lines.push(...part.lines);
    else blocks.push({ line: part.line, lines: [...part.lines], whole: part.whole });
  }
  return blocks;
}
