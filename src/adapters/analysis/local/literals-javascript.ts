import { keyParts, type LiteralFunction, type LiteralUse, listIn } from "../../../domain/literal-use.ts";
import { isNode, parseJavaScript, type SyntaxNode, walk } from "./javascript.ts";
import { sourceText } from "./source-text.ts";
import { nameOf } from "./test-calls.ts";

/** What is known while one function is read: its parameters, tables in sight, and what was found. */
interface Reading {
  readonly parameters: ReadonlySet<string>;
  readonly tables: ReadonlyMap<string, SyntaxNode>;
  readonly compared: Set<string>;
  readonly answers: Set<string>;
  /** `made`: the arguments are made into one text; `list`: one is compared with a list that is written as text. */
  readonly keys: Set<"made" | "list">;
}

export async function javaScriptLiterals(path: string, text: string): Promise<LiteralUse> {
  const file = await parseJavaScript(path, text);
  if (file.errors.length > 0) return { values: [], called: [], functions: [] };
  const [values, called] = [new Set<string>(), new Set<string>()];
  const functions: LiteralFunction[] = [];
  const tables = tablesIn(file.program);
  const { lineAt } = sourceText(text);
  walk(file.program, (node) => {
    const value = jsonOf(node);
    if (value !== undefined) values.add(value);
    const name = node.type === "CallExpression" ? calledName(node.callee) : undefined;
    if (name !== undefined) called.add(name);
    const found = namedFunction(node);
    const read = found && literalFunction(found.body, tables);
    if (read) functions.push({ name: found.name, line: lineAt(node.start), endLine: lineAt(node.end), ...read });
    return true;
  });
  return { values: [...values], called: [...called], functions };
}

function calledName(callee: unknown): string | undefined {
  if (!isNode(callee)) return undefined;
  return callee.type === "MemberExpression" ? nameOf(callee.property) : nameOf(callee);
}

/** A function with the name that it is called by. */
function namedFunction(node: SyntaxNode): { name: string; body: SyntaxNode } | undefined {
  if (node.type === "FunctionDeclaration") return { name: nameOf(node.id) ?? "", body: node };
  const isDeclared = node.type === "VariableDeclarator";
  if (!isDeclared && !/^(?:MethodDefinition|Property|PropertyDefinition)$/.test(node.type)) return undefined;
  const [key, value] = isDeclared ? [node.id, node.init] : [node.key, node.value];
  if (!isNode(value) || !/^(?:ArrowFunction|Function)Expression$/.test(value.type)) return undefined;
  return { name: nameOf(key) ?? "", body: value };
}

type Found = Pick<LiteralFunction, "parameters" | "compared" | "answers" | "keyed">;

function literalFunction(node: SyntaxNode, outer: ReadonlyMap<string, SyntaxNode>): Found | undefined {
  const parameters = (node.params as readonly SyntaxNode[]).map((one) =>
    one.type === "Identifier" ? nameOf(one) : undefined,
  );
  const body = node.body;
  if (!isNode(body) || parameters.some((one) => one === undefined)) return undefined;
  const names = new Set(parameters as readonly string[]);
  const tables = new Map([...outer, ...tablesIn(body)]);
  const reading: Reading = { parameters: names, tables, compared: new Set(), answers: new Set(), keys: new Set() };
  const isRead = body.type === "BlockStatement" ? isBlock(body, reading) : isAnswer(body, reading);
  if (!isRead || reading.answers.size === 0) return undefined;
  const found = { parameters: names.size, compared: [...reading.compared], answers: [...reading.answers] };
  return reading.keys.size === 2 ? { ...found, keyed: "serialised" } : found;
}

/** Every statement only chooses between literals. */
function isBlock(node: SyntaxNode, reading: Reading): boolean {
  return (node.body as readonly SyntaxNode[]).every((statement) => isChoice(statement, reading));
}

function isChoice(node: SyntaxNode, reading: Reading): boolean {
  switch (node.type) {
    case "BlockStatement":
      return isBlock(node, reading);
    case "ReturnStatement":
      return node.argument === null || isAnswer(node.argument, reading);
    case "ThrowStatement":
      return true;
    case "IfStatement":
      return (
        isTest(node.test, reading) &&
        [node.consequent, node.alternate].every((one) => !isNode(one) || isChoice(one, reading))
      );
    case "SwitchStatement":
      return isSwitch(node, reading);
    case "VariableDeclaration":
      return (node.declarations as readonly SyntaxNode[]).every(
        ({ id, init }) => reading.tables.has(nameOf(id) ?? "") && isNode(init),
      );
    default:
      return false;
  }
}

