import { isNode, type SyntaxNode, walk } from "../javascript.ts";
import { keyName, staticName } from "./commonjs-facts.ts";
import { nodeText } from "./json-text.ts";

/** The members of a class or of an object that is written out. */
export interface Shape {
  readonly kind: "class" | "object";
  readonly members: ReadonlySet<string>;
  readonly statics: ReadonlySet<string>;
  /** The class it extends, by its name in the file. */
  readonly parent: string | undefined;
  /** It has or may have members that cannot be seen. */
  readonly isOpen: boolean;
  /** Members that its own methods use on `this`. */
  readonly own: readonly { readonly name: string; readonly start: number }[];
}

/** The classes and written-out objects of a file that stand under one name only. */
export function shapesOf(program: SyntaxNode): ReadonlyMap<string, Shape> {
  const found = new Map<string, Shape>();
  const spoilt = new Set<string>();
  walk(program, (node) => {
    for (const { name, shape } of declaredIn(node)) {
      if (typeof name !== "string") continue;
      if (found.has(name)) spoilt.add(name);
      found.set(name, shape);
    }
    for (const name of spoiltBy(node)) spoilt.add(name);
    return true;
  });
  for (const name of spoilt) {
    const shape = found.get(name);
    if (shape) found.set(name, { ...shape, isOpen: true });
  }
  return found;
}

interface Declared {
  readonly name: unknown;
  readonly shape: Shape;
}

function declaredIn(node: SyntaxNode): readonly Declared[] {
  if (node.type === "ClassDeclaration" && isNode(node.id)) return [{ name: node.id.name, shape: classShape(node) }];
  return node.type === "VariableDeclaration" ? objectsOf(node) : [];
}

/** Names that get members from elsewhere; what a type of the same name adds is a member too. */
function spoiltBy(node: SyntaxNode): readonly string[] {
  if (/^TS(Interface|Module)Declaration$/.test(node.type) && isNode(node.id)) return [String(node.id.name)];
  if (node.type === "AssignmentExpression") return writtenTo(node.left);
  return node.type === "CallExpression" ? handedOver(node) : [];
}

function objectsOf(declaration: SyntaxNode): readonly Declared[] {
  return (declaration.declarations as readonly SyntaxNode[]).flatMap(({ id, init }) => {
    if (!isNode(id) || id.type !== "Identifier" || !isNode(init)) return [];
    if (init.type === "ClassExpression") return [{ name: id.name, shape: classShape(init) }];
    const object = withoutAssertion(init);
    if (object.type !== "ObjectExpression") return [];
    const isSure = declaration.kind === "const" && !id.typeAnnotation;
    const shape = objectShape(object);
    return [{ name: id.name, shape: isSure ? shape : { ...shape, isOpen: true } }];
  });
}

/** `{…} as const` and `{…} satisfies Shape` say nothing of further members. */
function withoutAssertion(node: SyntaxNode): SyntaxNode {
  const isConst =
    node.type === "TSAsExpression" && isNode(node.typeAnnotation) && nodeText(node.typeAnnotation).includes('"const"');
  const isPlain = isConst || node.type === "TSSatisfiesExpression";
  return isPlain && isNode(node.expression) ? node.expression : node;
}

function objectShape(object: SyntaxNode): Shape {
  const properties = object.properties as readonly SyntaxNode[];
  const names = properties.map((one) => (one.type === "Property" ? keyName(one) : undefined));
  const members = new Set(names.filter((name) => name !== undefined));
  return {
    kind: "object",
    members,
    statics: new Set(),
    parent: undefined,
    isOpen: names.includes(undefined) || members.has("__proto__"),
    own: [],
  };
}

/** `A.b = …`, `A.prototype.b = …`: the names that get members elsewhere. */
function writtenTo(left: unknown): readonly string[] {
  if (!isNode(left) || left.type !== "MemberExpression" || !isNode(left.object)) return [];
  const object = left.object;
  if (object.type === "Identifier") return [String(object.name)];
  return object.type === "MemberExpression" ? writtenTo(object) : [];
}

/** `Object.assign(A, …)`, `mixin(A.prototype)`: whoever gets the thing itself may write to it. */
function handedOver(call: SyntaxNode): readonly string[] {
  return (call.arguments as readonly SyntaxNode[]).flatMap((argument) => {
    if (argument.type === "Identifier") return [String(argument.name)];
    const isPrototype = argument.type === "MemberExpression" && staticName(argument) === "prototype";
    return isPrototype && isNode(argument.object) ? [String(argument.object.name)] : [];
  });
}

