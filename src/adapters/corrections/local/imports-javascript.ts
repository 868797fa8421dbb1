import type { Does } from "../../../domain/correction-file.ts";
import { allOf } from "./calls.ts";
import { removedFrom } from "./list-edits.ts";
import {
  endOf,
  indentAt,
  kindOf,
  lineEnd,
  linesOf,
  members,
  type Node,
  type Rewriter,
  type Source,
  type Span,
  startOf,
} from "./source.ts";
import { specifierFor, specifierMeans } from "./specifier.ts";

type RewriteImport = Extract<Does, { kind: "rewrite-import" }>;

/** Takes names of one module from another one: `import`, `export … from`, `require()` and `import()`. */
export function rewriteJavaScriptImport(does: RewriteImport): Rewriter {
  return (source) =>
    specifiersIn(source)
      .filter((node) => specifierMeans(plain(node), does.from, source.path))
      .map((node) => ({ spans: rewritten(node, does, source), lines: linesOf(node.parent() ?? node) }))
      .filter(({ spans }) => spans.length > 0);
}

/** The texts that name modules. */
function specifiersIn({ root }: Source): readonly Node[] {
  const statements = allOf(root, ["import_statement", "export_statement"]).flatMap((statement) => {
    const source = statement.field("source");
    return source ? [source] : [];
  });
  const calls = allOf(root, ["call_expression"]).flatMap((call) => {
    const callee = call.field("function")?.text();
    const list = call.field("arguments");
    const [first] = list ? members(list) : [];
    return (callee === "require" || callee === "import") && kindOf(first) === "string" && first ? [first] : [];
  });
  return [...statements, ...calls];
}

function plain(specifier: Node): string {
  return specifier.text().slice(1, -1);
}

function rewritten(specifier: Node, { to, names }: RewriteImport, source: Source): readonly Span[] {
  const target = specifierFor(to, plain(specifier), source.path);
  const module = { start: startOf(specifier) + 1, end: endOf(specifier) - 1, text: target };
  if (names === undefined) return [module];
  const statement = specifier.parent();
  if (!statement || kindOf(statement) !== "import_statement") return [];
  const map = new Map(Object.entries(names));
  const all = allOf(statement, ["import_specifier"]);
  const moved = all.filter((one) => map.has(one.field("name")?.text() ?? ""));
  if (moved.length === 0) return [];
  if (moved.length === all.length && bringsNothingElse(statement))
    return [module, ...moved.flatMap((one) => renamed(one, map))];
  const quote = specifier.text().slice(0, 1);
  const line = `import ${typeOnly(statement)}{ ${moved.map((one) => fresh(one, map)).join(", ")} } from ${quote}${target}${quote}`;
  const { text } = source;
  const end = endOf(statement);
  const semicolon = statement.text().endsWith(";") ? ";" : "";
  const below = `${lineEnd(text)}${indentAt(text, startOf(statement))}${line}${semicolon}`;
  return [...taken(moved, all, text), { start: end, end, text: below }];
}

/** Only names between braces, no default and no namespace. */
function bringsNothingElse(statement: Node): boolean {
  const clause = statement.children().find((child) => kindOf(child) === "import_clause");
  return clause !== undefined && members(clause).every((member) => kindOf(member) === "named_imports");
}

function typeOnly(statement: Node): string {
  return statement.children()[1]?.text() === "type" ? "type " : "";
}

function fresh(specifier: Node, names: ReadonlyMap<string, string>): string {
  const name = specifier.field("name")?.text() ?? "";
  const local = specifier.field("alias")?.text() ?? name;
  const renamedTo = names.get(name) ?? name;
  const type = specifier.children()[0]?.text() === "type" && specifier.children().length > 1 ? "type " : "";
  return `${type}${renamedTo === local ? local : `${renamedTo} as ${local}`}`;
}

function renamed(specifier: Node, names: ReadonlyMap<string, string>): readonly Span[] {
  const text = fresh(specifier, names);
  return text === specifier.text() ? [] : [{ start: startOf(specifier), end: endOf(specifier), text }];
}

/** Takes names out of the braces; the last one that stays keeps no comma that it had not. */
function taken(moved: readonly Node[], all: readonly Node[], text: string): readonly Span[] {
  const ids = new Set(moved.map((node) => node.id()));
  const lastKept = all.findLastIndex((node) => !ids.has(node.id()));
  const inner = all.slice(0, lastKept + 1).filter((node) => ids.has(node.id()));
  const [kept, last] = [all[lastKept], all.at(-1)];
  const spans = inner.map((node) => removedFrom(node, text));
  if (!last || lastKept === all.length - 1) return spans;
  if (kept) return [...spans, { start: endOf(kept), end: endOf(last), text: "" }];
  // None is left: the braces go too, with the comma behind the default import.
  const braces = last.parent() ?? last;
  const before = braces.prevAll().find((node) => node.isNamed());
  return [{ start: before ? endOf(before) : startOf(braces), end: endOf(braces), text: "" }];
}
