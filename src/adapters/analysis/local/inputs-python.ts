import type { VisibleCall } from "../../../domain/visible-call.ts";
import {
  bearing,
  type ChangeableInput,
  mentions,
  otherLists,
  otherNumbers,
  otherTexts,
  type Part,
  partText,
  variantsOf,
} from "./input-changes.ts";
import { isPython, type PythonNode, parsePython } from "./python.ts";

interface Reading {
  readonly text: string;
  /** Imported names, by the module they are from. */
  readonly imports: ReadonlyMap<string, string>;
  /** Statements of the module that a test may speak of. */
  readonly setup: readonly string[];
  readonly locals: ReadonlyMap<string, PythonNode>;
  readonly calls: VisibleCall[];
}

/** What the tests of a pytest or unittest file look at the outcome of; a test that takes a fixture is left out. */
export async function pythonCalls(text: string): Promise<readonly VisibleCall[]> {
  if (!(await isPython(text))) return [];
  const root = await parsePython(text);
  const top = statementsOf(root);
  const reading: Reading = {
    text,
    imports: new Map(top.flatMap(importedNames)),
    setup: top.filter(isBrought).map((node) => indented(node.text())),
    locals: new Map(top.flatMap(assignedNames)),
    calls: [],
  };
  for (const statement of top) readStatement(statement, reading);
  return reading.calls;
}

function statementsOf(block: PythonNode): readonly PythonNode[] {
  return block.children().filter((node) => node.isNamed() && node.kind() !== "comment");
}

/** Imports, assignments and plain functions and classes; no star import, no test, nothing with a decorator. */
function isBrought(node: PythonNode): boolean {
  const name = node.field("name")?.text() ?? "";
  switch (String(node.kind())) {
    case "import_statement":
      return true;
    case "import_from_statement":
      return !node.children().some((child) => child.kind() === "wildcard_import");
    case "expression_statement":
      return node.children()[0]?.kind() === "assignment" && !node.text().startsWith("pytestmark");
    case "function_definition":
      return !/^test/.test(name);
    case "class_definition":
      return !/^Test/.test(name) && !/TestCase\b/.test(node.field("superclasses")?.text() ?? "");
    default:
      return false;
  }
}

/** A statement's further lines stand in a function's body inside a test. */
function indented(text: string): string {
  return text.replaceAll("\n", "\n        ");
}

function importedNames(node: PythonNode): readonly [string, string][] {
  const source = node.kind() === "import_from_statement" ? node.field("module_name") : null;
  if (node.kind() !== "import_statement" && !source) return [];
  const names = node.children().filter((child) => child.isNamed() && child.id() !== source?.id());
  return names.map((name) => {
    const local = name.field("alias")?.text() ?? name.text();
    const module = source?.text() ?? name.field("name")?.text() ?? name.text();
    return [local, module];
  });
}

function assignedNames(node: PythonNode): readonly [string, PythonNode][] {
  const assignment = node.kind() === "expression_statement" ? node.children()[0] : undefined;
  if (assignment?.kind() !== "assignment") return [];
  const [left, right] = [assignment.field("left"), assignment.field("right")];
  return left?.kind() === "identifier" && right ? [[left.text(), right]] : [];
}

function readStatement(statement: PythonNode, reading: Reading): void {
  const isDecorated = statement.kind() === "decorated_definition";
  const definition = isDecorated ? statement.field("definition") : statement;
  const body = definition?.field("body");
  if (!definition || !body) return;
  if (definition.kind() === "class_definition" && !isBrought(definition))
    for (const member of statementsOf(body)) readStatement(member, reading);
  if (!isTest(definition)) return;
  const params = statementsOf(definition.field("parameters") ?? definition).map((one) => one.text());
  const open = params.filter((name) => name !== "self");
  for (const row of rowsOf(isDecorated ? statement : undefined, open)) readCase(statementsOf(body), row, reading);
}

function isTest(definition: PythonNode): boolean {
  return definition.kind() === "function_definition" && /^test/.test(definition.field("name")?.text() ?? "");
}

interface Named {
  readonly name: string;
  readonly value: PythonNode;
}

