import type { Does, Operation } from "../../../domain/correction-file.ts";
import { literalSource } from "../../../domain/literal-source.ts";
import { importAdded } from "./add-import.ts";
import { argumentAdded, callIn } from "./calls.ts";
import { insertedInto, isList, removedFrom, wholeLine } from "./list-edits.ts";
import {
  type Change,
  endOf,
  kindOf,
  linesOf,
  members,
  type Node,
  type Rewriter,
  type Source,
  type Span,
  startOf,
} from "./source.ts";

type RuleConfig = Parameters<Node["findAll"]>[0];

/** Does the operations wherever the rule matches. @throws what ast-grep says of a rule that is none */
export function applyRule(does: Extract<Does, { kind: "rule" }>): Rewriter {
  const config = configOf(does);
  return (source) =>
    source.root.findAll(config).flatMap((match) => {
      const spans = does.operations.flatMap((operation) => spansOf(operation, match, source));
      return spans.length === 0 ? [] : [{ spans, lines: linesOf(match) } satisfies Change];
    });
}

function configOf({ rule, constraints, utils }: Extract<Does, { kind: "rule" }>): RuleConfig {
  return { rule, ...(constraints && { constraints }), ...(utils && { utils }) } as unknown as RuleConfig;
}

function spansOf(operation: Operation, match: Node, source: Source): readonly Span[] {
  if (operation.kind === "add-import") {
    const { name, from, as: alias } = operation;
    const wanted = name === undefined ? { name: from, as: alias } : { name, from, as: alias };
    return importAdded(source, wanted, linesOf(match)).flatMap(({ spans }) => spans);
  }
  const { target } = operation;
  const nodes = target === undefined ? [match] : captured(match, target);
  return nodes.length === 0 ? [] : atNodes(operation, nodes, { match, source });
}

/** What no operation can do where the rule matches, one line each: an argument goes into a call, an element into a list. */
export function whyPlaceless(does: Extract<Does, { kind: "rule" }>, source: Source): readonly string[] {
  const matches = source.root.findAll(configOf(does));
  const lines = does.operations.flatMap((operation, at) =>
    matches.flatMap((match) => placeless(operation, match, source)).map((why) => `does.operations[${at}]: ${why}`),
  );
  return [...new Set(lines)];
}

function placeless(operation: Operation, match: Node, source: Source): readonly string[] {
  if (operation.kind !== "insert-argument" && operation.kind !== "insert-element") return [];
  const { kind, target } = operation;
  const [node] = target === undefined ? [match] : captured(match, target);
  const [wanted, found] = kind === "insert-argument" ? (["call", callIn] as const) : (["list", listIn] as const);
  if (!node || found(node, source)) return [];
  const what = target === undefined ? "the match" : `$${target}`;
  const shown = node.text().split("\n")[0]?.slice(0, 80);
  return [`${kind} does nothing, because ${what} is no ${wanted} and holds none: ${shown}`];
}

interface Around {
  readonly match: Node;
  readonly source: Source;
}

function captured(match: Node, variable: string): readonly Node[] {
  const one = match.getMatch(variable);
  return one ? [one] : match.getMultipleMatches(variable);
}

type Placed = Exclude<Operation, { kind: "add-import" }>;

function atNodes(operation: Placed, nodes: readonly Node[], around: Around): readonly Span[] {
  const { source, match } = around;
  const [first] = nodes;
  const last = nodes.at(-1);
  if (!first || !last) return [];
  switch (operation.kind) {
    case "replace":
      return [{ start: startOf(first), end: endOf(last), text: filled(operation.with, match, source.text) }];
    case "remove":
      return nodes.length > 1 ? [{ start: startOf(first), end: endOf(last), text: "" }] : [removed(first, source)];
    case "insert-argument": {
      const call = callIn(first, source);
      return call ? argumentAdded(call, operation, source) : [];
    }
    case "insert-element":
      return elementAdded(operation, first, source);
  }
}

/** The template with what the rule captured, byte for byte. */
function filled(template: string, match: Node, text: string): string {
  return template.replace(/\$(\$\$)?([A-Z_][A-Z0-9_]*)/g, (whole, several: string | undefined, name: string) => {
    const nodes = captured(match, name);
    const [first] = nodes;
    const last = nodes.at(-1);
    if (first && last) return text.slice(startOf(first), endOf(last));
    return several === undefined ? whole : "";
  });
}

function removed(node: Node, { text }: Source): Span {
  const parent = node.parent();
  const kind = kindOf(parent);
  if (parent && (isList(parent) || /^(import_from_statement|formal_parameters|parameters)$/.test(kind)))
    return removedFrom(node, text);
  const span = { start: startOf(node), end: endOf(node), text: "" };
  const alone = kind === "block" && parent !== null && members(parent).length === 1;
  return alone ? { ...span, text: "pass" } : wholeLine(span, text);
}

function elementAdded(
  operation: Extract<Operation, { kind: "insert-element" }>,
  node: Node,
  source: Source,
): readonly Span[] {
  const list = listIn(node);
  const element = literalSource(operation.value, source.language);
  if (!list || members(list).some((one) => one.text() === element)) return [];
  return insertedInto(list, element, source.text, operation.at);
}

/** The list that a node is or holds first. */
function listIn(node: Node): Node | undefined {
  if (isList(node) || /^(formal_)?parameters$/.test(kindOf(node))) return node;
  return node.children().flatMap(deep).find(isList);
}

function deep(node: Node): readonly Node[] {
  return [node, ...node.children().flatMap(deep)];
}
