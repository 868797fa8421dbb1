import { isNode, type SyntaxNode, walk } from "./javascript.ts";
import { nameOf, stringOf } from "./test-calls.ts";

/** What an expression looks at: the imported name at its root, and the way from there, arguments left out. */
export interface Subject {
  readonly root: string;
  readonly shape: string;
}

/** What a test may speak of: imported names, and local ones with what they are made of. */
export interface InSight {
  readonly imports: ReadonlyMap<string, string>;
  readonly locals: ReadonlyMap<string, { readonly init: SyntaxNode; readonly way: string }>;
}

const WRAPPERS = new Set([
  "ChainExpression",
  "ParenthesizedExpression",
  "TSAsExpression",
  "TSNonNullExpression",
  "TSSatisfiesExpression",
]);
const DEEPEST = 12;

/** Traces an expression to an imported name; undefined where it cannot be told what is looked at. */
export function subjectOf(node: unknown, sight: InSight, depth = 0): Subject | undefined {
  if (!isNode(node) || depth > DEEPEST) return undefined;
  const under = (inner: unknown) => subjectOf(inner, sight, depth + 1);
  if (WRAPPERS.has(node.type)) return under(node.expression);
  switch (node.type) {
    case "AwaitExpression":
    case "SpreadElement":
    case "UnaryExpression":
      return under(node.argument);
    case "ArrayExpression":
      return under((node.elements as readonly unknown[])[0]);
    case "CallExpression":
    case "NewExpression":
      return extended(under(node.callee), "()") ?? under((node.arguments as readonly unknown[])[0]);
    case "MemberExpression":
      return extended(under(node.object), node.computed === true ? "[]" : `.${nameOf(node.property) ?? "?"}`);
    case "Identifier":
      return named(nameOf(node) ?? "", sight, depth);
    default:
      return undefined;
  }
}

function extended(subject: Subject | undefined, by: string): Subject | undefined {
  return subject && { root: subject.root, shape: subject.shape + by };
}

function named(name: string, sight: InSight, depth: number): Subject | undefined {
  const local = sight.locals.get(name);
  if (local) return extended(subjectOf(local.init, sight, depth + 1), local.way);
  return sight.imports.has(name) ? { root: name, shape: name } : undefined;
}

/** Local names that a declaration makes, each with what it is made of. */
export function localsOf(statement: SyntaxNode): readonly [string, { init: SyntaxNode; way: string }][] {
  if (statement.type !== "VariableDeclaration") return [];
  return (statement.declarations as readonly SyntaxNode[]).flatMap(({ id, init }) => {
    if (!isNode(id) || !isNode(init)) return [];
    if (id.type === "Identifier") return [[nameOf(id) ?? "", { init, way: "" }] as const];
    if (id.type !== "ObjectPattern") return [];
    return (id.properties as readonly SyntaxNode[]).flatMap(({ key, value }) =>
      isNode(value) && value.type === "Identifier" ? [[nameOf(value) ?? "", { init, way: `.${nameOf(key)}` }]] : [],
    ) as [string, { init: SyntaxNode; way: string }][];
  }) as [string, { init: SyntaxNode; way: string }][];
}

/** Names that a top-level statement brings in, with the specifier, and the line that does the same inside a function. */
export function broughtIn(
  statement: SyntaxNode,
  text: string,
): { names: readonly string[]; from: string; line: string } | undefined {
  if (statement.type === "ImportDeclaration") return imported(statement);
  if (statement.type !== "VariableDeclaration") return undefined;
  const [only] = statement.declarations as readonly SyntaxNode[];
  const from = only && requiredFrom(only.init);
  if (!only || from === undefined || !isNode(only.id)) return undefined;
  const names: string[] = [];
  walk(only.id, (node) => {
    if (node.type === "Identifier") names.push(nameOf(node) ?? "");
    return true;
  });
  return { names, from, line: text.slice(statement.start, statement.end) };
}

/** `require("x")`, `require("x").y`, `await import("x")`. */
function requiredFrom(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "MemberExpression") return requiredFrom(node.object);
  if (node.type === "AwaitExpression") return requiredFrom(node.argument);
  if (node.type === "ImportExpression") return stringOf(node.source);
  if (node.type !== "CallExpression" || nameOf(node.callee) !== "require") return undefined;
  return stringOf((node.arguments as readonly unknown[])[0]);
}

function imported(statement: SyntaxNode): { names: readonly string[]; from: string; line: string } | undefined {
  const from = stringOf(statement.source);
  if (from === undefined || statement.importKind === "type") return undefined;
  const specifiers = (statement.specifiers as readonly SyntaxNode[]).filter(({ importKind }) => importKind !== "type");
  const names = specifiers.map(({ local }) => nameOf(local) ?? "");
  const load = `await import(${JSON.stringify(from)})`;
  if (specifiers.length === 0) return { names, from, line: `${load};` };
  const whole = specifiers.filter(({ type }) => type === "ImportNamespaceSpecifier");
  const single = specifiers.filter(({ type }) => type !== "ImportNamespaceSpecifier");
  const pairs = single.map(
    ({ imported: key, local }) => `${JSON.stringify(nameOf(key) ?? "default")}: ${nameOf(local)}`,
  );
  const lines = [
    ...whole.map(({ local }) => `const ${nameOf(local)} = ${load};`),
    ...(pairs.length === 0 ? [] : [`const { ${pairs.join(", ")} } = ${load};`]),
  ];
  return { names, from, line: lines.join(" ") };
}
