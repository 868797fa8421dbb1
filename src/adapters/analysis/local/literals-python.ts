import { keyParts, type LiteralFunction, type LiteralUse, listIn } from "../../../domain/literal-use.ts";
import { isPython, type PythonNode, parsePython } from "./python.ts";

interface Reading {
  readonly parameters: ReadonlySet<string>;
  readonly tables: ReadonlyMap<string, PythonNode>;
  readonly compared: Set<string>;
  readonly answers: Set<string>;
  /** `made`: the arguments are made into one text; `list`: one is compared with a list that is written as text. */
  readonly keys: Set<"made" | "list">;
}

export async function pythonLiterals(text: string): Promise<LiteralUse> {
  if (!(await isPython(text))) return { values: [], called: [], functions: [] };
  const root = await parsePython(text);
  const [values, called] = [new Set<string>(), new Set<string>()];
  const functions: LiteralFunction[] = [];
  const tables = tablesIn(root);
  const visit = (node: PythonNode): void => {
    const value = jsonOf(node);
    if (value !== undefined) values.add(value);
    if (node.kind() === "call") called.add((node.field("function")?.text() ?? "").split(".").at(-1) ?? "");
    const found = node.kind() === "function_definition" ? literalFunction(node, tables) : undefined;
    if (found) functions.push(found);
    for (const child of node.children()) visit(child);
  };
  visit(root);
  return { values: [...values], called: [...called], functions };
}

function literalFunction(node: PythonNode, outer: ReadonlyMap<string, PythonNode>): LiteralFunction | undefined {
  const parameters = named(node.field("parameters")).map(parameterOf);
  const body = node.field("body");
  if (!body || parameters.some((one) => one === undefined)) return undefined;
  const own = (parameters as readonly string[]).filter((one) => one !== "self" && one !== "cls");
  const reading: Reading = {
    parameters: new Set(own),
    tables: new Map([...outer, ...tablesIn(body)]),
    compared: new Set(),
    answers: new Set(),
    keys: new Set(),
  };
  if (!named(body).every((statement) => isChoice(statement, reading)) || reading.answers.size === 0) return undefined;
  const { start, end } = node.range();
  return {
    name: node.field("name")?.text() ?? "",
    line: start.line + 1,
    endLine: end.line + 1,
    parameters: own.length,
    compared: [...reading.compared],
    answers: [...reading.answers],
    ...(reading.keys.size === 2 ? { keyed: "serialised" as const } : {}),
  };
}

function parameterOf(node: PythonNode): string | undefined {
  if (node.kind() === "identifier") return node.text();
  return node.kind() === "typed_parameter"
    ? named(node)
        .find((child) => child.kind() === "identifier")
        ?.text()
    : undefined;
}

function named(node: PythonNode | null): readonly PythonNode[] {
  return node?.children().filter((child) => child.isNamed() && child.kind() !== "comment") ?? [];
}

function isChoice(node: PythonNode, reading: Reading): boolean {
  switch (String(node.kind())) {
    case "return_statement":
      return named(node).every((value) => isAnswer(value, reading));
    case "raise_statement":
    case "pass_statement":
      return true;
    case "expression_statement":
      return named(node).every((one) => one.kind() === "string" || isTable(one, reading));
    case "if_statement":
    case "elif_clause":
      return (
        isTest(node.field("condition"), reading) &&
        named(node)
          .slice(1)
          .every((part) => isChoice(part, reading))
      );
    case "else_clause":
    case "block":
      return named(node).every((one) => isChoice(one, reading));
    default:
      return false;
  }
}

/** The assignment of a table that is known already. */
function isTable(node: PythonNode, reading: Reading): boolean {
  return node.kind() === "assignment" && reading.tables.has(node.field("left")?.text() ?? "");
}

function isAnswer(node: PythonNode, reading: Reading): boolean {
  const value = jsonOf(node) ?? WORDS[String(node.kind())];
  if (value !== undefined) {
    reading.answers.add(value);
    return true;
  }
  switch (String(node.kind())) {
    case "parenthesized_expression":
      return named(node).every((one) => isAnswer(one, reading));
    case "conditional_expression": {
      const [then, test, otherwise] = named(node);
      return (
        then !== undefined &&
        otherwise !== undefined &&
        isTest(test ?? null, reading) &&
        isAnswer(then, reading) &&
        isAnswer(otherwise, reading)
      );
    }
    case "subscript":
      return isLookUp(node.field("value"), named(node).slice(1), reading);
    case "call":
      return isGet(node, reading);
    default:
      return false;
  }
}

const WORDS: Readonly<Record<string, string>> = { true: "true", false: "false", none: "null" };

/** `TABLE.get((left, right), 0)`. */
function isGet(node: PythonNode, reading: Reading): boolean {
  const called = node.field("function");
  if (called?.kind() !== "attribute" || called.field("attribute")?.text() !== "get") return false;
  const [key, ...fallback] = named(node.field("arguments"));
  return (
    key !== undefined &&
    isLookUp(called.field("object"), [key], reading) &&
    fallback.every((one) => isAnswer(one, reading))
  );
}

function isLookUp(object: PythonNode | null, keys: readonly PythonNode[], reading: Reading): boolean {
  const table = object?.kind() === "identifier" ? reading.tables.get(object.text()) : object;
  const entries = table ? entriesOf(table) : undefined;
  if (!entries || !keys.every((key) => isKey(key, reading))) return false;
  for (const { key, values } of entries) {
    compares(key, reading);
    for (const value of values) reading.answers.add(value);
  }
  return true;
}

