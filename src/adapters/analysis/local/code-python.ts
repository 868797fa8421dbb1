import { isPython, type PythonNode, parsePython } from "./python.ts";

/** True when a comment's text is statements that somebody switched off, rather than words that happen to parse. */
export async function isPythonCode(text: string): Promise<boolean> {
  const lines = dedented(text);
  const wrapped = `async def f():\n while True:\n${lines.map((line) => `  ${line}`).join("\n")}\n`;
  if (!(await isPython(wrapped))) return false;
  const root = await parsePython(lines.join("\n"));
  const statements = root.children().filter((node) => node.isNamed() && node.kind() !== "comment");
  return statements.length > 0 && !statements.some(isNeverCode) && statements.some(isStrong);
}

function dedented(text: string): readonly string[] {
  const lines = text.split("\n");
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length);
  return lines.map((line) => line.slice(Math.min(...indents)));
}

function isNeverCode(statement: PythonNode): boolean {
  const [expression] = statement.children();
  if (statement.kind() !== "expression_statement" || !expression) return false;
  if (expression.kind() === "assignment" && !expression.field("right")) return true;
  return /^(identifier|tuple|expression_list|string|integer|attribute|comparison_operator|boolean_operator|binary_operator|not_operator|list|dictionary|subscript|ellipsis)$/.test(
    String(expression.kind()),
  );
}

const STRONG = new Set([
  ...["import_from_statement", "function_definition", "class_definition", "decorated_definition"],
  ...["if_statement", "for_statement", "while_statement", "with_statement", "try_statement", "match_statement"],
]);

function isStrong(statement: PythonNode): boolean {
  const kind = String(statement.kind());
  if (STRONG.has(kind)) return true;
  const [, second] = statement.children();
  if (kind === "import_statement") return true;
  if (kind === "raise_statement") return second?.kind() === "call";
  if (kind === "assert_statement") return second !== undefined && second.kind() !== "identifier";
  if (kind === "return_statement")
    return (
      second !== undefined &&
      /^(call|attribute|subscript|list|dictionary|.*_comprehension)$/.test(String(second.kind()))
    );
  return kind === "expression_statement" && isStrongExpression(statement.children()[0]);
}

function isStrongExpression(expression: PythonNode | undefined): boolean {
  const kind = String(expression?.kind());
  if (kind === "augmented_assignment") return true;
  if (kind === "await") return true;
  if (kind === "assignment") return isPlace(expression?.field("left"));
  if (kind !== "call") return false;
  const called = expression?.field("function");
  const parameters =
    expression
      ?.field("arguments")
      ?.children()
      .filter((node) => node.isNamed()) ?? [];
  // `see(below)` is a reference as often as it is code; `print(x)` and `app.run(x)` are code.
  return called?.kind() === "attribute" || (called?.text() === "print" && parameters.length > 0);
}

/** What one assigns to: a name, a member, an element, several of them. */
function isPlace(left: PythonNode | null | undefined): boolean {
  return /^(identifier|attribute|subscript|pattern_list|tuple_pattern)$/.test(String(left?.kind()));
}
