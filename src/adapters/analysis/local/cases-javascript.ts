import type { WrittenCase, WrittenCases } from "../../../domain/diagnostic.ts";
import { assertsOf } from "./asserts-javascript.ts";
import { isNode, parseJavaScript, type SyntaxNode, walk } from "./javascript.ts";
import { sourceText } from "./source-text.ts";
import { type Aliases, aliasesOf, type Modifier, nameOf, stringOf, type TestCall, testCallOf } from "./test-calls.ts";
import { javaScriptDigest } from "./tree-digest.ts";

interface Reading {
  readonly text: string;
  readonly aliases: Aliases;
  readonly lineAt: (offset: number) => number;
  readonly cases: WrittenCase[];
  readonly rest: string[];
}

interface Suite {
  readonly titles: readonly string[];
  readonly modifier: Modifier | undefined;
}

/** The cases of a Vitest, Jest, Mocha or node:test file. */
export async function javaScriptCases(path: string, text: string): Promise<WrittenCases> {
  const file = await parseJavaScript(path, text);
  if (file.errors.length > 0) return { parsed: false, cases: [], rest: [], imports: [], assertions: 0 };
  const { program } = file;
  const reading: Reading = { text, aliases: aliasesOf(program), lineAt: sourceText(text).lineAt, cases: [], rest: [] };
  readStatements(program.body as readonly SyntaxNode[], { titles: [], modifier: undefined }, reading);
  return { parsed: true, cases: reading.cases, rest: reading.rest, ...countsOf(program) };
}

function readStatements(statements: readonly SyntaxNode[], suite: Suite, reading: Reading): void {
  for (const statement of statements) readStatement(statement, suite, reading);
}

function readStatement(statement: SyntaxNode, suite: Suite, reading: Reading): void {
  const call = testCallOf(statement, reading.text, reading.aliases);
  if (!call) readOther(statement, suite, reading);
  else readCall(statement, call, suite, reading);
}

function readCall(statement: SyntaxNode, call: TestCall, suite: Suite, reading: Reading): void {
  const titles = [...suite.titles, call.title];
  const modifier = call.modifier ?? suite.modifier;
  if (call.kind === "suite") {
    reading.rest.push(javaScriptDigest(["suite", titles, call.modifier, call.head]));
    readStatements(call.body ?? [], { titles, modifier }, reading);
    return;
  }
  reading.cases.push({
    title: titles.join(" > "),
    digest: javaScriptDigest([statement]),
    line: reading.lineAt(statement.start),
    ...(modifier && { modifier }),
    ...(call.body && !call.takesContext && { asserts: assertsOf(call.body) }),
  });
}

/** A statement that is not a test itself: cases inside it (a loop's) are cases, and what is left of it belongs to the rest. */
function readOther(statement: SyntaxNode, suite: Suite, reading: Reading): void {
  const within = (node: SyntaxNode) => isNode(node) && testCallOf(node, reading.text, reading.aliases) !== undefined;
  for (const part of separableParts(statement)) reading.rest.push(javaScriptDigest([suite.titles, part], within));
  walk(statement, (node) => {
    if (node === statement || !within(node)) return true;
    readStatement(node, suite, reading);
    return false;
  });
}

/** An import is one part a name, so that another name in the same line leaves the others as they were. */
function separableParts(statement: SyntaxNode): readonly unknown[] {
  if (statement.type === "ImportDeclaration") {
    const specifiers = statement.specifiers as readonly SyntaxNode[];
    const source = statement.source;
    return specifiers.length === 0 ? [statement] : specifiers.map((specifier) => ["import", specifier, source]);
  }
  const required = requiredNames(statement);
  return required ?? [statement];
}

/** `const { a, b } = require("x")`, name by name. */
function requiredNames(statement: SyntaxNode): readonly unknown[] | undefined {
  if (statement.type !== "VariableDeclaration") return undefined;
  const declarators = statement.declarations as readonly SyntaxNode[];
  const [only] = declarators;
  const pattern = only?.id as SyntaxNode | undefined;
  const call = only?.init;
  if (declarators.length !== 1 || pattern?.type !== "ObjectPattern" || !isNode(call)) return undefined;
  if (call.type !== "CallExpression" || nameOf(call.callee) !== "require") return undefined;
  const properties = pattern.properties as readonly SyntaxNode[];
  return properties.map((property) => ["require", statement.kind, property, call]);
}

function countsOf(program: SyntaxNode): { imports: string[]; assertions: number } {
  const imports = new Set<string>();
  let assertions = 0;
  walk(program, (node) => {
    const specifier = importedBy(node);
    if (specifier !== undefined) imports.add(specifier);
    if (isAssertion(node)) assertions += 1;
    return true;
  });
  return { imports: [...imports], assertions };
}

function importedBy(node: SyntaxNode): string | undefined {
  if (/^(Import|ExportAll|ExportNamed)Declaration$|^ImportExpression$/.test(node.type)) return stringOf(node.source);
  const isRequire = node.type === "CallExpression" && nameOf(node.callee) === "require";
  return isRequire ? stringOf((node.arguments as readonly SyntaxNode[])[0]) : undefined;
}

/** `expect(x)`, `expect.soft(x)`, `assert(x)`, `assert.equal(…)`, `t.assert.ok(…)`, `request.expect(200)`, `x.should`. */
function isAssertion(node: SyntaxNode): boolean {
  if (node.type === "MemberExpression") return nameOf(node.property) === "should" && node.computed === false;
  if (node.type !== "CallExpression") return false;
  const callee = node.callee as SyntaxNode;
  if (callee.type === "Identifier") return /^(expect|assert|should)$/.test(nameOf(callee) ?? "");
  if (callee.type !== "MemberExpression") return false;
  const word = nameOf(callee.property) ?? "";
  const object = callee.object as SyntaxNode;
  const holder = object.type === "MemberExpression" ? nameOf(object.property) : nameOf(object);
  if (holder === "expect") return word === "soft" || word === "poll";
  return holder === "assert" || word === "expect" || word === "expectTypeOf";
}
