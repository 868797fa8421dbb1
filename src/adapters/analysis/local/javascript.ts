import type { ParseResult, ParserOptions } from "oxc-parser";
import { extensionOf } from "./languages.ts";

/** A node of the syntax tree, as far as a generic walk needs it. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
}

export interface JavaScriptComment {
  readonly type: "Line" | "Block";
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** A parsed JavaScript or TypeScript file; the tree is made when it is first asked for. */
export interface JavaScriptFile {
  readonly text: string;
  readonly errors: readonly { readonly message: string; readonly offset: number }[];
  readonly comments: readonly JavaScriptComment[];
  readonly program: SyntaxNode;
}

type SourceType = NonNullable<ParserOptions["sourceType"]>;
type Grammar = NonNullable<ParserOptions["lang"]>;

/** How a file may be read, most likely first. */
function readings(extension: string): readonly SourceType[] {
  if (extension === "cjs" || extension === "cts") return ["commonjs", "script"];
  if (extension === "mjs" || extension === "mts") return ["module"];
  return ["module", "commonjs", "script"];
}

function grammarOf(path: string, extension: string): Grammar {
  if (/\.d\.[cm]?ts$/.test(path)) return "dts";
  if (extension === "tsx") return "tsx";
  return extension === "ts" || extension === "mts" || extension === "cts" ? "ts" : "jsx";
}

/** Parses a file by its name: `.js` as a module first, then as CommonJS and as a script. Semantic errors count. */
export async function parseJavaScript(path: string, text: string): Promise<JavaScriptFile> {
  const { parseSync } = await import("oxc-parser");
  const extension = extensionOf(path);
  const lang = grammarOf(path, extension);
  let first: ParseResult | undefined;
  for (const sourceType of readings(extension)) {
    const result = parseSync(path, text, { lang, sourceType, showSemanticErrors: true, preserveParens: false });
    if (result.errors.length === 0) return fileOf(text, result);
    first ??= result;
  }
  return fileOf(text, first as ParseResult);
}

function fileOf(text: string, result: ParseResult): JavaScriptFile {
  return {
    text,
    errors: result.errors.map((error) => ({
      message: error.message,
      // The last label is the place where the mistake shows; the ones before say what it collides with.
      offset: error.labels.at(-1)?.start ?? 0,
    })),
    get comments() {
      return result.comments;
    },
    get program() {
      return result.program as unknown as SyntaxNode;
    },
  };
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}

/** The nodes directly below a node, in the order of the grammar. */
function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (const member in node) {
    const value = node[member];
    if (Array.isArray(value)) children.push(...value.filter(isNode));
    else if (isNode(value)) children.push(value);
  }
  return children;
}

/** Calls `visit` for the node and everything below it; `false` stays out of a node. */
export function walk(node: SyntaxNode, visit: (node: SyntaxNode) => boolean): void {
  if (!visit(node)) return;
  for (const child of childrenOf(node)) walk(child, visit);
}
