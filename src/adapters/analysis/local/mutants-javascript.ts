import { isNode, parseJavaScript, type SyntaxNode, walk } from "./javascript.ts";
import type { Mutation } from "./mutation.ts";
import { sourceText } from "./source-text.ts";

type Change = Pick<Mutation, "start" | "end" | "replacement">;

const OPERATORS: Readonly<Record<string, string>> = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "==": "!=",
  "!=": "==",
  "===": "!==",
  "!==": "===",
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "*",
  "&&": "||",
  "||": "&&",
  "??": "&&",
  "+=": "-=",
  "-=": "+=",
  "*=": "/=",
  "/=": "*=",
  "++": "--",
  "--": "++",
};
/** Type-level nodes whose insides are expressions all the same. */
const TRANSPARENT = new Set(["TSAsExpression", "TSNonNullExpression", "TSSatisfiesExpression", "TSTypeAssertion"]);

/** Every small change that can be made to a JavaScript or TypeScript file. */
export async function javaScriptMutations(path: string, text: string): Promise<readonly Mutation[]> {
  const file = await parseJavaScript(path, text);
  if (file.errors.length > 0) return [];
  const { lineAt } = sourceText(text);
  const mutations: Mutation[] = [];
  walk(file.program, (node) => {
    if (node.type.startsWith("TS") && !TRANSPARENT.has(node.type)) return false;
    if (node.type === "ImportDeclaration" || node.type === "ExportAllDeclaration") return false;
    for (const change of changesOf(node, text)) mutations.push({ ...change, line: lineAt(change.start) });
    return true;
  });
  return mutations;
}

export async function isJavaScript(path: string, text: string): Promise<boolean> {
  return (await parseJavaScript(path, text)).errors.length === 0;
}

function changesOf(node: SyntaxNode, text: string): readonly Change[] {
  switch (node.type) {
    case "BinaryExpression":
    case "LogicalExpression":
    case "AssignmentExpression":
      return operatorChange(node, text);
    case "UpdateExpression":
      return updateChange(node);
    case "Literal":
      return literalChange(node);
    case "ReturnStatement":
      return replaced(node.argument, "undefined");
    case "IfStatement":
    case "WhileStatement":
    case "ConditionalExpression":
      return negated(node.test, text);
    case "ThrowStatement":
      return [{ start: node.start, end: node.end, replacement: ";" }];
    case "ExpressionStatement":
      return node.directive || isLog(text.slice(node.start, node.end))
        ? []
        : [{ start: node.start, end: node.end, replacement: ";" }];
    case "ArrowFunctionExpression":
      return isNode(node.body) && node.body.type !== "BlockStatement" ? replaced(node.body, "undefined") : [];
    default:
      return [];
  }
}

/** What is only told to whoever watches: no test need notice that it is gone. */
function isLog(statement: string): boolean {
  return /^(?:await\s+)?(?:this\.)?(?:console|log|logger|debug)\b(?:\.\w+)?\(/.test(statement);
}

/** The operator stands between the operands; what else stands there is white space, comments and parentheses. */
function operatorChange(node: SyntaxNode, text: string): readonly Change[] {
  const operator = String(node.operator);
  const replacement = OPERATORS[operator];
  if (!replacement || !isNode(node.left) || !isNode(node.right)) return [];
  if (operator === "+" && [node.left, node.right].some(isText)) return [];
  const at = text.indexOf(operator, node.left.end);
  return at < 0 || at >= node.right.start ? [] : [{ start: at, end: at + operator.length, replacement }];
}

function isText(node: SyntaxNode): boolean {
  return node.type === "TemplateLiteral" || (node.type === "Literal" && typeof node.value === "string");
}

function updateChange(node: SyntaxNode): readonly Change[] {
  const replacement = OPERATORS[String(node.operator)] ?? "";
  const start = node.prefix === true ? node.start : node.end - 2;
  return [{ start, end: start + 2, replacement }];
}

function literalChange(node: SyntaxNode): readonly Change[] {
  if (typeof node.value === "boolean") return replaced(node, String(!node.value));
  if (typeof node.value === "number") return replaced(node, String(node.value + 1));
  return [];
}

function replaced(node: unknown, replacement: string): readonly Change[] {
  return isNode(node) ? [{ start: node.start, end: node.end, replacement }] : [];
}

function negated(node: unknown, text: string): readonly Change[] {
  if (!isNode(node)) return [];
  const condition = text.slice(node.start, node.end);
  const inner =
    node.type === "UnaryExpression" && node.operator === "!" && isNode(node.argument) ? node.argument : undefined;
  return replaced(node, inner ? text.slice(inner.start, inner.end) : `!(${condition})`);
}
