import type { WrittenCase, WrittenCases } from "../../../domain/diagnostic.ts";
import { assertsOf } from "./asserts-python.ts";
import { isPython, type PythonNode, parsePython } from "./python.ts";
import type { Modifier } from "./test-calls.ts";
import { pythonDigest } from "./tree-digest.ts";

interface Reading {
  readonly cases: WrittenCase[];
  readonly rest: string[];
}

interface Enclosing {
  readonly titles: readonly string[];
  readonly modifier: Modifier | undefined;
}

/** The cases of a pytest or unittest file. */
export async function pythonCases(text: string): Promise<WrittenCases> {
  if (!(await isPython(text))) return { parsed: false, cases: [], rest: [], imports: [], assertions: 0 };
  const root = await parsePython(text);
  const reading: Reading = { cases: [], rest: [] };
  const marks = root.children().find((node) => node.text().startsWith("pytestmark"));
  const modifier = marks && markOf(marks.text());
  for (const statement of statementsOf(root)) readStatement(statement, { titles: [], modifier }, reading);
  return { parsed: true, ...reading, imports: importsOf(root), assertions: assertionsOf(root) };
}

function statementsOf(block: PythonNode): readonly PythonNode[] {
  return block.children().filter((node) => node.isNamed() && node.kind() !== "comment");
}

function readStatement(statement: PythonNode, enclosing: Enclosing, reading: Reading): void {
  const collected = collectedBy(statement);
  if (collected?.kind === "case") readCase(statement, collected, enclosing, reading);
  else if (collected) readClass(statement, collected, enclosing, reading);
  else if (/^(if|for|with|try)_statement$/.test(String(statement.kind()))) readNested(statement, enclosing, reading);
  else for (const part of separableParts(statement)) reading.rest.push(pythonDigest([...enclosing.titles, ...part]));
}

/** What pytest would collect of a statement: a test function, or a class with test methods. */
function collectedBy(statement: PythonNode): Collected | undefined {
  const definition = statement.kind() === "decorated_definition" ? statement.field("definition") : statement;
  const name = definition?.field("name")?.text() ?? "";
  if (definition?.kind() === "function_definition" && /^test/.test(name)) return { kind: "case", definition, name };
  const isClass = definition?.kind() === "class_definition" && isTestClass(definition, name);
  return definition && isClass ? { kind: "class", definition, name } : undefined;
}

interface Collected {
  readonly kind: "case" | "class";
  readonly definition: PythonNode;
  readonly name: string;
}

function readCase(statement: PythonNode, found: Collected, enclosing: Enclosing, reading: Reading): void {
  const modifier = modifierOf(statement) ?? skipsItself(found.definition) ?? enclosing.modifier;
  reading.cases.push({
    title: [...enclosing.titles, found.name].join(" > "),
    digest: pythonDigest([statement]),
    line: found.definition.range().start.line + 1,
    ...(modifier && { modifier }),
    asserts: assertsOf(found.definition),
  });
}

function readClass(statement: PythonNode, found: Collected, enclosing: Enclosing, reading: Reading): void {
  const body = found.definition.field("body");
  const titles = [...enclosing.titles, found.name];
  reading.rest.push(pythonDigest([...titles, statement], (node) => node.id() === body?.id()));
  const inside = { titles, modifier: modifierOf(statement) ?? enclosing.modifier };
  for (const member of body ? statementsOf(body) : []) readStatement(member, inside, reading);
}

/** Tests under a condition or in a loop: they are cases, and the statement without them belongs to the rest. */
function readNested(statement: PythonNode, enclosing: Enclosing, reading: Reading): void {
  const blocks = statement.findAll({ rule: { kind: "block" } });
  const direct = blocks.filter((block) => !block.ancestors().some((above) => isDefinition(above)));
  const inside = new Set<number>();
  for (const member of direct.flatMap(statementsOf)) {
    if (!collectedBy(member)) continue;
    inside.add(member.id());
    readStatement(member, enclosing, reading);
  }
  reading.rest.push(pythonDigest([...enclosing.titles, statement], (node) => inside.has(node.id())));
}

function isDefinition(node: PythonNode): boolean {
  return node.kind() === "function_definition" || node.kind() === "class_definition";
}

function isTestClass(definition: PythonNode, name: string): boolean {
  return /^Test/.test(name) || /TestCase\b/.test(definition.field("superclasses")?.text() ?? "");
}

/** `from a import b, c` is one part a name, so that another name in the same line leaves the others as they were. */
function separableParts(statement: PythonNode): readonly (readonly (PythonNode | string)[])[] {
  if (statement.kind() !== "import_from_statement") return [[statement]];
  const source = statement.field("module_name");
  const names = statement
    .children()
    .filter((node) => node.isNamed() && node.id() !== source?.id() && node.kind() !== "comment");
  return names.map((name) => ["from", source?.text() ?? "", name]);
}

function modifierOf(statement: PythonNode): Modifier | undefined {
  const decorators = statement.children().filter((node) => node.kind() === "decorator");
  return decorators.map((decorator) => markOf(decorator.text())).find((modifier) => modifier !== undefined);
}

/** An expected failure proves as little as a skipped test. */
function markOf(mark: string): Modifier | undefined {
  return /\b(mark\.(skip|xfail)|unittest\.(skip|expectedFailure)|^@skip|^@expectedFailure)\b(?!If|Unless)/.test(mark) ||
    /\bskip(if|If)\(\s*(True|1)\b/.test(mark)
    ? "skip"
    : undefined;
}

/** `pytest.skip(…)` as a statement of the body itself: the case always leaves. */
function skipsItself(definition: PythonNode): Modifier | undefined {
  const body = definition.field("body");
  const leaves =
    body && statementsOf(body).some((node) => /^(pytest\.(skip|xfail)|self\.skipTest)\(/.test(node.text()));
  return leaves ? "skip" : undefined;
}

function importsOf(root: PythonNode): string[] {
  const imports = root.findAll({ rule: { any: [{ kind: "import_statement" }, { kind: "import_from_statement" }] } });
  const names = imports.flatMap((statement) => {
    const source = statement.field("module_name");
    if (source) return [source.text()];
    const modules = statement.children().filter((node) => node.isNamed());
    return modules.map((module) => module.field("name")?.text() ?? module.text());
  });
  return [...new Set(names)];
}

function assertionsOf(root: PythonNode): number {
  const asserts = root.findAll({ rule: { kind: "assert_statement" } }).length;
  const calls = root.findAll({ rule: { kind: "call" } });
  return (
    asserts +
    calls.filter((call) =>
      /^(self\.(assert|fail)\w*|pytest\.(raises|warns|fail)|\w+\.assert_\w+)$/.test(
        call.field("function")?.text() ?? "",
      ),
    ).length
  );
}
