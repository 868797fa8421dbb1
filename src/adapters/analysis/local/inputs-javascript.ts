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
import { broughtIn, type InSight, localsOf, subjectOf } from "./input-subject.ts";
import { isNode, parseJavaScript, type SyntaxNode, walk } from "./javascript.ts";
import { sourceText } from "./source-text.ts";
import { type Aliases, aliasesOf, nameOf, stringOf, type TestCall, testCallOf } from "./test-calls.ts";

/** What is known while a test file is read. */
interface Reading {
  readonly text: string;
  readonly aliases: Aliases;
  readonly imports: ReadonlyMap<string, string>;
  readonly lineAt: (offset: number) => number;
  readonly calls: VisibleCall[];
}

/** What stands around a case: declarations, and what runs before each. */
interface Around {
  readonly setup: readonly string[];
  readonly nodes: readonly SyntaxNode[];
  readonly hooks: readonly Part[];
}

/** What a case looks at the outcome of, call by call. */
export async function javaScriptCalls(path: string, text: string): Promise<readonly VisibleCall[]> {
  const file = await parseJavaScript(path, text);
  if (file.errors.length > 0) return [];
  const body = file.program.body as readonly SyntaxNode[];
  const brought = body.flatMap((statement) => broughtIn(statement, text) ?? []);
  const imports = new Map(brought.flatMap(({ names, from }) => names.map((name) => [name, from] as const)));
  const reading: Reading = {
    text,
    aliases: aliasesOf(file.program),
    imports,
    lineAt: sourceText(text).lineAt,
    calls: [],
  };
  const rest = body.filter((statement) => broughtIn(statement, text) === undefined);
  readSuite(rest, { setup: brought.map(({ line }) => line), nodes: [], hooks: [] }, reading);
  return reading.calls;
}

function readSuite(statements: readonly SyntaxNode[], around: Around, reading: Reading): void {
  const declared = statements.map(declarationOf).filter((node) => node !== undefined);
  const inside: Around = {
    setup: [...around.setup, ...declared.map((node) => reading.text.slice(node.start, node.end))],
    nodes: [...around.nodes, ...declared],
    hooks: [...around.hooks, ...statements.flatMap(hookParts)],
  };
  for (const statement of statements) {
    const call = testCallOf(statement, reading.text, reading.aliases);
    if (call?.modifier || !call?.body) continue;
    if (call.kind === "suite") readSuite(call.body, inside, reading);
    else for (const row of rowsOf(call)) readCase(call.body, { around: inside, row }, reading);
  }
}

function declarationOf(statement: SyntaxNode): SyntaxNode | undefined {
  const node = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
  return isNode(node) && /^(?:Variable|Function|Class)Declaration$/.test(node.type) ? node : undefined;
}

/** The statements of `beforeEach(() => { … })`. */
function hookParts(statement: SyntaxNode): readonly Part[] {
  const call = statement.expression;
  if (!isNode(call) || !/^before(?:Each|All)?$/.test(nameOf(call.callee) ?? "")) return [];
  const [callback] = call.arguments as readonly SyntaxNode[];
  const body = callback?.body;
  const statements = isNode(body) && body.type === "BlockStatement" ? (body.body as readonly SyntaxNode[]) : [];
  return statements.map(plainPart);
}

function plainPart({ start, end }: SyntaxNode): Part {
  return { before: "", start, end, after: "" };
}

/** A row of `it.each([…])`: what it makes of the callback's parameters, and which of its values each name stands for. */
interface Row {
  readonly part?: Part;
  readonly named: readonly { readonly name: string; readonly value: SyntaxNode }[];
}

function rowsOf(call: TestCall): readonly Row[] {
  const [callee, , params] = call.head as readonly [SyntaxNode, unknown, readonly SyntaxNode[] | undefined];
  if (callee.type !== "CallExpression") return [{ named: [] }];
  const [table] = callee.arguments as readonly SyntaxNode[];
  if (table?.type !== "ArrayExpression" || !params) return [];
  return (table.elements as readonly unknown[]).filter(isNode).flatMap((row) => rowOf(row, params));
}

function rowOf(row: SyntaxNode, params: readonly SyntaxNode[]): readonly Row[] {
  const [first] = params;
  const { start, end } = row;
  if (row.type === "ArrayExpression" && params.every(({ type }) => type === "Identifier")) {
    const names = params.map((one) => nameOf(one) ?? "");
    const values = row.elements as readonly unknown[];
    const named = names.flatMap((name, index) => {
      const value = values[index];
      return isNode(value) ? [{ name, value }] : [];
    });
    return [{ part: { before: `const [${names.join(", ")}] = `, start, end, after: ";" }, named }];
  }
  if (row.type !== "ObjectExpression" || first?.type !== "ObjectPattern") return [];
  const names = (first.properties as readonly SyntaxNode[]).map(({ key }) => nameOf(key) ?? "");
  const named = (row.properties as readonly SyntaxNode[]).flatMap(({ key, value }) =>
    isNode(value) ? [{ name: nameOf(key) ?? "", value }] : [],
  );
  return [{ part: { before: `const { ${names.join(", ")} } = `, start, end, after: ";" }, named }];
}

interface CaseAround {
  readonly around: Around;
  readonly row: Row;
}

/** Assertions one after the other, each with all statements before it; nothing is read behind what is not straight. */
function readCase(body: readonly SyntaxNode[], { around, row }: CaseAround, reading: Reading): void {
  const before: SyntaxNode[] = [];
  for (const statement of body) {
    const looked = lookedAt(statement);
    if (looked) addCall(looked, { around, row, before }, reading);
    else if (/^(?:Variable|Function|Class)Declaration$|^ExpressionStatement$/.test(statement.type)) {
      if (!isAssertion(statement)) before.push(statement);
    } else return;
  }
}

