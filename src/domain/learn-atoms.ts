import type { Literal } from "./correction-file.ts";
import type { TreeEdit } from "./learn-edits.ts";
import { treeEdits } from "./learn-edits.ts";
import { type BoundImport, importsOf } from "./learn-imports.ts";
import { everyNode, namedChildren, type ParsedText, type SyntaxNode } from "./syntax-node.ts";

export type Inside = "decorator" | "class" | "function" | undefined;

/** A change that could be a correction, read off one refused text and the text that landed in its place. */
export type Atom =
  | { readonly form: "import"; readonly from: string; readonly to: string; readonly names: readonly Renamed[] }
  | { readonly form: "missing-import"; readonly bound: BoundImport }
  /** A module from which nothing is imported any more, and nothing in its place. */
  | { readonly form: "surplus-import"; readonly module: string; readonly field: "module_name" | "source" }
  | {
      readonly form: "argument";
      readonly call: string;
      readonly inside: Inside;
      readonly name: string;
      readonly value: Literal;
    }
  | { readonly form: "surplus-argument"; readonly call: string; readonly inside: Inside; readonly name: string }
  | {
      readonly form: "literal";
      readonly from: Literal;
      readonly to: Literal;
      readonly call: string | undefined;
      readonly argument: string | undefined;
      readonly inside: Inside;
      /** For a value that is no argument: what the statement before it calls. */
      readonly behind: Behind | undefined;
    }
  /** A Python test that takes a fixture which it did not take. */
  | { readonly form: "fixture"; readonly name: string }
  /** One expression or statement in place of another; `after` undefined: it is taken away. */
  | {
      readonly form: "pattern";
      readonly before: SyntaxNode;
      readonly text: string;
      readonly after: SyntaxNode | undefined;
      readonly afterText: string;
      readonly parent: string;
    };

/** `statement` holds a value, and stands right behind one that gives `call`'s result the name that it looks at. */
interface Behind {
  readonly statement: string;
  readonly call: string;
  readonly kind: string;
}

export interface Renamed {
  readonly name: string;
  readonly becomes: string;
}

/** Every change between two texts of a file that a correction could make. */
export function atomsBetween(refused: ParsedText, landed: ParsedText): readonly Atom[] {
  return [
    ...importAtoms(refused.root, landed.root),
    ...treeEdits(refused.root, landed.root).flatMap((edit) => editAtoms(edit, refused, landed)),
  ];
}

function importAtoms(refused: SyntaxNode, landed: SyntaxNode): readonly Atom[] {
  const [before, after] = [importsOf(refused), importsOf(landed)];
  const gone = before.filter((one) => !after.some((other) => sameImport(one, other)));
  const come = after.filter((one) => !before.some((other) => sameImport(one, other)));
  const moved = gone.flatMap((one) => {
    const other = come.find(({ name, style }) => name === one.name && style === one.style && style !== "module");
    return other && other.module !== one.module ? [[one, other] as const] : [];
  });
  const [lostOnes, newOnes] = [
    gone.filter((one) => !moved.some(([from]) => from === one)),
    come.filter((one) => !moved.some(([, to]) => to === one)),
  ];
  const [lost, found] = [lostOnes[0], newOnes[0]];
  const renamed = lostOnes.length === 1 && newOnes.length === 1 && lost?.style === "named" && found?.style === "named";
  if (renamed && lost && found) return [...movedAtoms(moved), ...movedAtoms([[lost, found]])];
  return [...movedAtoms(moved), ...missingAtoms(newOnes, refused), ...surplusAtoms(lostOnes, after, refused)];
}

function surplusAtoms(
  lost: readonly BoundImport[],
  after: readonly BoundImport[],
  { kind }: SyntaxNode,
): readonly Atom[] {
  const modules = new Set(lost.filter(({ style }) => style !== "module").map(({ module }) => module));
  const gone = [...modules].filter((module) => !after.some((one) => one.module === module));
  const field = kind === "module" ? "module_name" : "source";
  return gone.map((module) => ({ form: "surplus-import", module, field }));
}

function sameImport(one: BoundImport, other: BoundImport): boolean {
  return one.module === other.module && one.name === other.name && one.style === other.style;
}

function movedAtoms(moved: readonly (readonly [BoundImport, BoundImport])[]): readonly Atom[] {
  const ways = [...new Set(moved.map(([from, to]) => `${from.module}\n${to.module}`))];
  return ways.map((way) => {
    const [from = "", to = ""] = way.split("\n");
    const own = moved.filter(([one, other]) => one.module === from && other.module === to);
    return { form: "import", from, to, names: own.map(([one, other]) => ({ name: one.name, becomes: other.name })) };
  });
}

