import type { Mutation } from "./mutation.ts";
import { isPython, type PythonNode, parsePython } from "./python.ts";

type Change = Pick<Mutation, "start" | "end" | "replacement">;

const OPERATORS: Readonly<Record<string, string>> = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "==": "!=",
  "!=": "==",
  is: "is not",
  "is not": "is",
  in: "not in",
  "not in": "in",
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "//": "*",
  "%": "*",
  and: "or",
  or: "and",
  "+=": "-=",
  "-=": "+=",
  "*=": "/=",
  "/=": "*=",
};
const WITH_OPERATOR = new Set(["comparison_operator", "binary_operator", "boolean_operator", "augmented_assignment"]);
const NOT_MUTATED = new Set([
  "import_statement",
  "import_from_statement",
  "future_import_statement",
  "type",
  "decorator",
]);

/** Every small change that can be made to a Python file. */
export async function pythonMutations(text: string): Promise<readonly Mutation[]> {
  if (!(await isPython(text))) return [];
  const mutations: Mutation[] = [];
  const visit = (node: PythonNode): void => {
    if (NOT_MUTATED.has(String(node.kind()))) return;
    for (const { at, replacement } of changesOf(node)) {
      const { start, end } = at.range();
      mutations.push({ start: start.index, end: end.index, replacement, line: start.line + 1 });
    }
    for (const child of node.children()) visit(child);
  };
  visit(await parsePython(text));
  return mutations;
}

interface PlacedChange {
  readonly at: PythonNode;
  readonly replacement: Change["replacement"];
}

function changesOf(node: PythonNode): readonly PlacedChange[] {
  const kind = String(node.kind());
  if (WITH_OPERATOR.has(kind)) return operatorChanges(node);
  switch (kind) {
    case "true":
      return [{ at: node, replacement: "False" }];
    case "false":
      return [{ at: node, replacement: "True" }];
    case "integer":
      return /^\d+$/.test(node.text()) ? [{ at: node, replacement: String(BigInt(node.text()) + 1n) }] : [];
    case "return_statement":
      return node
        .children()
        .slice(1, 2)
        .filter((value) => value.kind() !== "none")
        .map((at) => ({ at, replacement: "None" }));
    case "raise_statement":
      return [{ at: node, replacement: "pass" }];
    case "expression_statement":
      return removable(node) ? [{ at: node, replacement: "pass" }] : [];
    case "if_statement":
    case "elif_clause":
    case "while_statement":
      return negated(node.field("condition"));
    default:
      return [];
  }
}

function operatorChanges(node: PythonNode): readonly PlacedChange[] {
  if (node.kind() === "binary_operator" && node.children().some((child) => /string$/.test(String(child.kind()))))
    return [];
  return node.children().flatMap((child) => {
    const replacement = OPERATORS[String(child.kind())];
    return replacement && !/^(identifier|string)$/.test(String(child.kind())) ? [{ at: child, replacement }] : [];
  });
}

/** A docstring does nothing. */
function removable(statement: PythonNode): boolean {
  const [expression] = statement.children();
  if (expression === undefined || /string$|^ellipsis$/.test(String(expression.kind()))) return false;
  // What is only told to whoever watches: no test need notice that it is gone.
  return !/^(?:self\.)?_?(?:print|logging|log|logger)\b(?:\.\w+)?\(/.test(expression.text());
}

function negated(condition: PythonNode | null): readonly PlacedChange[] {
  if (!condition) return [];
  const inner = condition.kind() === "not_operator" ? condition.field("argument") : null;
  return [{ at: condition, replacement: inner ? inner.text() : `not (${condition.text()})` }];
}
