import { allOf } from "./calls.ts";
import { type Change, endOf, kindOf, linesOf, type Node, type Source, startOf } from "./source.ts";

interface Rename {
  readonly wrong: string;
  readonly right: string;
  /** 0-based line that was complained about. */
  readonly line: number;
}

const NAMES = {
  python: ["identifier"],
  javascript: ["identifier", "property_identifier", "shorthand_property_identifier"],
  typescript: ["identifier", "property_identifier", "shorthand_property_identifier", "type_identifier"],
};

/**
 * Writes the right name where the wrong one stands on a line: the members alone, where there are members of that name. A
 * name that is imported is renamed wherever the file uses it.
 */
export function renamed(source: Source, { wrong, right, line }: Rename): readonly Change[] {
  const all = allOf(source.root, NAMES[source.language]).filter((node) => node.text() === wrong);
  const here = all.filter((node) => node.range().start.line === line);
  const [first] = here;
  if (!first) return [];
  const members = here.filter(isMember);
  const imported = here.some(isImported);
  const local = imported ? all.filter((node) => !isMember(node) && !isKeyword(node)) : here;
  const meant = members.length > 0 ? members : local;
  const spans = meant.map((node) => ({
    start: startOf(node),
    end: endOf(node),
    text: written(node, { wrong, right }),
  }));
  return [{ spans, lines: linesOf(first) }];
}

function isMember(node: Node): boolean {
  const parent = node.parent();
  const member = parent?.field("attribute") ?? parent?.field("property");
  return member?.id() === node.id();
}

function isKeyword(node: Node): boolean {
  const parent = node.parent();
  return (
    /^(keyword_argument|pair)$/.test(kindOf(parent)) &&
    (parent?.field("name") ?? parent?.field("key"))?.id() === node.id()
  );
}

function isImported(node: Node): boolean {
  return node.ancestors().some((above) => /^import(_from)?_statement$/.test(kindOf(above)));
}

/** `{ wrong }` keeps its key. */
function written(node: Node, { wrong, right }: Pick<Rename, "wrong" | "right">): string {
  return kindOf(node) === "shorthand_property_identifier" ? `${wrong}: ${right}` : right;
}
