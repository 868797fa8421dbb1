import type { WrittenAssertions } from "../../../domain/assertions.ts";
import { isNode, type SyntaxNode, walk } from "./javascript.ts";
import { nameOf } from "./test-calls.ts";

/** Built in, and checks nothing. */
const PLAIN =
  /^(?:Array|ArrayBuffer|BigInt|Boolean|Date|Error|JSON|Map|Math|Number|Object|Promise|RangeError|RegExp|Set|String|Symbol|TypeError|Uint8Array|URL|console|structuredClone)$/;
const ASSERTS = /^(?:expect\w*|assert\w*|chai|sinon)$/;
const AFTER = /^(?:then|catch|finally)$/;

/** What the body of a test asserts. Whoever takes a context may assert through it: do not ask then. */
export function assertsOf(body: readonly SyntaxNode[]): WrittenAssertions {
  const nodes = body.flatMap(nodesIn);
  const later = body.flatMap(floatingParts);
  const isLater = (node: SyntaxNode) => later.some((part) => part.start <= node.start && node.end <= part.end);
  const asserts = nodes.filter((node) => !isLater(node) && isAssertion(node)).length;
  const throws = nodes.filter((node) => !isLater(node) && isAnyThrow(node)).length;
  const rejects = nodes.filter((node) => !isLater(node) && isAnyError(node)).length;
  const made = new Set(nodes.flatMap(namesMade));
  const calls = new Set(nodes.flatMap((node) => calledBy(node) ?? []));
  return {
    values: asserts - throws - rejects,
    anyError: throws + rejects,
    floating: nodes.filter((node) => isLater(node) && isAssertion(node)).length,
    calls: [...calls].filter((name) => !made.has(name) && !PLAIN.test(name)),
  };
}

function nodesIn(statement: SyntaxNode): readonly SyntaxNode[] {
  const nodes: SyntaxNode[] = [];
  walk(statement, (node) => {
    nodes.push(node);
    return true;
  });
  return nodes;
}

/** Names that the case makes for itself. A parameter comes from outside, and a function may check. */
function namesMade(node: SyntaxNode): readonly string[] {
  if (node.type !== "VariableDeclarator" || !isNode(node.init) || /Function/.test(node.init.type)) return [];
  return boundNames(node.id);
}

function boundNames(pattern: unknown): readonly string[] {
  if (!isNode(pattern)) return [];
  if (pattern.type === "Identifier") return [nameOf(pattern) ?? ""];
  const names: string[] = [];
  walk(pattern, (node) => {
    if (node.type === "Property" && isNode(node.value)) names.push(nameOf(node.value) ?? "");
    return true;
  });
  return names;
}

/** The functions that a promise, started as a statement of its own, calls later. */
function floatingParts(statement: SyntaxNode): readonly SyntaxNode[] {
  if (statement.type !== "ExpressionStatement") return [];
  const call = statement.expression as SyntaxNode;
  const callee = call.type === "CallExpression" ? (call.callee as SyntaxNode) : undefined;
  const isLater = callee?.type === "MemberExpression" && AFTER.test(nameOf(callee.property) ?? "");
  return isLater ? [call] : [];
}

/** `expect(x)`, `expect.soft(x)`, `assert(x)`, `assert.equal(…)`, `request.expect(200)`, `assertSum(x)`, `x.should`. */
function isAssertion(node: SyntaxNode): boolean {
  if (node.type === "MemberExpression") return nameOf(node.property) === "should";
  if (node.type !== "CallExpression") return false;
  const callee = node.callee as SyntaxNode;
  if (callee.type === "Identifier") return ASSERTS.test(nameOf(callee) ?? "");
  return callee.type === "MemberExpression" && (ASSERTS.test(holderOf(callee)) || ASSERTS.test(wordOf(callee)));
}

/** `expect(f).toThrow()`: an assertion that was counted at its `expect`. */
function isAnyThrow(node: SyntaxNode): boolean {
  const callee = node.type === "CallExpression" ? (node.callee as SyntaxNode) : undefined;
  if (callee?.type !== "MemberExpression" || (node.arguments as readonly unknown[]).length > 0) return false;
  return /^toThrow(?:Error)?$/.test(wordOf(callee)) && holderOf(callee) !== "not";
}

/** `assert.throws(f)`, `assert.rejects(p)`, with nothing said of the error. */
function isAnyError(node: SyntaxNode): boolean {
  const callee = node.type === "CallExpression" ? (node.callee as SyntaxNode) : undefined;
  if (callee?.type !== "MemberExpression" || (node.arguments as readonly unknown[]).length !== 1) return false;
  return /^(?:throws|rejects)$/.test(wordOf(callee)) && holderOf(callee) === "assert";
}

function wordOf(callee: SyntaxNode): string {
  return nameOf(callee.property) ?? "";
}

/** What stands before the last dot: `a.assert.equal` -> assert. */
function holderOf(callee: SyntaxNode): string {
  const object = callee.object as SyntaxNode;
  return (object.type === "MemberExpression" ? nameOf(object.property) : nameOf(object)) ?? "";
}

/** What a call that is no assertion reaches for: the name at its root. */
function calledBy(node: SyntaxNode): string | undefined {
  if (node.type !== "CallExpression" && node.type !== "NewExpression") return undefined;
  const callee = node.callee as SyntaxNode;
  const root = rootOf(callee);
  if (root !== undefined) return ASSERTS.test(root) ? undefined : root;
  return callee.type === "MemberExpression" || /Function/.test(callee.type) ? undefined : "?";
}

/** `a.b().c` -> a; undefined where no name is at the root. */
function rootOf(node: SyntaxNode): string | undefined {
  if (node.type === "MemberExpression") return rootOf(node.object as SyntaxNode);
  if (node.type === "CallExpression" || node.type === "NewExpression") return rootOf(node.callee as SyntaxNode);
  if (node.type === "AwaitExpression") return rootOf(node.argument as SyntaxNode);
  if (node.type === "ThisExpression") return "this";
  return node.type === "Identifier" ? nameOf(node) : undefined;
}
