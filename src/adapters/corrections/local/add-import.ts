import type { Does } from "../../../domain/correction-file.ts";
import { allOf } from "./calls.ts";
import { insertedInto } from "./list-edits.ts";
import { nameUses } from "./name-uses.ts";
import {
  type Change,
  endOf,
  isComment,
  kindOf,
  lineEnd,
  linesOf,
  type Node,
  type Rewriter,
  type Source,
  type Span,
  startOf,
} from "./source.ts";

/** A name and the module that it comes from; without a module, the name is the module's. */
export interface WantedImport {
  readonly name: string;
  readonly from?: string | undefined;
  readonly style?: "named" | "default" | "module" | undefined;
  readonly as?: string | undefined;
}

/** Imports a name that a file uses and nothing in it binds. */
export function addImport(does: Extract<Does, { kind: "add-import" }>): Rewriter {
  return (source) => {
    const uses = nameUses(source, does.name);
    const [first] = uses;
    if (!first) return [];
    return importAdded(source, does, linesOf(first));
  };
}

/** The import as a change that is due because of some lines; nothing when the file has it. */
export function importAdded(source: Source, wanted: WantedImport, lines: Change["lines"]): readonly Change[] {
  const spans = spansOf(source, wanted);
  return spans.length === 0 ? [] : [{ spans, lines }];
}

function spansOf(source: Source, wanted: WantedImport): readonly Span[] {
  const statement = statementOf(source, wanted);
  const imports = importsOf(source);
  if (imports.some((node) => bare(node.text()) === bare(statement))) return [];
  const sibling = wanted.style === "default" || wanted.style === "module" ? undefined : siblingOf(imports, wanted);
  if (sibling) return joined(sibling, wanted, source);
  return [placed(source, imports, statement)];
}

function bare(statement: string): string {
  return statement.replace(/[\s;'"]/g, "");
}

function statementOf(source: Source, wanted: WantedImport): string {
  if (source.language === "python") return pythonStatement(wanted);
  const { name, from, style = "named" } = wanted;
  const module = `"${from ?? name}"`;
  if (isCommonJs(source)) return `const ${style === "named" ? `{ ${name} }` : name} = require(${module});`;
  const clause = { named: `{ ${writtenName(wanted)} }`, default: name, module: `* as ${name}` }[style];
  return `import ${clause} from ${module};`;
}

function pythonStatement(wanted: WantedImport): string {
  const { name, from, style } = wanted;
  if (from === undefined) return `import ${writtenName(wanted)}`;
  if (style !== "module") return `from ${from} import ${writtenName(wanted)}`;
  return from === name ? `import ${name}` : `import ${from} as ${name}`;
}

function writtenName({ name, as: alias }: WantedImport): string {
  return alias === undefined || alias === name ? name : `${name} as ${alias}`;
}

/** Written with `require` and without `import`. */
function isCommonJs({ path, text, root }: Source): boolean {
  if (/\.c[jt]s$/.test(path)) return true;
  if (!/\.jsx?$/.test(path) || !/\brequire\(/.test(text)) return false;
  return allOf(root, ["import_statement", "export_statement"]).length === 0;
}

/** The imports at the top level. */
function importsOf({ root }: Source): readonly Node[] {
  return root
    .children()
    .filter(
      (node) =>
        /^(import_statement|import_from_statement|future_import_statement)$/.test(kindOf(node)) || isRequire(node),
    );
}

function isRequire(node: Node): boolean {
  return (
    /^(lexical|variable)_declaration$/.test(kindOf(node)) && /=\s*require\(\s*["'][^"']+["']\s*\);?$/.test(node.text())
  );
}

/** An import of names from the same module, which one more name can join. */
function siblingOf(imports: readonly Node[], { from }: WantedImport): Node | undefined {
  return imports.find((node) => {
    if (kindOf(node) === "import_from_statement") {
      const star = node.children().some((child) => kindOf(child) === "wildcard_import");
      return !star && node.field("module_name")?.text() === from;
    }
    if (kindOf(node) !== "import_statement" || node.field("source")?.text().slice(1, -1) !== from) return false;
    return node.children()[1]?.text() !== "type" && allOf(node, ["named_imports"]).length > 0;
  });
}

function joined(sibling: Node, wanted: WantedImport, { text, language }: Source): readonly Span[] {
  const written = writtenName(wanted);
  if (language !== "python") {
    const [braces] = allOf(sibling, ["named_imports"]);
    const has = allOf(sibling, ["import_specifier"]).some((one) => one.text() === written);
    return braces && !has ? insertedInto(braces, written, text) : [];
  }
  const names = sibling.fieldChildren("name");
  const last = names.at(-1);
  if (!last || names.some((one) => one.text() === written)) return [];
  return [{ start: endOf(last), end: endOf(last), text: `, ${written}` }];
}

/** Below the last import of the first block of them; else above the first statement, under what heads the file. */
function placed(source: Source, imports: readonly Node[], statement: string): Span {
  const { text, root } = source;
  const end = lineEnd(text);
  const before = lastOfBlock(root, imports);
  if (before) {
    const at = endOfLine(text, endOf(before));
    return { start: at, end: at, text: `${end}${statement}` };
  }
  const first = firstStatement(root);
  if (!first) return { start: text.length, end: text.length, text: `${statement}${end}` };
  const at = startOf(first);
  const gap = source.language === "python" ? `${end}${end}${end}` : `${end}${end}`;
  return { start: at, end: at, text: `${statement}${gap}` };
}

function endOfLine(text: string, offset: number): number {
  const rest = /^[^\r\n]*/.exec(text.slice(offset))?.[0] ?? "";
  return /^\s*(#|\/\/|;|$)/.test(rest) ? offset + rest.length : offset;
}

/** Imports after other statements, as under a condition, do not belong to the head of the file. */
function lastOfBlock(root: Node, imports: readonly Node[]): Node | undefined {
  const ids = new Set(imports.map((node) => node.id()));
  let last: Node | undefined;
  for (const node of root.children()) {
    if (ids.has(node.id())) last = node;
    else if (last && node.isNamed() && !isComment(node)) return last;
  }
  return last;
}

/** The first statement that is no docstring, directive or comment; with the comment that stands directly above it. */
function firstStatement(root: Node): Node | undefined {
  const nodes = root.children().filter((node) => node.isNamed());
  const at = nodes.findIndex((node) => !isComment(node) && !isHead(node));
  if (at < 0) return undefined;
  let first = nodes[at];
  for (let above = at - 1; above >= 0; above -= 1) {
    const node = nodes[above];
    const touches = first && node && isComment(node) && node.range().end.line + 1 === first.range().start.line;
    if (!touches || node.text().startsWith("#!")) break;
    first = node;
  }
  return first;
}

function isHead(node: Node): boolean {
  if (kindOf(node) === "hash_bang_line") return true;
  const [only] = node.children();
  return kindOf(node) === "expression_statement" && kindOf(only) === "string";
}