function isSwitch(node: SyntaxNode, reading: Reading): boolean {
  const isTrue = isNode(node.discriminant) && node.discriminant.value === true;
  if (!isTrue && !isKey(node.discriminant, reading)) return false;
  return (node.cases as readonly SyntaxNode[]).every(({ test, consequent }) => {
    const tested = test === null || (isTrue ? isTest(test, reading) : compares(test, reading));
    return (
      tested &&
      (consequent as readonly SyntaxNode[]).every((one) => one.type === "BreakStatement" || isChoice(one, reading))
    );
  });
}

/** A literal, a choice between such, or a look into a table of such; what it may be is noted. */
function isAnswer(node: unknown, reading: Reading): boolean {
  if (!isNode(node)) return false;
  const value = jsonOf(node) ?? wordOf(node);
  if (value !== undefined) {
    reading.answers.add(value);
    return true;
  }
  switch (node.type) {
    case "ConditionalExpression":
      return isTest(node.test, reading) && isAnswer(node.consequent, reading) && isAnswer(node.alternate, reading);
    case "LogicalExpression":
      return isAnswer(node.left, reading) && isAnswer(node.right, reading);
    case "TSAsExpression":
    case "TSNonNullExpression":
      return isAnswer(node.expression, reading);
    case "MemberExpression":
      return node.computed === true && isKey(node.property, reading) && isTable(node.object, reading);
    case "CallExpression":
      return isLookUp(node, reading);
    default:
      return false;
  }
}

function isLookUp({ callee, arguments: given }: SyntaxNode, reading: Reading): boolean {
  const isGet = isNode(callee) && callee.type === "MemberExpression" && nameOf(callee.property) === "get";
  return isGet && (given as readonly unknown[]).every((one) => isKey(one, reading)) && isTable(callee.object, reading);
}

/** Notes what a table holds and is looked up by. */
function isTable(node: unknown, reading: Reading): boolean {
  const table = isNode(node) && node.type === "Identifier" ? reading.tables.get(nameOf(node) ?? "") : node;
  const entries = isNode(table) ? entriesOf(table) : undefined;
  if (!entries) return false;
  for (const [key, values] of entries) {
    noteKey(key, reading);
    for (const value of values) reading.answers.add(value);
  }
  return true;
}

function noteKey(key: string, { compared, keys }: Reading): void {
  if (listIn(key) !== undefined) keys.add("list");
  for (const part of keyParts(key)) compared.add(part);
}

/** Keys and values of `{ "5,3": 2 }` and `new Map([["5,3", 2]])`, where all are literals. */
function entriesOf(node: SyntaxNode): readonly (readonly [string, readonly string[]])[] | undefined {
  const pairs = keyedIn(node);
  const read = pairs.map(([key, value]) => [plainKey(key), valuesOf(value)] as const);
  if (read.length === 0 || read.some((pair) => pair.some((one) => one === undefined))) return undefined;
  return read as readonly (readonly [string, readonly string[]])[];
}

/** A literal, or what stands in a list or a record of literals; undefined for anything that is worked out. */
function valuesOf(node: unknown): readonly string[] | undefined {
  if (!isNode(node)) return undefined;
  const isList = node.type === "ArrayExpression";
  if (!isList && node.type !== "ObjectExpression") {
    const value = jsonOf(node) ?? wordOf(node);
    return value === undefined ? undefined : [value];
  }
  const parts = isList
    ? (node.elements as readonly unknown[])
    : (node.properties as readonly SyntaxNode[]).map(({ value }) => value);
  const found = parts.map(valuesOf);
  return found.includes(undefined) ? undefined : found.flatMap((one) => one ?? []);
}

function keyedIn(node: SyntaxNode): readonly (readonly [unknown, unknown])[] {
  if (node.type === "ObjectExpression")
    return (node.properties as readonly SyntaxNode[]).map(({ key, value }) => [key, value] as const);
  const isMap = node.type === "NewExpression" && nameOf(node.callee) === "Map";
  return isMap ? pairsOf((node.arguments as readonly SyntaxNode[])[0]) : [];
}

function pairsOf(list: SyntaxNode | undefined): readonly (readonly [unknown, unknown])[] {
  if (list?.type !== "ArrayExpression") return [];
  return (list.elements as readonly SyntaxNode[]).map((pair) => {
    const [key, value] = pair?.type === "ArrayExpression" ? (pair.elements as readonly unknown[]) : [];
    return [key, value] as const;
  });
}

