import { isNode, type SyntaxNode } from "./javascript.ts";

/** True when a comment's text is statements that somebody switched off, rather than words that happen to parse. */
export async function isJavaScriptCode(text: string): Promise<boolean> {
  const statements =
    (await statementsOf(text)) ?? (await statementsOf(`async function* f() { for (;;) {\n${text}\n} }`, true));
  if (!statements || statements.length === 0 || statements.some(isNeverCode)) return false;
  return statements.some((statement) => isStrong(statement.node, statement.closed)) || isRun(statements);
}

interface Statement {
  readonly node: SyntaxNode;
  /** Ends with a semicolon of its own. */
  readonly closed: boolean;
}

async function statementsOf(text: string, wrapped?: true): Promise<readonly Statement[] | undefined> {
  const { parseSync } = await import("oxc-parser");
  const file = parseSync("comment.tsx", text, { lang: "tsx", sourceType: "module" });
  if (file.errors.length > 0) return undefined;
  const body = file.program.body as unknown as readonly SyntaxNode[];
  const inside = wrapped ? insideOf(body[0]) : body;
  return inside.map((node) => ({ node, closed: text[node.end - 1] === ";" }));
}

function insideOf(node: SyntaxNode | undefined): readonly SyntaxNode[] {
  let current: unknown = node;
  while (isNode(current) && current.type !== "BlockStatement") current = current.body;
  const [loop] = isNode(current) ? (current.body as readonly SyntaxNode[]) : [];
  const block = loop?.body;
  return isNode(block) ? (block.body as readonly SyntaxNode[]) : [];
}

/** Words with a colon are labels, a list of words is a sequence: prose. */
function isNeverCode(statement: Statement): boolean {
  const { node } = statement;
  if (node.type === "LabeledStatement" || node.type === "BlockStatement") return true;
  return node.type === "ExpressionStatement" && isWord(node.expression) && !statement.closed;
}

function isWord(node: unknown): boolean {
  if (!isNode(node)) return false;
  return /^(Identifier|Literal|MemberExpression|SequenceExpression|BinaryExpression|TemplateLiteral|JSXElement|ArrayExpression)$/.test(
    node.type,
  );
}

function isStrong(node: SyntaxNode, closed: boolean): boolean {
  switch (node.type) {
    case "VariableDeclaration":
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportDefaultDeclaration":
    case "ExportAllDeclaration":
    case "ClassDeclaration":
    case "FunctionDeclaration":
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration":
    case "TryStatement":
    case "SwitchStatement":
      return true;
    case "IfStatement":
    case "ForStatement":
    case "ForOfStatement":
    case "ForInStatement":
    case "WhileStatement":
      return hasBody(node);
    case "ThrowStatement":
      return closed || isCall(node.argument);
    case "ReturnStatement":
      return closed && node.argument !== null;
    case "ExpressionStatement":
      return isStrongExpression(node.expression, closed);
    default:
      return false;
  }
}

function hasBody(node: SyntaxNode): boolean {
  const body = isNode(node.consequent) ? node.consequent : node.body;
  if (!isNode(body)) return false;
  return body.type !== "BlockStatement" || (body.body as readonly unknown[]).length > 0;
}

/** Without its semicolon a call or an assignment may be a word of an explanation: only what nobody explains that way counts. */
function isStrongExpression(node: unknown, closed: boolean): boolean {
  if (!isNode(node)) return false;
  if (node.type === "AssignmentExpression" || node.type === "UpdateExpression")
    return closed || (isNode(node.left) && /^(this|module|exports)$/.test(rootOf(node.left)));
  if (node.type === "AwaitExpression" || node.type === "YieldExpression") return closed || isCall(node.argument);
  if (!isCall(node)) return false;
  return closed || /^(console|process|logger|expect|assert)$/.test(rootOf(node));
}

function isCall(node: unknown): boolean {
  return isNode(node) && (node.type === "CallExpression" || node.type === "NewExpression");
}

function rootOf(node: SyntaxNode): string {
  let current: SyntaxNode = node;
  for (;;) {
    const below = current.callee ?? current.object;
    if (!isNode(below)) return current.type === "ThisExpression" ? "this" : String(current.name ?? "");
    current = below;
  }
}

/** Two calls one below the other are code in a style without semicolons. */
function isRun(statements: readonly Statement[]): boolean {
  return statements.filter(({ node }) => isCall(node.expression)).length > 1;
}
