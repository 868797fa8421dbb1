import type { Does, Literal } from "../../../domain/correction-file.ts";
import { isLiteralSource, literalSource } from "../../../domain/literal-source.ts";
import { allOf, argumentOf, argumentsOf, callsOf, standsInside } from "./calls.ts";
import { endOf, kindOf, linesOf, type Node, type Rewriter, type Source, startOf } from "./source.ts";

type ReplaceLiteral = Extract<Does, { kind: "replace-literal" }>;

const LITERALS = {
  python: ["string", "integer", "float", "true", "false", "none", "unary_operator"],
  javascript: ["string", "number", "true", "false", "null", "undefined", "unary_expression"],
};
const EXPRESSIONS = {
  python: ["attribute", "identifier", "call", "subscript"],
  javascript: ["member_expression", "identifier", "call_expression", "subscript_expression"],
};

/** Writes another value where one stands. */
export function replaceLiteral(does: ReplaceLiteral): Rewriter {
  return (source) =>
    placesOf(does, source)
      .filter((node) => standsInside(node, does.inside))
      .filter((node) => does.from.some((value) => isValue(node, value, source)))
      .map((node) => {
        const text = literalSource(does.to, source.language, node.text().startsWith("'") ? "'" : '"');
        return { spans: [{ start: startOf(node), end: endOf(node), text }], lines: linesOf(node) };
      });
}

function placesOf({ call, argument, from }: ReplaceLiteral, source: Source): readonly Node[] {
  if (call === undefined) return argument === undefined ? anywhere(from, source) : namedPlaces(argument, source);
  return callsOf(source, call).flatMap((one) => {
    if (argument !== undefined) return [argumentOf(one, argument)].filter((node) => node !== undefined);
    return argumentsOf(one).map((node) => (kindOf(node) === "keyword_argument" ? (node.field("value") ?? node) : node));
  });
}

function anywhere(from: readonly Literal[], { root, language }: Source): readonly Node[] {
  const grammar = language === "python" ? "python" : "javascript";
  const kinds = [...LITERALS[grammar], ...(from.some(isCode) ? EXPRESSIONS[grammar] : [])];
  return allOf(root, kinds).filter((node) => !isPartOfAnother(node));
}

/** The 1 of -1, a piece of a joined text, a docstring, a key, a module's name. */
function isPartOfAnother(node: Node): boolean {
  const parent = node.parent();
  if (/^(unary_operator|unary_expression|concatenated_string|import_statement|export_statement)$/.test(kindOf(parent)))
    return true;
  if (kindOf(parent) === "expression_statement") return kindOf(node) === "string";
  return parent?.field("key")?.id() === node.id();
}

/** Any value of an argument or property of that name. */
function namedPlaces(argument: string, { root, language }: Source): readonly Node[] {
  return allOf(root, language === "python" ? ["keyword_argument"] : ["pair"]).flatMap((node) => {
    const name = (node.field("name") ?? node.field("key"))?.text().replace(/^(["'])(.*)\1$/, "$2");
    const value = node.field("value");
    return name === argument && value ? [value] : [];
  });
}

function isCode(value: Literal): boolean {
  return value !== null && typeof value === "object";
}

function isValue(node: Node, value: Literal, { language }: Source): boolean {
  const grammar = language === "python" ? "python" : "javascript";
  const isLiteral = LITERALS[grammar].includes(kindOf(node));
  return (isCode(value) || isLiteral) && isLiteralSource(node.text(), value, language);
}
