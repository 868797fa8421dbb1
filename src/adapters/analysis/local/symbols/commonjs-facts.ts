import { isNode, type SyntaxNode, walk } from "../javascript.ts";
import { type ModuleFacts, OPEN } from "./module-offer.ts";

interface Found {
  readonly names: Set<string>;
  readonly stars: string[];
  /** Nodes `exports` and `module` whose use is understood. */
  readonly understood: Set<SyntaxNode>;
  isOpen: boolean;
  annotated: boolean;
}

/** What a CommonJS file puts on `exports`, where all of it can be recognised; else it is open. */
export function cjsFacts(program: SyntaxNode): ModuleFacts {
  const found: Found = {
    names: new Set(["default"]),
    stars: [],
    understood: new Set(),
    isOpen: false,
    annotated: false,
  };
  walk(program, (node) => {
    readNode(node, found);
    return true;
  });
  walk(program, (node) => {
    if (isLoose(node) && !found.understood.has(node)) found.isOpen = true;
    return !found.isOpen;
  });
  if (found.isOpen || (found.names.size === 1 && found.stars.length === 0)) return OPEN;
  return { ...OPEN, names: found.names, stars: found.stars, isOpen: false };
}

function isLoose(node: SyntaxNode): boolean {
  return node.type === "Identifier" && (node.name === "exports" || node.name === "module");
}

const NODE_READERS: Readonly<Record<string, (node: SyntaxNode, found: Found) => void>> = {
  AssignmentExpression: readAssignment,
  CallExpression: readCall,
  // What is only read is harmless: `module.exports.a`, `exports.a`, `require.main === module`.
  MemberExpression: readMember,
  BinaryExpression(node, found) {
    understand(node.left, found);
    understand(node.right, found);
  },
  UnaryExpression(node, found) {
    if (node.operator === "typeof") understand(node.argument, found);
  },
  LogicalExpression(node, found) {
    if (isZero(node.left)) found.annotated = true;
  },
};

function readNode(node: SyntaxNode, found: Found): void {
  // A name after a dot or before a colon is no variable.
  const label = node.computed ? undefined : (node.property ?? node.key);
  if (isNode(label) && !node.shorthand) found.understood.add(label);
  NODE_READERS[node.type]?.(node, found);
}

function isZero(node: unknown): boolean {
  return isNode(node) && node.type === "Literal" && node.value === 0;
}

/** `exports.a` or `module.exports.a`, read: the name is known, and nothing is added. */
function readMember(node: SyntaxNode, found: Found): void {
  const target = node.object;
  if (isExports(target) && staticName(node) !== undefined) understandExports(target, found);
  // `module.id`, `module.children`, `module.hot`.
  const name = staticName(node);
  if (
    isNode(target) &&
    target.type === "Identifier" &&
    target.name === "module" &&
    name !== undefined &&
    name !== "exports"
  )
    understand(target, found);
}

function readAssignment(node: SyntaxNode, found: Found): void {
  const { left } = node;
  if (!isNode(left)) return;
  if (isExports(left)) {
    understandExports(left, found);
    readWhole(node.right, found);
    return;
  }
  const name = left.type === "MemberExpression" && isExports(left.object) ? staticName(left) : undefined;
  if (left.type !== "MemberExpression" || !isExports(left.object)) return;
  if (name === undefined) found.isOpen = true;
  else found.names.add(name);
}

/** The value that becomes the whole of `module.exports`. */
function readWhole(value: unknown, found: Found): void {
  if (!isNode(value)) return;
  const required = requiredModule(value);
  if (value.type === "ObjectExpression") readObject(value, found);
  else if (value.type === "AssignmentExpression") return;
  else if (required !== undefined) found.stars.push(required);
  else if (isExports(value)) understandExports(value, found);
  // esbuild lists the names beside it, in code that never runs.
  else if (!(found.annotated || isEsbuild(value))) found.isOpen = true;
}

function isEsbuild(value: SyntaxNode): boolean {
  return value.type === "CallExpression" && isNode(value.callee) && value.callee.name === "__toCommonJS";
}

function readObject(object: SyntaxNode, found: Found): void {
  for (const property of object.properties as readonly SyntaxNode[]) {
    const required = property.type === "SpreadElement" ? requiredModule(property.argument) : undefined;
    if (required !== undefined) found.stars.push(required);
    const name = property.type === "Property" ? keyName(property) : undefined;
    if (name !== undefined) found.names.add(name);
    else if (required === undefined) found.isOpen = true;
  }
}

const STAR_CALLS = /^(__exportStar|__export|__reExport)$/;

function readCall(node: SyntaxNode, found: Found): void {
  const callee = node.callee;
  const [first, second] = node.arguments as readonly SyntaxNode[];
  if (!isNode(callee) || !first) return;
  const name = callee.type === "MemberExpression" ? staticName(callee) : callee.name;
  if (typeof name !== "string") return;
  if (STAR_CALLS.test(name)) readStarCall([first, second], found);
  if (name !== "defineProperty" || !isExports(first)) return;
  understandExports(first, found);
  if (isNode(second) && typeof second.value === "string") found.names.add(second.value);
  else found.isOpen = true;
}

function readStarCall(given: readonly (SyntaxNode | undefined)[], found: Found): void {
  const required = given.map(requiredModule).find((one) => one !== undefined);
  if (required === undefined) return;
  found.stars.push(required);
  for (const one of given) if (isExports(one)) understandExports(one, found);
}

/** `require("x")`, also where an interop call is around it. */
export function requiredModule(node: unknown): string | undefined {
  if (!isNode(node) || node.type !== "CallExpression" || !isNode(node.callee)) return undefined;
  const [first] = node.arguments as readonly SyntaxNode[];
  if (node.callee.type === "Identifier" && node.callee.name === "require")
    return first?.type === "Literal" && typeof first.value === "string" ? first.value : undefined;
  return undefined;
}

function isExports(node: unknown): boolean {
  if (!isNode(node)) return false;
  if (node.type === "Identifier") return node.name === "exports";
  if (node.type !== "MemberExpression" || staticName(node) !== "exports" || !isNode(node.object)) return false;
  return node.object.type === "Identifier" && node.object.name === "module";
}

function understandExports(node: unknown, found: Found): void {
  if (!isNode(node)) return;
  understand(node.type === "Identifier" ? node : node.object, found);
}

function understand(node: unknown, found: Found): void {
  if (isNode(node) && isLoose(node)) found.understood.add(node);
}

/** `a.b` and `a["b"]`: the name; undefined when it is computed. */
export function staticName(member: SyntaxNode): string | undefined {
  const { property } = member;
  if (!isNode(property)) return undefined;
  if (!member.computed) return property.type === "Identifier" ? String(property.name) : undefined;
  return property.type === "Literal" && typeof property.value === "string" ? property.value : undefined;
}

/** The name of a property, method or field; undefined when it is computed. */
export function keyName(member: SyntaxNode): string | undefined {
  const { key } = member;
  if (!isNode(key)) return undefined;
  if (!member.computed && key.type === "Identifier") return String(key.name);
  return key.type === "Literal" ? String(key.value) : undefined;
}