function plainKey(key: unknown): string | undefined {
  if (!isNode(key)) return undefined;
  return nameOf(key) ?? (key.type === "Literal" ? String(key.value) : undefined);
}

/** A comparison of arguments with literals, or several of them. */
function isTest(node: unknown, reading: Reading): boolean {
  if (!isNode(node)) return false;
  if (node.type === "LogicalExpression") return isTest(node.left, reading) && isTest(node.right, reading);
  if (node.type === "UnaryExpression" && node.operator === "!") return isTest(node.argument, reading);
  if (node.type !== "BinaryExpression" || !/^[!=]==?$/.test(String(node.operator))) return false;
  const { left, right } = node;
  return (isKey(left, reading) && compares(right, reading)) || (isKey(right, reading) && compares(left, reading));
}

function compares(node: unknown, reading: Reading): boolean {
  const value = isNode(node) ? jsonOf(node) : undefined;
  if (value === undefined) return false;
  const parsed: unknown = JSON.parse(value);
  if (typeof parsed === "string") noteKey(parsed, reading);
  else reading.compared.add(value);
  return true;
}

/** An argument, or several put together as one text. */
function isKey(node: unknown, reading: Reading): boolean {
  if (!isNode(node)) return false;
  switch (node.type) {
    case "Identifier":
      return reading.parameters.has(nameOf(node) ?? "");
    case "TemplateLiteral":
      return (node.expressions as readonly unknown[]).every((one) => isKey(one, reading));
    case "ArrayExpression":
      return (node.elements as readonly unknown[]).every((one) => isKey(one, reading));
    case "BinaryExpression":
      return (
        node.operator === "+" &&
        [node.left, node.right].every((one) => isKey(one, reading) || isText(one)) &&
        [node.left, node.right].some((one) => isText(one) || isJoined(one))
      );
    case "CallExpression":
      return isPutTogether(node, reading);
    default:
      return false;
  }
}

function isText(node: unknown): boolean {
  return isNode(node) && typeof node.value === "string";
}

function isJoined(node: unknown): boolean {
  return isNode(node) && node.type === "BinaryExpression" && [node.left, node.right].some(isText);
}

/** `String(a)`, `JSON.stringify([a, b])`, `[a, b].join(",")`. */
function isPutTogether({ callee, arguments: given }: SyntaxNode, reading: Reading): boolean {
  if (!isNode(callee)) return false;
  const name = calledName(callee) ?? "";
  if (name === "stringify") reading.keys.add("made");
  if (name === "String" || name === "stringify")
    return (given as readonly unknown[]).every((one) => isKey(one, reading));
  return /^(?:join|toString)$/.test(name) && callee.type === "MemberExpression" && isKey(callee.object, reading);
}

/** Constants of literal tables, by name. */
function tablesIn(node: SyntaxNode): ReadonlyMap<string, SyntaxNode> {
  const statements = Array.isArray(node.body) ? (node.body as readonly SyntaxNode[]) : [];
  const declared = statements.flatMap((statement) => {
    const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    const isVariable = isNode(declaration) && declaration.type === "VariableDeclaration";
    return isVariable ? (declaration.declarations as readonly SyntaxNode[]) : [];
  });
  const tables = declared.flatMap(({ id, init }) => {
    const table = isNode(init) ? unwrapped(init) : undefined;
    return table && entriesOf(table) ? [[nameOf(id) ?? "", table] as const] : [];
  });
  return new Map(tables);
}

function unwrapped(node: SyntaxNode): SyntaxNode {
  return /^TS(?:As|Satisfies)Expression$/.test(node.type) && isNode(node.expression) ? node.expression : node;
}

/** A number, a text, or a list or record of such, as JSON. */
function jsonOf(node: SyntaxNode): string | undefined {
  if (node.type === "Literal" && (typeof node.value === "number" || typeof node.value === "string"))
    return JSON.stringify(node.value);
  const negative =
    node.type === "UnaryExpression" && node.operator === "-" && isNode(node.argument) ? node.argument : undefined;
  return typeof negative?.value === "number" ? JSON.stringify(-negative.value) : undefined;
}

/** `true`, `false`, `null` and `undefined`. */
function wordOf(node: SyntaxNode): string | undefined {
  if (node.type === "Literal" && (typeof node.value === "boolean" || node.value === null)) return String(node.value);
  return node.type === "Identifier" && node.name === "undefined" ? "null" : undefined;
}