/** A pair of a dictionary. */
interface Entry {
  readonly key: PythonNode;
  readonly values: readonly string[];
}

/** Keys and values of a dictionary of literals; a tuple is its members. */
function entriesOf(node: PythonNode): readonly Entry[] | undefined {
  if (node.kind() !== "dictionary") return undefined;
  const read = named(node).map((pair) => ({ key: pair.field("key"), values: valuesOf(pair.field("value")) }));
  const isPlain = ({ key, values }: (typeof read)[number]) => key && partsOf(key) !== undefined && values !== undefined;
  return read.length > 0 && read.every(isPlain) ? (read as readonly Entry[]) : undefined;
}

/** A literal, or what stands in a list, a tuple or a dictionary of literals; undefined for anything that is worked out. */
function valuesOf(node: PythonNode | null): readonly string[] | undefined {
  if (!node) return undefined;
  const kind = String(node.kind());
  const isDictionary = kind === "dictionary";
  if (!isDictionary && kind !== "list" && kind !== "tuple") {
    const value = jsonOf(node) ?? WORDS[kind];
    return value === undefined ? undefined : [value];
  }
  const found = named(node).map((one) => valuesOf(isDictionary ? one.field("value") : one));
  return found.includes(undefined) ? undefined : found.flatMap((one) => one ?? []);
}

function partsOf(node: PythonNode): readonly string[] | undefined {
  if (node.kind() === "tuple" || node.kind() === "list") {
    const parts = named(node).map(jsonOf);
    return parts.some((part) => part === undefined) ? undefined : (parts as readonly string[]);
  }
  const value = jsonOf(node);
  if (value === undefined) return undefined;
  const parsed: unknown = JSON.parse(value);
  return typeof parsed === "string" ? keyParts(parsed) : [value];
}

function isTest(node: PythonNode | null, reading: Reading): boolean {
  if (!node) return false;
  switch (String(node.kind())) {
    case "parenthesized_expression":
    case "boolean_operator":
    case "not_operator":
      return named(node).every((one) => isTest(one, reading));
    case "comparison_operator": {
      const [left, right, more] = named(node);
      const operator =
        node
          .children()
          .find((child) => !child.isNamed())
          ?.text() ?? "";
      if (!left || !right || more || !/^(?:==|!=|is)$/.test(operator)) return false;
      return (isKey(left, reading) && compares(right, reading)) || (isKey(right, reading) && compares(left, reading));
    }
    default:
      return false;
  }
}

function compares(node: PythonNode, reading: Reading): boolean {
  const parts = partsOf(node);
  for (const part of parts ?? []) reading.compared.add(part);
  const text: unknown = node.kind() === "string" ? JSON.parse(jsonOf(node) ?? "null") : undefined;
  if (typeof text === "string" && listIn(text) !== undefined) reading.keys.add("list");
  return parts !== undefined;
}

/** An argument, or several put together. */
function isKey(node: PythonNode, reading: Reading): boolean {
  switch (String(node.kind())) {
    case "identifier":
      return reading.parameters.has(node.text());
    case "tuple":
    case "list":
    case "parenthesized_expression":
      return named(node).length > 0 && named(node).every((one) => isKey(one, reading));
    case "string":
      return (
        named(node).some((part) => part.kind() === "interpolation") &&
        named(node)
          .filter((part) => part.kind() === "interpolation")
          .every((part) => named(part).every((one) => isKey(one, reading)))
      );
    case "call":
      return isMade(node, reading);
    default:
      return false;
  }
}

/** `str(a)`, `repr((a, b))`, `json.dumps([a, b])`. */
function isMade(node: PythonNode, reading: Reading): boolean {
  const name = node.field("function")?.text() ?? "";
  if (/^(?:str|repr|(?:json\.)?dumps)$/.test(name)) reading.keys.add("made");
  const isKnown = /^(?:str|repr|tuple|int|float|(?:json\.)?dumps)$/.test(name);
  return isKnown && named(node.field("arguments")).every((one) => isKey(one, reading));
}

function tablesIn(block: PythonNode): ReadonlyMap<string, PythonNode> {
  const tables = new Map<string, PythonNode>();
  for (const statement of named(block)) {
    const [assigned] = statement.kind() === "expression_statement" ? named(statement) : [];
    const right = assigned?.kind() === "assignment" ? assigned.field("right") : null;
    if (right && entriesOf(right)) tables.set(assigned?.field("left")?.text() ?? "", right);
  }
  return tables;
}

/** A number or a text, as JSON. */
function jsonOf(node: PythonNode): string | undefined {
  const text = node.text();
  switch (String(node.kind())) {
    case "integer":
    case "float":
      return Number.isFinite(Number(text.replaceAll("_", "")))
        ? JSON.stringify(Number(text.replaceAll("_", "")))
        : undefined;
    case "unary_operator":
      return /^-\s*[\d.]+$/.test(text) ? JSON.stringify(Number(text.replace(/\s/g, ""))) : undefined;
    case "string":
      return /^[a-z]*f/i.test(text.replace(/["'].*$/s, ""))
        ? undefined
        : JSON.stringify(text.replace(/^[a-z]*("""|'''|"|')/i, "").replace(/("""|'''|"|')$/, ""));
    default:
      return undefined;
  }
}
