import { isNode, type SyntaxNode } from "./javascript.ts";

/** What a call says in the vocabulary of Vitest, Jest, Mocha and node:test. */
export interface TestCall {
  readonly kind: "suite" | "case";
  readonly title: string;
  readonly modifier: Modifier | undefined;
  /** Body of the callback: its statements, or the one expression it returns. */
  readonly body: readonly SyntaxNode[] | undefined;
  /** The callback has parameters: a context, a `done`, fixtures. */
  readonly takesContext: boolean;
  /** The call without its title and body: callee, table of `.each`, options. */
  readonly head: readonly unknown[];
}

export type Modifier = "only" | "skip" | "todo";

/** Local names of a file, by what they stand for: `check` -> `test` after `import { test as check }`. */
export type Aliases = ReadonlyMap<string, string>;

const SUITES = new Set(["describe", "suite", "context", "xdescribe", "fdescribe", "xcontext"]);
const CASES = new Set(["it", "test", "specify", "xit", "xtest", "fit", "xspecify", "bench"]);
const MODIFIERS: Readonly<Record<string, Modifier>> = { only: "only", skip: "skip", todo: "todo" };
const CHAIN = new Set([
  ...[
    "only",
    "skip",
    "todo",
    "each",
    "for",
    "concurrent",
    "sequential",
    "shuffle",
    "failing",
    "fails",
    "fixme",
    "slow",
  ],
  ...["runIf", "skipIf", "describe", "suite", "it", "test", "extend", "serial", "parallel", "configure"],
]);
const FRAMEWORKS = new Set(["vitest", "@jest/globals", "node:test", "test", "mocha", "bun:test", "@playwright/test"]);

/** The names under which a file imports its test functions, beside the usual ones. */
export function aliasesOf(program: SyntaxNode): Aliases {
  const aliases = new Map<string, string>();
  for (const statement of program.body as readonly SyntaxNode[]) {
    if (statement.type !== "ImportDeclaration" || !FRAMEWORKS.has(stringOf(statement.source) ?? "")) continue;
    for (const specifier of statement.specifiers as readonly SyntaxNode[]) {
      const local = nameOf(specifier.local) ?? "";
      aliases.set(local, nameOf(specifier.imported) ?? (specifier.type === "ImportDefaultSpecifier" ? "test" : local));
    }
  }
  return aliases;
}

/** Reads a statement or expression as a test or suite; undefined when it is neither. */
export function testCallOf(node: SyntaxNode, text: string, aliases: Aliases): TestCall | undefined {
  const call = unwrapped(node);
  if (call?.type !== "CallExpression") return undefined;
  const words = wordsOf(call.callee, aliases);
  if (!words || !isTestVocabulary(words)) return undefined;
  const parameters = call.arguments as readonly SyntaxNode[];
  const callback = parameters.find(isFunction);
  const [first] = parameters;
  if (!first || (callback === undefined && titleOf(first, text) === undefined)) return undefined;
  const kind = kindOf(words);
  return {
    kind,
    title: (first === callback ? nameOf(first.id) : titleOf(first, text)) ?? "<anonymous>",
    modifier: modifierOf({ words, parameters, callback, kind }),
    body: callback && bodyOf(callback),
    takesContext: callback !== undefined && (callback.params as readonly unknown[]).length > 0,
    head: [call.callee, parameters.filter((parameter, index) => index > 0 && parameter !== callback), callback?.params],
  };
}

function unwrapped(node: SyntaxNode): SyntaxNode | undefined {
  const inner = node.type === "ExpressionStatement" ? (node.expression as SyntaxNode) : node;
  if (inner.type === "AwaitExpression") return inner.argument as SyntaxNode;
  return inner.type === "UnaryExpression" && inner.operator === "void" ? (inner.argument as SyntaxNode) : inner;
}

/** The words of a callee: `test.describe.only` and `it.each(table)` -> [test, describe, only] and [it, each]. */
function wordsOf(callee: unknown, aliases: Aliases): readonly string[] | undefined {
  if (!isNode(callee)) return undefined;
  if (callee.type === "Identifier") {
    const name = nameOf(callee) ?? "";
    return [aliases.get(name) ?? name];
  }
  if (callee.type === "CallExpression") return wordsOf(callee.callee, aliases);
  if (callee.type === "TaggedTemplateExpression") return wordsOf(callee.tag, aliases);
  if (callee.type !== "MemberExpression" || callee.computed === true) return undefined;
  const words = wordsOf(callee.object, aliases);
  const word = nameOf(callee.property);
  return words && word ? [...words, word] : undefined;
}

