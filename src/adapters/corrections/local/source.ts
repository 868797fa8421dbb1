import { createRequire } from "node:module";
import type { SgNode } from "@ast-grep/napi";
import type { Workspace } from "@astral-sh/ruff-wasm-nodejs";
import type { CorrectionLanguage } from "../../../domain/correction-file.ts";

export type Node = SgNode;

/** A parsed text. The tree is there for wrong texts too: `isSound` says whether the text is right. */
export interface Source {
  readonly path: string;
  readonly text: string;
  readonly language: CorrectionLanguage;
  readonly root: Node;
}

/** One replacement of a span; offsets in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What is done about one place: all of its spans or none. `lines` are the 0-based lines that the mistake stands on. */
export interface Change {
  readonly spans: readonly Span[];
  readonly lines: { readonly from: number; readonly to: number };
}

/** Finds the places of one file and says what is done about them. */
export type Rewriter = (source: Source) => readonly Change[];

let registered = false;

export async function parseSource(path: string, text: string, language: CorrectionLanguage): Promise<Source> {
  const { parse, Lang, registerDynamicLanguage } = await import("@ast-grep/napi");
  if (!registered) {
    const python = createRequire(import.meta.url)("@ast-grep/lang-python") as Parameters<
      typeof registerDynamicLanguage
    >[0][string];
    registerDynamicLanguage({ python });
    registered = true;
  }
  const grammar = {
    python: "python",
    typescript: /\.tsx$/i.test(path) ? Lang.Tsx : Lang.TypeScript,
    javascript: Lang.JavaScript,
  }[language];
  return { path, text, language, root: parse(grammar, text).root() };
}

let ruff: Workspace | undefined;

/** True when the language's own parser takes the text. Python: ruff; TypeScript and JavaScript: oxc, as module, CommonJS or script. */
export async function isSound(path: string, text: string, language: CorrectionLanguage): Promise<boolean> {
  if (language !== "python") return isJavaScript(path, text);
  const { Workspace, PositionEncoding } = await import("@astral-sh/ruff-wasm-nodejs");
  ruff ??= new Workspace({ "target-version": "py314", lint: { select: [] } }, PositionEncoding.Utf16);
  return ruff.check(text).length === 0;
}

async function isJavaScript(path: string, text: string): Promise<boolean> {
  const { parseSync } = await import("oxc-parser");
  const lang = grammarOf(path);
  return (["module", "commonjs", "script"] as const).some(
    (sourceType) => parseSync(path, text, { lang, sourceType, showSemanticErrors: true }).errors.length === 0,
  );
}

function grammarOf(path: string): "dts" | "tsx" | "ts" | "jsx" {
  if (/\.d\.[cm]?ts$/i.test(path)) return "dts";
  if (/\.tsx$/i.test(path)) return "tsx";
  return /\.[cm]?ts$/i.test(path) ? "ts" : "jsx";
}

/** The text with spans that do not overlap put in. */
export function spliced(text: string, spans: readonly Span[]): string {
  const sorted = [...spans].sort((one, two) => two.start - one.start || two.end - one.end);
  return sorted.reduce((rest, span) => rest.slice(0, span.start) + span.text + rest.slice(span.end), text);
}

export function startOf(node: Node): number {
  return node.range().start.index;
}

export function endOf(node: Node): number {
  return node.range().end.index;
}

export function linesOf(node: Node): Change["lines"] {
  const { start, end } = node.range();
  return { from: start.line, to: end.line };
}

/** The named nodes directly below, without comments. */
export function members(node: Node): readonly Node[] {
  return node.children().filter((child) => child.isNamed() && !isComment(child));
}

export function isComment(node: Node): boolean {
  return String(node.kind()) === "comment";
}

export function kindOf(node: Node | null | undefined): string {
  return node ? String(node.kind()) : "";
}

/** The white space before the first word of the line that an offset stands on. */
export function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? "";
}

/** True when nothing but white space stands before the offset on its line. */
export function opensLine(text: string, offset: number): boolean {
  return /^[ \t]*$/.test(text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset));
}

/** The line ending that a text uses. */
export function lineEnd(text: string): "\r\n" | "\n" {
  return text.includes("\r\n") ? "\r\n" : "\n";
}
