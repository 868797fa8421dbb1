import { isNode, type SyntaxNode } from "../javascript.ts";
import { type At, asksForType, isAsking, useOf } from "./asking.ts";
import { requiredModule, staticName } from "./commonjs-facts.ts";
import type { Import, SourceFacts, Wanted } from "./source-model.ts";

/** Walks a file once. */
export function sourceFacts(program: SyntaxNode): SourceFacts {
  const facts: SourceFacts = {
    imports: [],
    declared: new Map(),
    used: [],
    asked: new Set(),
    members: [],
    instances: new Map(),
    loose: new Set(),
    isMoving: false,
  };
  look(program, { parent: undefined, key: "", isTried: false }, facts);
  // A bundle brings a `require` of its own.
  const isBundle = facts.declared.has("require") && facts.imports.every(({ style }) => style === "require");
  return isBundle ? { ...facts, imports: [] } : facts;
}

type Reader = (node: SyntaxNode, at: At, facts: SourceFacts) => void;

function look(node: SyntaxNode, at: At, facts: SourceFacts): void {
  const reader = READERS[node.type];
  if (reader) reader(node, at, facts);
  else if (!node.type.startsWith("TS")) below(node, at, facts);
}

/** Looks at all that stands below a node, but for some of its members. */
function below(node: SyntaxNode, at: At, facts: SourceFacts, without: readonly string[] = []): void {
  for (const key in node) {
    if (without.includes(key)) continue;
    const isTried = at.isTried || (node.type === "TryStatement" && key === "block") || asksForType(node, key);
    for (const child of [node[key]].flat()) if (isNode(child)) look(child, { parent: node, key, isTried }, facts);
  }
}

/** Declares every name of a pattern, and looks at its default values. */
function bind(pattern: unknown, at: At, facts: SourceFacts): void {
  if (!isNode(pattern)) return;
  const inner = { ...at, parent: pattern };
  if (pattern.type === "Identifier") declare(String(pattern.name), facts);
  else if (pattern.type === "ObjectPattern") bindProperties(pattern, inner, facts);
  else if (pattern.type === "AssignmentPattern" && isNode(pattern.right)) look(pattern.right, inner, facts);
  const parts = [pattern.left, pattern.argument, pattern.parameter];
  const elements = pattern.type === "ArrayPattern" ? (pattern.elements as readonly unknown[]) : [];
  for (const part of pattern.type === "Identifier" ? [] : [...parts, ...elements]) bind(part, inner, facts);
}

function bindProperties(pattern: SyntaxNode, at: At, facts: SourceFacts): void {
  for (const property of pattern.properties as readonly SyntaxNode[]) {
    if (property.type === "RestElement") bind(property.argument, at, facts);
    else {
      if (property.computed && isNode(property.key)) look(property.key, { ...at, key: "key" }, facts);
      bind(property.value, at, facts);
    }
  }
}

function declare(name: string, facts: SourceFacts): void {
  facts.declared.set(name, (facts.declared.get(name) ?? 0) + 1);
}

const readFunction: Reader = (node, at, facts) => {
  bind(node.id, at, facts);
  for (const parameter of (node.params ?? []) as readonly SyntaxNode[]) {
    bind(parameter, { ...at, parent: node }, facts);
    const { decorators } = parameter;
    if (Array.isArray(decorators)) for (const one of decorators) if (isNode(one)) look(one, at, facts);
  }
  if (isNode(node.body)) look(node.body, { ...at, parent: node, key: "body" }, facts);
};

const readClass: Reader = (node, at, facts) => {
  bind(node.id, at, facts);
  below(node, at, facts, ["id", "typeParameters", "superTypeArguments", "implements"]);
};

/** A type's own name may stand in `export { … }`. */
const readTypeName: Reader = (node, at, facts) => bind(node.id, at, facts);

const readKeyed: Reader = (node, at, facts) =>
  below(node, at, facts, node.computed ? ["typeAnnotation"] : ["key", "typeAnnotation"]);