function isTestVocabulary(words: readonly string[]): boolean {
  const [first = "", ...rest] = words;
  return (SUITES.has(first) || CASES.has(first)) && rest.every((word) => CHAIN.has(word)) && rest.at(-1) !== "extend";
}

function kindOf(words: readonly string[]): "suite" | "case" {
  return words.some((word) => SUITES.has(word)) ? "suite" : "case";
}

function modifierOf(call: {
  readonly words: readonly string[];
  readonly parameters: readonly SyntaxNode[];
  readonly callback: SyntaxNode | undefined;
  readonly kind: "suite" | "case";
}): Modifier | undefined {
  const [first = ""] = call.words;
  if (first.startsWith("x")) return "skip";
  if (first.startsWith("f")) return "only";
  const word = call.words.find((one) => MODIFIERS[one]);
  if (word) return MODIFIERS[word];
  if (call.words.includes("fixme")) return "skip";
  const options = call.parameters.find((parameter) => parameter.type === "ObjectExpression");
  const option = options && optionModifier(options);
  if (option) return option;
  if (!call.callback) return call.kind === "case" && call.parameters.length === 1 ? "todo" : undefined;
  return call.kind === "case" && skipsItself(bodyOf(call.callback)) ? "skip" : undefined;
}

/** `{ skip: true }`, `{ todo: "later" }`; an expression that is not plainly false counts. */
function optionModifier(options: SyntaxNode): Modifier | undefined {
  for (const property of options.properties as readonly SyntaxNode[]) {
    const modifier = MODIFIERS[nameOf(property.key) ?? ""];
    const value = property.value;
    if (modifier && isNode(value) && !(value.type === "Literal" && !value.value)) return modifier;
  }
  return undefined;
}

/** `t.skip()` or `this.skip()` as a statement of the body itself: the case always leaves. */
function skipsItself(body: readonly SyntaxNode[]): boolean {
  return body.some((statement) => {
    const call = unwrapped(statement);
    const callee = call?.type === "CallExpression" ? (call.callee as SyntaxNode) : undefined;
    if (callee?.type !== "MemberExpression" || nameOf(callee.property) !== "skip") return false;
    const parameters = call?.arguments as readonly SyntaxNode[];
    return parameters.length === 0 || stringOf(parameters[0]) !== undefined;
  });
}

function bodyOf(callback: SyntaxNode): readonly SyntaxNode[] {
  const body = callback.body as SyntaxNode;
  return body.type === "BlockStatement" ? (body.body as readonly SyntaxNode[]) : [body];
}

function isFunction(node: SyntaxNode): boolean {
  return node.type === "ArrowFunctionExpression" || node.type === "FunctionExpression";
}

/** A title as it is written: strings and templates without their quotes, `"a" + "b"` joined, names as they are. */
function titleOf(node: SyntaxNode, text: string): string | undefined {
  const plain = stringOf(node);
  if (plain !== undefined) return plain;
  if (node.type === "TemplateLiteral") return text.slice(node.start + 1, node.end - 1);
  if (node.type === "BinaryExpression" && node.operator === "+") {
    const left = titleOf(node.left as SyntaxNode, text);
    const right = titleOf(node.right as SyntaxNode, text);
    return left === undefined || right === undefined ? undefined : left + right;
  }
  const spoken = ["Identifier", "MemberExpression", "CallExpression", "ConditionalExpression", "Literal"];
  return spoken.includes(node.type) ? text.slice(node.start, node.end) : undefined;
}

export function nameOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  return typeof node.name === "string" ? node.name : stringOf(node);
}

/** The value of a string literal or of a template without expressions. */
export function stringOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "Literal" && typeof node.value === "string") return node.value;
  if (node.type !== "TemplateLiteral" || (node.expressions as readonly unknown[]).length > 0) return undefined;
  const [quasi] = node.quasis as readonly { readonly value: { readonly cooked: string } }[];
  return quasi?.value.cooked;
}
