import type { Does, Literal } from "./correction-file.ts";
import { canonicalJson } from "./digest.ts";
import type { Atom, Inside, Renamed } from "./learn-atoms.ts";
import { unify, unifyWith } from "./learn-unify.ts";

/** What a correction does, and its title. */
export interface Generalised {
  readonly title: string;
  readonly does: Does;
}

type Of<Form extends Atom["form"]> = Extract<Atom, { form: Form }>;

/** The least general correction that makes every one of these changes, all of one form; undefined when there is none. */
export function generalised(atoms: readonly Atom[]): Generalised | undefined {
  const [first] = atoms;
  if (first === undefined || atoms.some(({ form }) => form !== first.form)) return undefined;
  switch (first.form) {
    case "import":
      return movedImport(atoms as readonly Of<"import">[], first);
    case "missing-import":
      return missingImport(first);
    case "surplus-import":
      return surplusImport(first);
    case "argument":
      return missingArgument(atoms as readonly Of<"argument">[], first);
    case "surplus-argument":
      return surplusArgument(atoms as readonly Of<"surplus-argument">[], first);
    case "literal":
      return otherLiteral(atoms as readonly Of<"literal">[], first);
    case "fixture":
      return takenFixture(first);
    case "pattern":
      return otherCode(atoms as readonly Of<"pattern">[], first);
  }
}

/** The names of the module where all cases move the same ones or rename them; else whatever is taken from it. */
function movedImport(atoms: readonly Of<"import">[], { from, to }: Of<"import">): Generalised | undefined {
  const names = new Map<string, string>();
  for (const { name, becomes } of atoms.flatMap((atom): readonly Renamed[] => atom.names)) {
    if ((names.get(name) ?? becomes) !== becomes) return undefined;
    names.set(name, becomes);
  }
  const same = new Set(atoms.map((atom) => canonicalJson(atom.names))).size === 1;
  const renames = [...names].some(([name, becomes]) => name !== becomes);
  const named = same || renames ? { names: Object.fromEntries(names) } : {};
  const title = `import ${same ? `${[...names.values()].join(", ")} ` : ""}from ${to} instead of ${from}`;
  return from === to && !renames ? undefined : { title, does: { kind: "rewrite-import", from, to, ...named } };
}

function missingImport({ bound }: Of<"missing-import">): Generalised {
  const { name, module, style } = bound;
  const whole = style === "module" && name === module;
  const title = whole ? `import ${name} where it is used` : `import ${name} from ${module} where it is used`;
  return { title, does: { kind: "add-import", name, ...(whole ? {} : { from: module }), style } };
}

function surplusImport({ module, field }: Of<"surplus-import">): Generalised {
  const written = module.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  const [kind, regex] =
    field === "source" ? ["import_statement", `^["']${written}["']$`] : ["import_from_statement", `^${written}$`];
  const rule = { kind, has: { field, regex } };
  return { title: `no import from ${module}`, does: { kind: "rule", rule, operations: [{ kind: "remove" }] } };
}

function missingArgument(atoms: readonly Of<"argument">[], { name, value }: Of<"argument">): Generalised | undefined {
  const call = sharedCall(atoms.map((atom) => atom.call));
  if (call === undefined || new Set(atoms.map((atom) => canonicalJson([atom.name, atom.value]))).size > 1)
    return undefined;
  const title = `${name}=${shown(value)} on ${call}`;
  return { title, does: { kind: "add-argument", call, ...insideOf(atoms), name, value } };
}

function surplusArgument(
  atoms: readonly Of<"surplus-argument">[],
  { name }: Of<"surplus-argument">,
): Generalised | undefined {
  const call = sharedCall(atoms.map((atom) => atom.call));
  if (call === undefined) return undefined;
  const parts = call.split(".").map((part) => (part.startsWith("$") ? "[^.]+" : part));
  const callee = `^${parts.join("\\s*\\.\\s*")}$`;
  const rule = {
    kind: "keyword_argument",
    has: { field: "name", regex: `^${name}$` },
    inside: { kind: "argument_list", inside: { kind: "call", has: { field: "function", regex: callee } } },
  };
  return { title: `no ${name} on ${call}`, does: { kind: "rule", rule, operations: [{ kind: "remove" }] } };
}

function takenFixture({ name }: Of<"fixture">): Generalised {
  const named = { kind: "identifier", regex: `^${name}$` };
  const holder = [
    { has: { field: "name", regex: "^test_" } },
    { has: { field: "body", has: { ...named, stopBy: "end" } } },
  ];
  const rule = { kind: "parameters", not: { has: named }, inside: { kind: "function_definition", all: holder } };
  const operations = [{ kind: "insert-element" as const, value: { code: name }, at: "first" as const }];
  return { title: `a test that uses ${name} takes it`, does: { kind: "rule", rule, operations } };
}