const readVariable: Reader = (node, at, facts) => {
  bind(node.id, at, facts);
  const { id, init } = node;
  if (!isNode(init) || !isNode(id)) return;
  const required = requiredModule(init);
  if (required !== undefined) return readRequired({ specifier: required, id, start: init.start }, at, facts);
  const isConstant = at.parent?.type === "VariableDeclaration" && at.parent.kind === "const";
  const made = init.type === "NewExpression" && isNode(init.callee) ? init.callee : undefined;
  if (isConstant && id.type === "Identifier" && !id.typeAnnotation && made?.type === "Identifier")
    facts.instances.set(String(id.name), String(made.name));
  look(init, { ...at, parent: node, key: "init" }, facts);
};

interface Required {
  readonly specifier: string;
  readonly id: SyntaxNode;
  readonly start: number;
}

function readRequired({ specifier, id, start }: Required, at: At, facts: SourceFacts): void {
  const whole = id.type === "Identifier" ? String(id.name) : undefined;
  const properties = id.type === "ObjectPattern" ? (id.properties as readonly SyntaxNode[]) : [];
  const wanted = properties.flatMap((property): Wanted[] => {
    const key = property.type === "Property" && !property.computed && isNode(property.key) ? property.key : undefined;
    const value = isNode(property.value) ? property.value : undefined;
    // A default value says that it may be missing.
    if (!key || typeof key.name !== "string" || value?.type === "AssignmentPattern") return [];
    const local = value?.type === "Identifier" ? String(value.name) : undefined;
    return [{ name: key.name, start: key.start, isType: false, local }];
  });
  facts.imports.push({ specifier, start, style: "require", wanted, whole, isTried: at.isTried });
}

const readImport: Reader = (node, at, facts) => {
  const wanted: Wanted[] = [];
  let whole: string | undefined;
  for (const one of node.specifiers as readonly SyntaxNode[]) {
    bind(one.local, at, facts);
    const local = isNode(one.local) ? String(one.local.name) : "";
    const isType = node.importKind === "type" || one.importKind === "type";
    if (one.type === "ImportNamespaceSpecifier") whole = local;
    else wanted.push({ name: importedName(one), start: one.start, isType, local });
  }
  pushImport(node, { wanted, whole }, facts);
};

function importedName(one: SyntaxNode): string {
  if (one.type === "ImportDefaultSpecifier") return "default";
  const imported = (one.imported ?? one.local) as SyntaxNode;
  return String(imported.name ?? imported.value);
}

function pushImport(node: SyntaxNode, more: Pick<Import, "wanted" | "whole">, facts: SourceFacts): void {
  const specifier = String((node.source as SyntaxNode).value);
  facts.imports.push({ specifier, start: node.start, style: "import", isTried: false, ...more });
}

const readExport: Reader = (node, at, facts) => {
  if (!isNode(node.source)) return below(node, at, facts);
  const wanted = ((node.specifiers ?? []) as readonly SyntaxNode[]).map((one) => {
    const isType = node.exportKind === "type" || one.exportKind === "type";
    return { name: String((one.local as SyntaxNode).name ?? "default"), start: one.start, isType, local: undefined };
  });
  pushImport(node, { wanted, whole: undefined }, facts);
};

/** What is exported by name may be a type. */
const readExportName: Reader = (node, _at, facts) => {
  if (isNode(node.local)) facts.loose.add(String(node.local.name));
};

const readIdentifier: Reader = (node, at, facts) => {
  const name = String(node.name);
  if (isAsking(at)) facts.asked.add(name);
  facts.loose.add(name);
  facts.used.push({ name, start: node.start });
};

const readMember: Reader = (node, at, facts) => {
  const { object } = node;
  const name = staticName(node);
  const isPlain = isNode(object) && (object.type === "Identifier" || object.type === "ThisExpression");
  if (!isPlain || name === undefined) return below(node, at, facts, node.computed ? [] : ["property"]);
  const start = isNode(node.property) ? node.property.start : node.start;
  const of = object.type === "ThisExpression" ? "this" : String(object.name);
  facts.members.push({ object: of, name, start, use: useOf(node, at) });
  if (of === "this") return;
  if (isAsking(at) || node.optional) facts.asked.add(of);
  facts.used.push({ name: of, start: object.start });
};

