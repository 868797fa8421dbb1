import type { SyntaxNode } from "../javascript.ts";
import { nodeText } from "./json-text.ts";
import type { MemberUse } from "./source-model.ts";

/** Where a node stands. */
export interface At {
  readonly parent: SyntaxNode | undefined;
  /** The member of the parent in which the node stands. */
  readonly key: string;
  readonly isTried: boolean;
}

/** `if (typeof phantom === "object") …`: another run time's branch. */
export function asksForType(node: SyntaxNode, key: string): boolean {
  const isBranch = /^(IfStatement|ConditionalExpression|LogicalExpression)$/.test(node.type) && key !== "test";
  const question = node.type === "LogicalExpression" ? node.left : node.test;
  return isBranch && key !== "left" && nodeText(question).includes('"typeof"');
}

const ASKING: Readonly<Record<string, readonly string[]>> = {
  LogicalExpression: ["left", "right"],
  IfStatement: ["test"],
  ConditionalExpression: ["test"],
  UnaryExpression: ["argument"],
  BinaryExpression: ["left", "right"],
};

/** The place asks whether there is anything at all. */
export function isAsking({ parent, key }: At): boolean {
  return parent !== undefined && (ASKING[parent.type]?.includes(key) ?? false);
}

/** What is done with a member at its place. */
export function useOf(node: SyntaxNode, at: At): MemberUse["use"] {
  const { parent, key } = at;
  if (node.optional || isAsking(at)) return "asked";
  if (parent?.type === "AssignmentExpression" && key === "left") return "written";
  if (parent?.type === "UpdateExpression") return "written";
  if ((parent?.type === "CallExpression" || parent?.type === "NewExpression") && key === "callee")
    return parent.optional ? "asked" : "called";
  return "read";
}
