import { createRequire } from "node:module";
import type { SgNode } from "@ast-grep/napi";
import type { ParsedText, SyntaxNode } from "../../domain/syntax-node.ts";

type Grammar = (text: string) => SgNode;

/** Longer texts are generated or vendored: nobody learns from them. */
const LONGEST = 300_000;

let registered = false;

/**
 * The syntax tree of a Python, TypeScript or JavaScript text as plain values; undefined for other files, by their name, and
 * for texts of more than 300,000 characters. A text with errors in it has a tree too.
 */
export async function parseText(path: string, text: string): Promise<ParsedText | undefined> {
  if (text.length > LONGEST) return undefined;
  const grammar = await grammarOf(path);
  return grammar && { text, root: plainNode(grammar(text)) };
}

async function grammarOf(path: string): Promise<Grammar | undefined> {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "";
  const { Lang, parse, registerDynamicLanguage } = await import("@ast-grep/napi");
  if (/^pyi?$/.test(ending)) {
    if (!registered) {
      const python = createRequire(import.meta.url)("@ast-grep/lang-python");
      registerDynamicLanguage({ python });
      registered = true;
    }
    return (text) => parse("python", text).root();
  }
  if (/^[mc]?ts$/.test(ending)) return (text) => parse(Lang.TypeScript, text).root();
  if (ending === "tsx") return (text) => parse(Lang.Tsx, text).root();
  if (/^([mc]?js|jsx)$/.test(ending)) return (text) => parse(Lang.JavaScript, text).root();
  return undefined;
}

function plainNode(node: SgNode): SyntaxNode {
  const children = node
    .children()
    .filter((child) => child.kind() !== "comment")
    .map(plainNode);
  const { start, end } = node.range();
  const whole = children.length === 0 || /string/.test(String(node.kind()));
  const tokens = whole ? node.text() : children.map((child) => child.tokens).join(" ");
  return {
    kind: String(node.kind()),
    named: node.isNamed(),
    from: start.index,
    to: end.index,
    tokens: tokens.trim(),
    children,
  };
}