const readAssignment: Reader = (node, at, facts) => {
  const { left } = node;
  if (isNode(left) && left.type === "Identifier") facts.asked.add(String(left.name));
  below(node, at, facts);
};

const readCall: Reader = (node, at, facts) => {
  const specifier = requiredModule(node);
  if (specifier !== undefined) {
    const member = at.parent?.type === "MemberExpression" && at.key === "object" ? at.parent : undefined;
    const name = member && !member.optional ? staticName(member) : undefined;
    const wanted = name === undefined ? [] : [{ name, start: node.start, isType: false, local: undefined }];
    facts.imports.push({
      specifier,
      start: node.start,
      style: "require",
      wanted,
      whole: undefined,
      isTried: at.isTried,
    });
  }
  const { callee } = node;
  if (isNode(callee) && callee.type === "Identifier" && callee.name === "eval") facts.isMoving = true;
  below(node, at, facts, ["typeArguments"]);
};

const readJsxName: Reader = (node, at, facts) => {
  const isElement = at.parent?.type === "JSXOpeningElement" && /^[A-Z]/.test(String(node.name));
  const isObject = at.parent?.type === "JSXMemberExpression" && at.key === "object";
  if (isElement || isObject) facts.used.push({ name: String(node.name), start: node.start });
};

const whole: Reader = (node, at, facts) => below(node, at, facts);
const without =
  (...members: readonly string[]): Reader =>
  (node, at, facts) =>
    below(node, at, facts, members);
const nothing: Reader = () => undefined;
const READERS: Readonly<Record<string, Reader>> = {
  Identifier: readIdentifier,
  MemberExpression: readMember,
  CallExpression: readCall,
  AssignmentExpression: readAssignment,
  VariableDeclarator: readVariable,
  FunctionDeclaration: readFunction,
  FunctionExpression: readFunction,
  ArrowFunctionExpression: readFunction,
  TSDeclareFunction: readTypeName,
  ClassDeclaration: readClass,
  ClassExpression: readClass,
  MethodDefinition: readKeyed,
  PropertyDefinition: readKeyed,
  AccessorProperty: readKeyed,
  Property: readKeyed,
  LogicalExpression: (node, at, facts) => {
    // `0 && (module.exports = …)` is how esbuild lists names in code that never runs.
    const isDead = isNode(node.left) && node.left.type === "Literal" && node.left.value === 0;
    if (!isDead) below(node, at, facts);
  },
  CatchClause: (node, at, facts) => {
    bind(node.param, at, facts);
    below(node, at, facts, ["param"]);
  },
  ImportDeclaration: readImport,
  ExportNamedDeclaration: readExport,
  ExportAllDeclaration: readExport,
  ExportSpecifier: readExportName,
  LabeledStatement: without("label"),
  BreakStatement: nothing,
  ContinueStatement: nothing,
  MetaProperty: nothing,
  WithStatement: (_node, _at, facts) => {
    facts.isMoving = true;
  },
  NewExpression: without("typeArguments"),
  TaggedTemplateExpression: without("typeArguments"),
  JSXIdentifier: readJsxName,
  JSXOpeningElement: without("typeArguments"),
  TSAsExpression: without("typeAnnotation"),
  TSSatisfiesExpression: without("typeAnnotation"),
  TSTypeAssertion: without("typeAnnotation"),
  TSInstantiationExpression: without("typeArguments"),
  TSNonNullExpression: whole,
  TSExportAssignment: whole,
  TSInterfaceDeclaration: readTypeName,
  TSTypeAliasDeclaration: readTypeName,
  TSEnumDeclaration: readTypeName,
  TSModuleDeclaration: (node, at, facts) => {
    readTypeName(node, at, facts);
    below(node, at, facts, ["id"]);
  },
  TSModuleBlock: whole,
  TSImportEqualsDeclaration: (node, at, facts) => {
    bind(node.id, at, facts);
    const reference = node.moduleReference;
    if (!isNode(reference) || reference.type !== "TSExternalModuleReference") return;
    const specifier = String((reference.expression as SyntaxNode).value);
    const whole = isNode(node.id) ? String(node.id.name) : undefined;
    facts.imports.push({ specifier, start: node.start, style: "require", wanted: [], whole, isTried: false });
  },
};