interface Members {
  readonly members: Set<string>;
  readonly statics: Set<string>;
  readonly own: { name: string; start: number }[];
  isOpen: boolean;
}

function classShape(node: SyntaxNode): Shape {
  const { superClass } = node;
  const isNamed = isNode(superClass) && superClass.type === "Identifier";
  const found: Members = {
    members: new Set(["constructor"]),
    statics: new Set(["prototype", "name", "length"]),
    own: [],
    isOpen: (isNode(superClass) && !isNamed) || hasDecorators(node),
  };
  const body = (isNode(node.body) ? node.body.body : []) as readonly SyntaxNode[];
  for (const member of body) readClassMember(member, found);
  const parent = isNamed ? String(superClass.name) : undefined;
  return { kind: "class", parent, ...found };
}

function hasDecorators(node: SyntaxNode): boolean {
  return Array.isArray(node.decorators) && node.decorators.length > 0;
}

function readClassMember(member: SyntaxNode, found: Members): void {
  if (member.type === "StaticBlock") {
    found.isOpen = true;
    return;
  }
  const name = keyName(member);
  const isPrivate = isNode(member.key) && member.key.type === "PrivateIdentifier";
  if (isPrivate) readUses(member.value, found);
  else if (name === undefined) found.isOpen = true;
  else (member.static ? found.statics : found.members).add(name);
  if (isPrivate) return;
  readParameters(member.value, found);
  if (member.static) readStaticWrites(member.value, found);
  else readUses(member.value, found);
}

/** `constructor(private readonly a: A)` makes a member. */
function readParameters(method: unknown, found: Members): void {
  if (!isNode(method) || !Array.isArray(method.params)) return;
  for (const one of method.params as readonly SyntaxNode[]) {
    if (one.type !== "TSParameterProperty" || !isNode(one.parameter)) continue;
    const named = one.parameter.type === "AssignmentPattern" ? one.parameter.left : one.parameter;
    if (isNode(named)) found.members.add(String(named.name));
  }
}

function readStaticWrites(value: unknown, found: Members): void {
  if (isNode(value) && nodeText(value).includes(`"ThisExpression"`)) found.isOpen = true;
}

/** What the methods do with `this`; a function inside has another one. */
function readUses(value: unknown, found: Members): void {
  if (!isNode(value)) return;
  const start =
    value.type === "FunctionExpression" && isNode(value.body) ? [value.body, ...parametersOf(value)] : [value];
  for (const root of start)
    walk(root, (node) => {
      if (/^(FunctionExpression|FunctionDeclaration|ClassDeclaration|ClassExpression)$/.test(node.type)) return false;
      readThis(node, found);
      return true;
    });
}

function parametersOf(method: SyntaxNode): readonly SyntaxNode[] {
  return (method.params as readonly unknown[]).filter(isNode);
}

function readThis(node: SyntaxNode, found: Members): void {
  if (node.type === "AssignmentExpression") readThisWrite(node.left, found);
  // Whoever gets `this` itself may write to it.
  const given = node.type === "CallExpression" && (node.arguments as readonly SyntaxNode[]).some(isThis);
  const aliased = node.type === "VariableDeclarator" && isThis(node.init);
  if (given || aliased || (node.type === "AssignmentExpression" && isThis(node.right))) found.isOpen = true;
  const callee = node.type === "CallExpression" && !node.optional ? node.callee : undefined;
  if (!isNode(callee) || callee.type !== "MemberExpression" || callee.optional || !isThis(callee.object)) return;
  const name = staticName(callee);
  if (name !== undefined) found.own.push({ name, start: (callee.property as SyntaxNode).start });
}

function isThis(node: unknown): boolean {
  return isNode(node) && node.type === "ThisExpression";
}

function readThisWrite(left: unknown, found: Members): void {
  if (!isNode(left)) return;
  if (left.type === "MemberExpression" && isThis(left.object)) {
    const name = staticName(left);
    if (name === undefined) found.isOpen = true;
    else found.members.add(name);
  }
  if (/Pattern$/.test(left.type) && JSON.stringify(left).includes('"ThisExpression"')) found.isOpen = true;
}
