import type { Does } from "../../../domain/correction-file.ts";
import { allOf } from "./calls.ts";
import { removedFrom, wholeLine } from "./list-edits.ts";
import {
  type Change,
  endOf,
  indentAt,
  kindOf,
  lineEnd,
  linesOf,
  type Node,
  type Rewriter,
  type Source,
  type Span,
  startOf,
} from "./source.ts";

type RewriteImport = Extract<Does, { kind: "rewrite-import" }>;

/** A name that an import brings: `local` is what the file calls it. */
interface Imported {
  readonly node: Node;
  readonly name: string;
  readonly local: string;
}

/** Where names come from, and what they are called there: undefined leaves all names as they are. */
interface Move {
  readonly from: string;
  readonly to: string;
  readonly names: ReadonlyMap<string, string> | undefined;
}

/** Takes names of one Python module from another one: `from`, `import … as`, the module itself, and plain `import`. */
export function rewritePythonImport(does: RewriteImport): Rewriter {
  const moves = movesOf(does);
  return (source) => {
    const statements = allOf(source.root, ["import_from_statement", "import_statement"]);
    const changes = statements.flatMap((statement): readonly Change[] => {
      const spans =
        kindOf(statement) === "import_statement"
          ? plainImport(statement, does, source)
          : (moves.map((move) => fromImport(statement, move, source)).find((all) => all.length > 0) ?? []);
      return spans.length === 0 ? [] : [{ spans, lines: linesOf(statement) }];
    });
    return changes;
  };
}

/** `from a import b` is also how the module a.b is imported. */
function movesOf({ from, to, names }: RewriteImport): readonly Move[] {
  if (names !== undefined) return [{ from, to, names: new Map(Object.entries(names)) }];
  const whole: Move = { from, to, names: undefined };
  const [above, leaf] = parted(from);
  const [newAbove, newLeaf] = parted(to);
  if (!above || !newAbove) return [whole];
  return [whole, { from: above, to: newAbove, names: new Map([[leaf, newLeaf]]) }];
}

function parted(module: string): readonly [string, string] {
  const dot = module.lastIndexOf(".");
  return [module.slice(0, Math.max(0, dot)), module.slice(dot + 1)];
}

function fromImport(statement: Node, move: Move, source: Source): readonly Span[] {
  const module = statement.field("module_name");
  if (!module || squeezed(module) !== move.from) return [];
  const { names } = move;
  const all = importedBy(statement);
  const moved = names === undefined ? all : all.filter(({ name }) => names.has(name));
  const stars = statement.children().some((child) => kindOf(child) === "wildcard_import");
  if (stars) return names === undefined ? [replaced(module, move.to)] : [];
  if (moved.length === 0) return [];
  const written = moved.filter((one) => !isThere(one, move, statement));
  if (moved.length < all.length) return split(statement, { moved, written, move }, source);
  if (written.length === 0) return removedStatement(statement, source);
  const gone = moved.filter((one) => !written.includes(one));
  return [
    replaced(module, move.to),
    ...written.flatMap((one) => renamed(one, move)),
    ...gone.map(({ node }) => removedFrom(node, source.text)),
  ];
}

function importedBy(statement: Node): readonly Imported[] {
  return statement.fieldChildren("name").map((node) => {
    const name = kindOf(node) === "aliased_import" ? squeezed(node.field("name")) : squeezed(node);
    return { node, name, local: node.field("alias")?.text() ?? name };
  });
}

/** True when another import of the same block brings this name already. */
function isThere({ name, local }: Imported, move: Move, statement: Node): boolean {
  const others = statement.parent()?.children() ?? [];
  return others.some(
    (other) =>
      kindOf(other) === "import_from_statement" &&
      squeezed(other.field("module_name")) === move.to &&
      importedBy(other).some((one) => one.local === local && one.name === newNameOf(name, move)),
  );
}

function newNameOf(name: string, { names }: Move): string {
  return names?.get(name) ?? name;
}

function renamed({ node, name, local }: Imported, move: Move): readonly Span[] {
  const fresh = newNameOf(name, move);
  return fresh === name ? [] : [replaced(node, written(fresh, local))];
}

function written(name: string, local: string): string {
  return name === local ? name : `${name} as ${local}`;
}

interface Split {
  readonly moved: readonly Imported[];
  readonly written: readonly Imported[];
  readonly move: Move;
}

/** Some names stay: the others get a statement of their own below. */
function split(statement: Node, { moved, written: fresh, move }: Split, source: Source): readonly Span[] {
  const { text } = source;
  const gone = removedTogether(moved, importedBy(statement), text);
  if (fresh.length === 0) return gone;
  const names = fresh.map(({ name, local }) => written(newNameOf(name, move), local)).join(", ");
  const line = `${lineEnd(text)}${indentAt(text, startOf(statement))}from ${move.to} import ${names}`;
  return [...gone, { start: endOfLine(statement, text), end: endOfLine(statement, text), text: line }];
}

/** Neighbours go with the comma that follows them; names at the end with the one before. */
function removedTogether(moved: readonly Imported[], all: readonly Imported[], text: string): readonly Span[] {
  const lastKept = all.findLastIndex((one) => !moved.includes(one));
  const tail = all.slice(lastKept + 1);
  const inner = moved.filter((one) => !tail.includes(one)).map(({ node }) => removedFrom(node, text));
  const [kept, first, last] = [all[lastKept], tail[0], tail.at(-1)];
  if (!kept || !first || !last) return inner;
  return [...inner, { start: endOf(kept.node), end: endOf(last.node), text: "" }];
}

/** Behind a remark on the statement's last line. */
function endOfLine(statement: Node, text: string): number {
  const end = endOf(statement);
  const rest = /^[ \t]*(#[^\r\n]*)?/.exec(text.slice(end))?.[0] ?? "";
  return rest.includes("#") ? end + rest.length : end;
}

function removedStatement(statement: Node, { text }: Source): readonly Span[] {
  return [wholeLine({ start: startOf(statement), end: endOf(statement), text: "" }, text)];
}

/** `import a.b as c` changes by itself; `import a.b` changes with every `a.b` in the file. */
function plainImport(statement: Node, { from, to, names }: RewriteImport, { root }: Source): readonly Span[] {
  if (names !== undefined || from.startsWith(".")) return [];
  return statement.fieldChildren("name").flatMap((node) => {
    const name = kindOf(node) === "aliased_import" ? node.field("name") : node;
    if (!name || squeezed(name) !== from) return [];
    if (kindOf(node) === "aliased_import") return [replaced(name, to)];
    const uses = allOf(root, ["attribute"]).filter((use) => squeezed(use) === from);
    return [replaced(name, to), ...uses.map((use) => replaced(use, to))];
  });
}

function replaced(node: Node, text: string): Span {
  return { start: startOf(node), end: endOf(node), text };
}

function squeezed(node: Node | null): string {
  return node?.text().replace(/\s+/g, "") ?? "";
}