/** Imports that came for names which the refused text used and nothing there bound. */
function missingAtoms(come: readonly BoundImport[], refused: SyntaxNode): readonly Atom[] {
  if (come.length === 0) return [];
  const nodes = everyNode(refused);
  const bound = new Set(importsOf(refused).map(({ local }) => local));
  const used = new Set(nodes.filter(({ kind }) => /identifier$/.test(kind)).map(({ tokens }) => tokens));
  return come
    .filter(({ local, name }) => local === name && used.has(name) && !bound.has(name))
    .map((one) => ({ form: "missing-import", bound: one }));
}

function editAtoms(edit: TreeEdit, refused: ParsedText, landed: ParsedText): readonly Atom[] {
  const { removed, added, within } = edit;
  const parent = within.at(-1);
  if (parent === undefined) return [];
  const fixtures = fixtureAtoms(edit);
  if (fixtures.length > 0) return fixtures;
  if (removed.length === 0) return argumentAtoms(edit, parent);
  if (removed.length !== 1 || added.length > 1) return [];
  const [before, after] = [removed[0], added[0]];
  if (before === undefined) return [];
  if (after === undefined) return removalAtoms(edit, before, refused.text);
  const [from, to] = [literalOf(before), writtenValue(after)];
  if (from !== undefined && to !== undefined) return [literalAtom(from, to, [...within, before])];
  return patternAtoms(edit, refused.text, landed.text);
}

/** Parameters that came to a test function of pytest. */
function fixtureAtoms({ removed, added, within }: TreeEdit): readonly Atom[] {
  const holder = within.at(-1)?.kind === "parameters" ? within.at(-2) : within.at(-1);
  const title = holder?.children.find(({ kind }) => kind === "identifier")?.tokens ?? "";
  if (holder?.kind !== "function_definition" || !title.startsWith("test_")) return [];
  const namesOf = (nodes: readonly SyntaxNode[]) =>
    nodes.flatMap((node) => (node.kind === "parameters" ? namedChildren(node) : [node]));
  const [gone, come] = [namesOf(removed), namesOf(added)];
  if (gone.length > 0 || come.some(({ kind }) => kind !== "identifier")) return [];
  return come.map(({ tokens }) => ({ form: "fixture", name: tokens }));
}

const CALL = /^call(_expression)?$/;
const ARGUMENTS = /^argument(s|_list)$/;
const NAMED_ARGUMENT = /^(keyword_argument|pair)$/;

/** Arguments that came: by name in Python, as properties of the last object in JavaScript. */
function argumentAtoms({ added, within }: TreeEdit, parent: SyntaxNode): readonly Atom[] {
  const isObject = parent.kind === "object" && ARGUMENTS.test(within.at(-2)?.kind ?? "");
  if (!ARGUMENTS.test(parent.kind) && !isObject) return [];
  const call = callName(within);
  if (call === undefined) return [];
  const pairs = added.flatMap((node) => (node.kind === "object" ? namedChildren(node) : [node]));
  return pairs.flatMap((node): readonly Atom[] => {
    const [name, value] = namedChildren(node);
    const written = value && writtenValue(value);
    if (!NAMED_ARGUMENT.test(node.kind) || !name || written === undefined || !/identifier$/.test(name.kind)) return [];
    return [{ form: "argument", call, inside: insideOf(within), name: name.tokens, value: written }];
  });
}

function removalAtoms({ within }: TreeEdit, before: SyntaxNode, text: string): readonly Atom[] {
  const parent = within.at(-1)?.kind ?? "";
  if (before.kind === "keyword_argument") {
    const [call, name] = [callName(within), namedChildren(before)[0]];
    if (call === undefined || name === undefined) return [];
    return [{ form: "surplus-argument", call, inside: insideOf(within), name: name.tokens }];
  }
  if (!/^(expression_statement|assert_statement)$/.test(before.kind)) return [];
  return [{ form: "pattern", before, text, after: undefined, afterText: "", parent }];
}

/** `place`: the literal, last, and what it stands in. */
function literalAtom(from: Literal, to: Literal, place: readonly SyntaxNode[]): Atom {
  const within = place.slice(0, -1);
  const parent = within.at(-1);
  const isNamed = NAMED_ARGUMENT.test(parent?.kind ?? "");
  const argument = isNamed && parent ? namedChildren(parent)[0]?.tokens : undefined;
  const direct = isNamed || ARGUMENTS.test(parent?.kind ?? "");
  const call = direct ? callName(within) : undefined;
  const behind = call === undefined ? behindOf(place) : undefined;
  return { form: "literal", from, to, call, argument: call && argument, inside: insideOf(within), behind };
}