function addCall(
  looked: SyntaxNode,
  { around, row, before }: CaseAround & { readonly before: readonly SyntaxNode[] },
  reading: Reading,
): void {
  const { text, imports } = reading;
  const locals = new Map([...around.nodes, ...before].flatMap(localsOf));
  const sight: InSight = { imports, locals };
  const subject = subjectOf(looked, sight);
  const from = subject && imports.get(subject.root);
  if (!subject?.shape.includes("()") || from === undefined) return;
  const parts = [...around.hooks, ...(row.part ? [row.part] : []), ...before.map(plainPart)];
  const textOf = ({ start, end }: SyntaxNode) => text.slice(start, end);
  const stated = before.map((one) => ({
    statement: one,
    text: textOf(one),
    makes: localsOf(one).map(([name]) => name),
  }));
  const bears = [looked, ...bearing(stated, textOf(looked))];
  const spoken = bears.map(textOf).join("\n");
  const named = row.named.filter(({ name }) => mentions(spoken, name));
  const inputs = [...bears, ...named.map(({ value }) => value)].flatMap((node) => inputsIn(node, text));
  const written: Parameters<typeof variantsOf>[2] = (change) => {
    const lines = parts.map((part) => partText(text, part, change));
    const answer = partText(text, { ...plainPart(looked), before: "return (", after: ");" }, change);
    return { setup: [...around.setup], call: `(async () => { ${[...lines, answer].join("\n")} })()` };
  };
  const variants = [...variantsOf(text, inputs, written)];
  reading.calls.push({
    ...written(),
    observed: subject.shape,
    from,
    line: reading.lineAt(looked.start),
    variants,
  });
}

/** Literals that can be another: in arguments and in what names stand for, but no keys and no types. */
function inputsIn(node: SyntaxNode, text: string): readonly ChangeableInput[] {
  const inputs: ChangeableInput[] = [];
  walk(node, (one) => {
    if (/^TS(?!AsE|NonNullE|SatisfiesE)|^ImportExpression$/.test(one.type)) return false;
    const inner = keyed(one);
    if (inner !== undefined) {
      if (isNode(inner)) inputs.push(...inputsIn(inner, text));
      return false;
    }
    const replacements = othersOf(one, text);
    if (replacements.length > 0) inputs.push({ start: one.start, end: one.end, replacements });
    return true;
  });
  return inputs;
}

/** Of `{ key: value }` the value, of `object["key"]` the object; undefined for what has no key. */
function keyed(node: SyntaxNode): unknown {
  if (node.type === "Property" && node.computed !== true) return node.shorthand === true ? null : node.value;
  return node.type === "MemberExpression" && node.computed === true ? node.object : undefined;
}

function othersOf(node: SyntaxNode, source: string): readonly string[] {
  const text = stringOf(node);
  if (text !== undefined) return otherTexts(text).map((one) => JSON.stringify(one));
  if (node.type === "ArrayExpression") {
    const elements = (node.elements as readonly unknown[]).filter(isNode);
    return otherLists(elements.map(({ start, end }) => source.slice(start, end)));
  }
  if (node.type !== "Literal") return [];
  if (typeof node.value === "boolean") return [String(!node.value)];
  return typeof node.value === "number" ? otherNumbers(String(node.raw ?? node.value)) : [];
}

const THROWS = /^(?:toThrow\w*|throws?|rejects|rejected\w*|doesNotThrow|doesNotReject|fail|ifError)$/;

/** What an assertion looks at; undefined where it is no such statement, or looks at an error. */
function lookedAt(statement: SyntaxNode): SyntaxNode | undefined {
  const root = rootOf(statement.expression);
  if (root === undefined || THROWS.test(wordOf(root.callee))) return undefined;
  const [first] = root.arguments as readonly unknown[];
  return isNode(first) && !/Function/.test(first.type) ? compared(first) : undefined;
}

/** The call at the root of `await expect(x).resolves.toBe(y)`; undefined where an error is spoken of on the way. */
function rootOf(node: unknown): SyntaxNode | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "AwaitExpression") return rootOf(node.argument);
  if (node.type === "MemberExpression") return THROWS.test(wordOf(node)) ? undefined : rootOf(node.object);
  if (node.type !== "CallExpression") return undefined;
  return isRoot(node) ? node : rootOf(node.callee);
}

function wordOf(node: unknown): string {
  return isNode(node) && node.type === "MemberExpression" ? (nameOf(node.property) ?? "") : "";
}

/** `expect(x)`, `assert(x)`, `assert.equal(x, y)`, `t.assert.equal(x, y)`. */
function isRoot({ callee }: SyntaxNode): boolean {
  if (!isNode(callee)) return false;
  if (callee.type === "Identifier") return /^(?:expect|assert)$/.test(nameOf(callee) ?? "");
  if (callee.type !== "MemberExpression") return false;
  const object = callee.object as SyntaxNode;
  const holder = object.type === "MemberExpression" ? nameOf(object.property) : nameOf(object);
  return holder === "assert" || (holder === "expect" && nameOf(callee.property) === "soft");
}

/** Of a comparison, what is compared. */
function compared(node: SyntaxNode): SyntaxNode {
  return node.type === "BinaryExpression" && isNode(node.left) ? node.left : node;
}

function isAssertion(statement: SyntaxNode): boolean {
  let found = false;
  walk(statement, (node) => {
    if (node.type === "CallExpression" && isRoot(node)) found = true;
    return !found;
  });
  return found;
}