/** The same value in the same kind of statement, right behind a call of the same name. */
function behindCall(atoms: readonly Of<"literal">[], { from, to, behind }: Of<"literal">): Generalised | undefined {
  if (behind === undefined || new Set(atoms.map((atom) => canonicalJson([atom.from, atom.to, atom.behind]))).size > 1)
    return undefined;
  if (typeof from !== "number" || typeof to !== "number") return undefined;
  const callee = behind.call.split(".").join("\\s*\\.\\s*").replaceAll("$", "\\$");
  const before = `^(?:(?:const|let|var)\\s+)?\\w+\\s*=\\s*(?:await\\s+)?${callee}\\(`;
  const inside = { kind: behind.statement, stopBy: "end", follows: { regex: before } };
  const rule = { kind: behind.kind, regex: `^${shown(from).replace(".", "\\.")}$`, inside };
  const operations = [{ kind: "replace" as const, with: shown(to) }];
  return {
    title: `${shown(to)} instead of ${shown(from)} behind ${behind.call}`,
    does: { kind: "rule", rule, operations },
  };
}

function otherLiteral(atoms: readonly Of<"literal">[], first: Of<"literal">): Generalised | undefined {
  const near = behindCall(atoms, first);
  if (near !== undefined) return near;
  const { to, argument } = first;
  const from = [...new Map(atoms.map((atom) => [canonicalJson(atom.from), atom.from] as const)).values()];
  const calls = atoms.map((atom) => atom.call);
  const call = calls.every((one) => one !== undefined) ? sharedCall(calls) : undefined;
  if (calls.some((one) => one !== undefined) && call === undefined) return undefined;
  if (new Set(atoms.map((atom) => canonicalJson([atom.to, atom.argument ?? null]))).size > 1) return undefined;
  const place = [argument, call && `of ${call}`].filter((part) => part !== undefined).join(" ");
  const where = { ...(call === undefined ? {} : { call }), ...(argument === undefined ? {} : { argument }) };
  const title = `${shown(to)} instead of ${from.map(shown).join(", ")}${place ? ` as ${place}` : ""}`;
  return { title, does: { kind: "replace-literal", from, to, ...where, ...insideOf(atoms) } };
}

/** Code in place of other code, or of nothing: metavariables only where the cases differ. */
function otherCode(atoms: readonly Of<"pattern">[], first: Of<"pattern">): Generalised | undefined {
  const pattern = unify(atoms.map(({ before, text }) => ({ node: before, text })));
  if (pattern === undefined) return undefined;
  const parents = new Set(atoms.map(({ parent }) => parent));
  const inside = parents.size === 1 && first.parent !== "" ? { inside: { kind: first.parent } } : {};
  // A pattern without a semicolon is the expression in the statement, never the statement.
  const isWhole = first.before.kind === "expression_statement" && !pattern.text.endsWith(";");
  const rule = isWhole
    ? { kind: first.before.kind, has: { pattern: pattern.text }, ...inside }
    : { pattern: pattern.text, ...inside };
  const title = `${brief(pattern.text)}`;
  if (atoms.every(({ after }) => after === undefined))
    return { title: `no ${title}`, does: { kind: "rule", rule, operations: [{ kind: "remove" }] } };
  const after = atoms.flatMap((atom) => (atom.after ? [{ node: atom.after, text: atom.afterText }] : []));
  const written = after.length === atoms.length ? unifyWith(pattern, after) : undefined;
  if (written === undefined || written === pattern.text) return undefined;
  const operations = [{ kind: "replace" as const, with: written }];
  return { title: `${brief(written)} instead of ${title}`, does: { kind: "rule", rule, operations } };
}

/** One dotted name for all calls; `$A`, `$B`, … stand where the names differ. */
function sharedCall(calls: readonly string[]): string | undefined {
  const parts = calls.map((call) => call.split("."));
  const [first] = parts;
  if (first === undefined || parts.some((other) => other.length !== first.length)) return undefined;
  const names = [..."ABCDE"];
  const shared = first.map((part, index) =>
    parts.every((other) => other[index] === part) ? part : `$${names.shift() ?? "Z"}`,
  );
  return shared.every((part) => part.startsWith("$")) ? undefined : shared.join(".");
}

function insideOf(atoms: readonly { readonly inside: Inside }[]): { readonly inside?: NonNullable<Inside> } {
  const [first] = atoms;
  const same = first?.inside !== undefined && atoms.every(({ inside }) => inside === first.inside);
  return same && first?.inside ? { inside: first.inside } : {};
}

function shown(value: Literal): string {
  return typeof value === "object" && value !== null ? value.code : JSON.stringify(value);
}

function brief(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 40 ? `${line.slice(0, 37)}...` : line;
}