const RESULT = /^(?:(?:const|let|var) )?(\w+) = (?:await )?([\w$]+(?: \. [\w$]+)*) \(/;

/** A statement says something of what the one right before it has got from a call. */
function behindOf(place: readonly SyntaxNode[]): Behind | undefined {
  const at = place.findLastIndex(({ kind }) => /^(module|program|block|statement_block)$/.test(kind));
  const [holder, statement, literal] = [place[at], place[at + 1], place.at(-1)];
  if (holder === undefined || statement === undefined || literal === undefined || statement === literal)
    return undefined;
  const statements = namedChildren(holder);
  const before = statements[statements.indexOf(statement) - 1];
  const [, name, call] = RESULT.exec(before?.tokens ?? "") ?? [];
  if (name === undefined || call === undefined || !statement.tokens.split(" ").includes(name)) return undefined;
  return { statement: statement.kind, call: call.replaceAll(" ", ""), kind: literal.kind };
}

const LIFTED = /^(attribute|member_expression)$/;
const EXPRESSION =
  /^(identifier|attribute|member_expression|call|call_expression|subscript|subscript_expression|binary_operator|binary_expression|comparison_operator|boolean_operator|unary_expression|not_operator|await|await_expression|list|array|dictionary|object|tuple|expression_statement|return_statement|assert_statement|new_expression|string|template_string|lambda|arrow_function)$/;

function patternAtoms(
  { removed, added, within, withinAfter }: TreeEdit,
  text: string,
  afterText: string,
): readonly Atom[] {
  let [before, after, depth] = [removed[0], added[0], within.length - 1];
  while (LIFTED.test(within[depth]?.kind ?? "") && within[depth]?.kind === withinAfter[depth]?.kind) {
    [before, after] = [within[depth], withinAfter[depth]];
    depth -= 1;
  }
  const parent = within[depth]?.kind ?? "";
  if (!before || !after || !EXPRESSION.test(before.kind) || !EXPRESSION.test(after.kind)) return [];
  if (NAMED_ARGUMENT.test(parent) && namedChildren(within[depth] ?? before)[0] === before) return [];
  return [{ form: "pattern", before, text, after, afterText, parent }];
}

/** The dotted name that the nearest call around a place calls; undefined where it is none. */
function callName(within: readonly SyntaxNode[]): string | undefined {
  const at = within.findLastIndex(({ kind }) => CALL.test(kind));
  const between = within.slice(at + 1).map(({ kind }) => kind);
  if (at < 0 || !between.every((kind) => ARGUMENTS.test(kind) || NAMED_ARGUMENT.test(kind) || kind === "object"))
    return undefined;
  const name = within[at]?.children[0]?.tokens.replaceAll(" ", "") ?? "";
  return /^[\w$]+(\.[\w$]+)*$/.test(name) ? name : undefined;
}

function insideOf(within: readonly SyntaxNode[]): Inside {
  for (const { kind } of [...within].reverse()) {
    if (kind === "decorator") return "decorator";
    if (/^(function_definition|function_declaration|method_definition|arrow_function|function_expression)$/.test(kind))
      return "function";
    if (/^class_(definition|declaration)$/.test(kind)) return "class";
  }
  return undefined;
}

/** The value of a text, number, truth value or nothing that is written plainly. */
export function literalOf({ kind, tokens }: SyntaxNode): Literal | undefined {
  if (/^(integer|float|number)$/.test(kind)) return /^\d+(\.\d+)?$/.test(tokens) ? Number(tokens) : undefined;
  if (/^(true|True)$/.test(tokens)) return true;
  if (/^(false|False)$/.test(tokens)) return false;
  if (/^(null|None)$/.test(tokens)) return null;
  const quoted = kind === "string" ? /^(["'])([^"'\\\n]*)\1$/.exec(tokens) : null;
  return quoted?.[2];
}

/** The same, or the code of a short expression. */
function writtenValue(node: SyntaxNode): Literal | undefined {
  const plain = literalOf(node);
  if (plain !== undefined) return plain;
  const code = node.tokens.replace(/ ?\. ?/g, ".");
  return /^[\w.$]{1,120}$/.test(code) ? { code } : undefined;
}