/** One row without names for a plain test; the rows of `parametrize` where they name all parameters; else none. */
function rowsOf(decorated: PythonNode | undefined, params: readonly string[]): readonly (readonly Named[])[] {
  const decorators = decorated?.children().filter((node) => node.kind() === "decorator") ?? [];
  if (decorators.length === 0) return params.length === 0 ? [[]] : [];
  const [only] = decorators;
  if (decorators.length > 1 || !/^@(?:pytest\.)?mark\.parametrize\(/.test(only?.text() ?? "")) return [];
  const given = only?.find({ rule: { kind: "argument_list" } });
  const [named, table] = given ? statementsOf(given) : [];
  const names = (named?.text() ?? "").split(/\W+/).filter((name) => name !== "");
  if (!table || !/^(?:list|tuple)$/.test(String(table.kind())) || params.some((one) => !names.includes(one))) return [];
  return statementsOf(table).flatMap((row) => rowOf(row, names));
}

function rowOf(row: PythonNode, names: readonly string[]): readonly (readonly Named[])[] {
  const values = names.length === 1 ? [row] : statementsOf(row);
  const isPlain = names.length === 1 ? row.kind() !== "call" : /^(?:tuple|list)$/.test(String(row.kind()));
  if (!isPlain || values.length !== names.length) return [];
  return [names.flatMap((name, index) => values.slice(index, index + 1).map((value) => ({ name, value })))];
}

function readCase(body: readonly PythonNode[], row: readonly Named[], reading: Reading): void {
  const before: PythonNode[] = [];
  for (const statement of body) {
    const kind = String(statement.kind());
    const looked = lookedAt(statement);
    if (looked) addCall(looked, { row, before }, reading);
    else if (/^import/.test(kind) || (kind === "expression_statement" && !isCheck(statement))) before.push(statement);
    else if (kind !== "expression_statement" && kind !== "assert_statement") return;
  }
}

function isCheck(statement: PythonNode): boolean {
  return /^self\.(?:assert|fail)/.test(statement.text());
}

/** `assert x == y`, `assert not x`, `self.assertEqual(x, y)`: x. */
function lookedAt(statement: PythonNode): PythonNode | undefined {
  const [first, second] = statement.children();
  const asserted = statement.kind() === "assert_statement" ? second : undefined;
  if (asserted) return plain(asserted);
  if (!isCheck(statement) || /^self\.(?:assertRaises|assertWarns|assertLogs|fail)/.test(statement.text()))
    return undefined;
  const given = first?.field("arguments");
  const [looked] = given ? statementsOf(given) : [];
  return looked && plain(looked);
}

function plain(node: PythonNode): PythonNode | undefined {
  const [first] = statementsOf(node);
  if (node.kind() === "comparison_operator" || node.kind() === "parenthesized_expression") return first && plain(first);
  if (node.kind() === "not_operator") return node.field("argument") ?? undefined;
  return node.kind() === "boolean_operator" ? undefined : node;
}

function addCall(
  looked: PythonNode,
  { row, before }: { readonly row: readonly Named[]; readonly before: readonly PythonNode[] },
  reading: Reading,
): void {
  const { text, imports } = reading;
  const own = before.flatMap(importedNames);
  const sight = {
    imports: new Map([...imports, ...own]),
    locals: new Map([...reading.locals, ...before.flatMap(assignedNames)]),
  };
  const subject = subjectOf(looked, sight);
  const from = subject && sight.imports.get(subject.root);
  if (!subject?.shape.includes("()") || from === undefined) return;
  const stated = before.map((one) => ({
    statement: one,
    text: one.text(),
    makes: assignedNames(one).map(([name]) => name),
  }));
  const bears = [looked, ...bearing(stated, looked.text())];
  const spoken = bears.map((node) => node.text()).join("\n");
  const named = row.filter(({ name }) => mentions(spoken, name));
  const inputs = [...bears, ...named.map(({ value }) => value)].flatMap(inputsIn);
  const parts = [...row.map(({ name, value }) => partOf(value, `${name} = `)), ...before.map((node) => partOf(node))];
  const written: Parameters<typeof variantsOf>[2] = (change) => ({
    setup: [...reading.setup, ...parts.map((part) => indented(partText(text, part, change)))],
    call: partText(text, partOf(looked), change),
  });
  const variants = [...variantsOf(text, inputs, written)];
  reading.calls.push({
    ...written(),
    observed: subject.shape,
    from,
    line: looked.range().start.line + 1,
    variants,
  });
}

function partOf(node: PythonNode, before = ""): Part {
  const { start, end } = node.range();
  return { before, start: start.index, end: end.index, after: "" };
}

interface InSight {
  readonly imports: ReadonlyMap<string, string>;
  readonly locals: ReadonlyMap<string, PythonNode>;
}

interface Subject {
  readonly root: string;
  readonly shape: string;
}

const DEEPEST = 12;

/** Traces an expression to an imported name; undefined where it cannot be told what is looked at. */
function subjectOf(node: PythonNode | null | undefined, sight: InSight, depth = 0): Subject | undefined {
  if (!node || depth > DEEPEST) return undefined;
  const under = (inner: PythonNode | null | undefined) => subjectOf(inner, sight, depth + 1);
  const first = () => statementsOf(node)[0];
  switch (String(node.kind())) {
    case "call":
      return extended(under(node.field("function")), "()") ?? under(statementsOf(node.field("arguments") ?? node)[0]);
    case "attribute":
      return extended(under(node.field("object")), `.${node.field("attribute")?.text()}`);
    case "subscript":
      return extended(under(node.field("value")), "[]");
    case "list":
    case "await":
    case "unary_operator":
    case "parenthesized_expression":
      return under(first());
    case "identifier": {
      const local = sight.locals.get(node.text());
      if (local) return under(local);
      return sight.imports.has(node.text()) ? { root: node.text(), shape: node.text() } : undefined;
    }
    default:
      return undefined;
  }
}

function extended(subject: Subject | undefined, by: string): Subject | undefined {
  return subject && { root: subject.root, shape: subject.shape + by };
}

/** Literals that can be another: no keys, no indices, no imports. */
function inputsIn(node: PythonNode): readonly ChangeableInput[] {
  const kind = String(node.kind());
  if (/^import/.test(kind)) return [];
  const { start, end } = node.range();
  const replacements = othersOf(node, kind);
  const own = replacements.length > 0 ? [{ start: start.index, end: end.index, replacements }] : [];
  return [...own, ...innerOf(node, kind).flatMap(inputsIn)];
}

function innerOf(node: PythonNode, kind: string): readonly PythonNode[] {
  if (kind === "string") return [];
  const field = kind === "pair" || kind === "subscript" ? node.field("value") : null;
  return field ? [field] : statementsOf(node);
}

function othersOf(node: PythonNode, kind: string): readonly string[] {
  switch (kind) {
    case "integer":
    case "float":
      return otherNumbers(node.text());
    case "true":
      return ["False"];
    case "false":
      return ["True"];
    case "string": {
      const value = /^(["'])([^"'\\\n{}]*)\1$/.exec(node.text())?.[2];
      return value === undefined ? [] : otherTexts(value).map((one) => JSON.stringify(one));
    }
    case "list":
      return otherLists(statementsOf(node).map((one) => one.text()));
    default:
      return [];
  }
}
