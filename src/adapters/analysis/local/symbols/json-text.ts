import { isNode, type SyntaxNode } from "../javascript.ts";

/** What a JSON text says, comments and trailing commas allowed; undefined when it says nothing. */
export async function lenientJson(text: string): Promise<unknown> {
  const plain = text.replace(/^\uFEFF/, "");
  try {
    return JSON.parse(plain);
  } catch {
    const { parseSync } = await import("oxc-parser");
    const parsed = parseSync("value.js", `(\n${plain}\n)`, { sourceType: "script", preserveParens: false });
    const [statement] = parsed.program.body as unknown as readonly SyntaxNode[];
    return parsed.errors.length > 0 ? undefined : literalOf(statement?.expression);
  }
}

function literalOf(node: unknown): unknown {
  if (!isNode(node)) return undefined;
  if (node.type === "Literal") return node.value;
  if (node.type === "ArrayExpression") return (node.elements as readonly unknown[]).map(literalOf);
  if (node.type !== "ObjectExpression") return undefined;
  const members = (node.properties as readonly SyntaxNode[]).flatMap(({ key, value }) =>
    isNode(key) ? [[String(key.value ?? key.name), literalOf(value)] as const] : [],
  );
  return Object.fromEntries(members);
}

export type Table = Readonly<Record<string, unknown>>;

/** A value as a table; undefined when it is none. */
export function tableOf(value: unknown): Table | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Table) : undefined;
}

export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** What stands in a node of a syntax tree, to look for a word in it; a literal like `5n` is no JSON of its own. */
export function nodeText(node: unknown): string {
  return JSON.stringify(node ?? null, (_key, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
}
