import { digestOf } from "../../../domain/digest.ts";
import { isNode, type SyntaxNode } from "./javascript.ts";
import type { PythonNode } from "./python.ts";

/** Members of a node that say where or how it was written, not what it is. */
const LAYOUT = new Set(["start", "end", "range", "loc", "raw", "parent"]);

/** The digest of a JavaScript syntax tree: comments, white space, quotes and parentheses make no difference. */
export function javaScriptDigest(
  nodes: readonly unknown[],
  leaveOut: (node: SyntaxNode) => boolean = () => false,
): string {
  return digestOf(written(nodes, leaveOut));
}

function written(value: unknown, leaveOut: (node: SyntaxNode) => boolean): string {
  if (Array.isArray(value)) {
    const kept = value.filter((member) => !(isNode(member) && leaveOut(member)));
    return `[${kept.map((member) => written(member, leaveOut)).join(",")}]`;
  }
  if (typeof value === "bigint") return `${value}n`;
  if (value === undefined) return "null";
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  // A regular expression's value is an object; its pattern and flags stand beside it.
  if (value instanceof RegExp) return "{}";
  // A template's text is its `raw`, without its cooked form when an escape is wrong.
  const members = Object.entries(value).filter(([name]) => !LAYOUT.has(name) || isTemplateText(value));
  return `{${members.map(([name, member]) => `${name}:${written(member, leaveOut)}`).join(",")}}`;
}

function isTemplateText(value: object): boolean {
  return "raw" in value && "cooked" in value;
}

/** Punctuation that may be there or not without a change of meaning. */
const OPTIONAL_TOKENS = new Set([",", ";"]);

/** The digest of Python syntax trees: comments, white space, quotes and trailing commas make no difference. */
export function pythonDigest(
  nodes: readonly (PythonNode | string)[],
  leaveOut: (node: PythonNode) => boolean = () => false,
): string {
  return digestOf(nodes.map((node) => (typeof node === "string" ? node : pythonWritten(node, leaveOut))).join("\n"));
}

function pythonWritten(node: PythonNode, leaveOut: (node: PythonNode) => boolean): string {
  const kind = String(node.kind());
  if (kind === "string_start") return JSON.stringify(node.text().replace(/["']/g, "").toLowerCase());
  if (kind === "string_end" || kind === "comment" || kind === "line_continuation") return "";
  const children = node.children();
  if (children.length === 0 || kind === "string_content") return `${kind}=${JSON.stringify(node.text())}`;
  const kept = children.filter((child) => !OPTIONAL_TOKENS.has(String(child.kind())) && !leaveOut(child));
  const parts = kept.map((child) => pythonWritten(child, leaveOut)).filter((part) => part !== "");
  return `${kind}(${parts.join(" ")})`;
}
