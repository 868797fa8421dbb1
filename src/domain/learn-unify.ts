import type { SyntaxNode } from "./syntax-node.ts";

/** A pattern as ast-grep reads it, with what each of its metavariables stood for in each text. */
export interface Pattern {
  readonly text: string;
  readonly variables: ReadonlyMap<string, string>;
}

/** A node and the text that it is part of. */
export interface Placed {
  readonly node: SyntaxNode;
  readonly text: string;
}

interface Reading {
  /** Name of the metavariable by what it stands for, text by text. */
  readonly variables: Map<string, string>;
  /** True while new metavariables may be made. */
  readonly open: boolean;
}

/**
 * The least general pattern that all nodes match: a metavariable stands only where they differ, the same one where they
 * differ alike. Undefined when they have nothing in common.
 */
export function unify(placed: readonly Placed[]): Pattern | undefined {
  const reading: Reading = { variables: new Map(), open: true };
  const text = unified(placed, reading);
  const isBare = text === undefined || !/[\p{L}_][\p{L}\p{N}_]/u.test(text.replace(/\$+[A-Z][A-Z0-9_]*/g, ""));
  return isBare ? undefined : { text, variables: reading.variables };
}

/** What the nodes have in common, with no metavariable but those of `pattern`; undefined when that does not suffice. */
export function unifyWith(pattern: Pattern, placed: readonly Placed[]): string | undefined {
  return unified(placed, { variables: new Map(pattern.variables), open: false });
}

function unified(placed: readonly Placed[], reading: Reading): string | undefined {
  const [first] = placed;
  if (first === undefined) return undefined;
  if (placed.every(({ node }) => node.tokens === first.node.tokens && node.kind === first.node.kind))
    return first.text.slice(first.node.from, first.node.to);
  return sameShape(placed) ? inParts(placed, first, reading) : variable(placed, first, reading);
}

function sameShape(placed: readonly Placed[]): boolean {
  const [first] = placed;
  const count = first?.node.children.length ?? 0;
  return (
    count > 0 &&
    placed.every(
      ({ node }) => node.kind === first?.node.kind && node.children.length === count && !/string/.test(node.kind),
    )
  );
}

function inParts(placed: readonly Placed[], first: Placed, reading: Reading): string | undefined {
  const made = new Map(reading.variables);
  let text = "";
  let at = first.node.from;
  for (const [index, child] of first.node.children.entries()) {
    const own = placed.flatMap(({ node, text: source }) => {
      const part = node.children[index];
      return part === undefined ? [] : [{ node: part, text: source }];
    });
    const part = unified(own, reading);
    if (part === undefined) {
      reading.variables.clear();
      for (const [key, name] of made) reading.variables.set(key, name);
      return variable(placed, first, reading);
    }
    text += first.text.slice(at, child.from) + part;
    at = child.to;
  }
  return text + first.text.slice(at, first.node.to);
}

function variable(placed: readonly Placed[], first: Placed, reading: Reading): string | undefined {
  if (!first.node.named) return undefined;
  const isList = placed.every(({ node }) => /^argument(s|_list)$/.test(node.kind));
  const key = placed.map(({ node }) => node.tokens).join("\n");
  const known = reading.variables.get(key);
  if (known === undefined && !reading.open) return undefined;
  const name = known ?? NAMES[reading.variables.size];
  if (name === undefined) return undefined;
  reading.variables.set(key, name);
  return isList ? `($$$${name})` : `$${name}`;
}

const NAMES: readonly string[] = [..."ABCDEFGHJK"];
