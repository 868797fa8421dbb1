/** A node of a syntax tree as a plain value. Comments are left out. */
export interface SyntaxNode {
  /** As its grammar (tree-sitter) calls it. */
  readonly kind: string;
  /** False for tokens such as commas and keywords. */
  readonly named: boolean;
  /** Offsets in the text, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
  /** The text without what differs between layouts: its tokens with one space between them. */
  readonly tokens: string;
  readonly children: readonly SyntaxNode[];
}

/** A text with its syntax tree. */
export interface ParsedText {
  readonly text: string;
  readonly root: SyntaxNode;
}

/** Two nodes that say the same, whatever their layout. */
export function isSame(one: SyntaxNode, other: SyntaxNode): boolean {
  return one.kind === other.kind && one.tokens === other.tokens;
}

/** The children that are no tokens. */
export function namedChildren(node: SyntaxNode): readonly SyntaxNode[] {
  return node.children.filter((child) => child.named);
}

/** Every node of a tree, parents first. */
export function everyNode(node: SyntaxNode): readonly SyntaxNode[] {
  return [node, ...node.children.flatMap(everyNode)];
}
