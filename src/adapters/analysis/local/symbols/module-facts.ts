import type { ParseResult } from "oxc-parser";
import type { SyntaxNode } from "../javascript.ts";
import { extensionOf } from "../languages.ts";
import { cjsFacts } from "./commonjs-facts.ts";
import { tableOf } from "./json-text.ts";
import { type ModuleFacts, OPEN } from "./module-offer.ts";

const LARGEST = 3_000_000;
const DECLARES = /\.d\.[cm]?ts$/;

/** Parses a file for its exports; whatever cannot be read is open. */
export async function moduleFacts(path: string, text: string | undefined): Promise<ModuleFacts> {
  if (text === undefined || text.length > LARGEST) return OPEN;
  if (path.endsWith(".json")) return jsonFacts(text);
  if (!/^[cm]?[jt]sx?$/.test(extensionOf(path))) return OPEN;
  const result = await parsed(path, text);
  if (!result) return OPEN;
  if (DECLARES.test(path)) return declarationFacts(result, text);
  // What `export = name` gives is the name's namespace too.
  if (result.program.body.some(({ type }) => type === "TSExportAssignment")) return OPEN;
  if (result.module.hasModuleSyntax) return esFacts(result);
  return /\b(?:exports|module)\b/.test(text) ? cjsFacts(result.program as unknown as SyntaxNode) : OPEN;
}

async function parsed(path: string, text: string): Promise<ParseResult | undefined> {
  const { parseSync } = await import("oxc-parser");
  const lang = grammarOf(path);
  for (const sourceType of ["module", "commonjs", "script"] as const) {
    const result = parseSync(path, text, { lang, sourceType, preserveParens: false });
    if (result.errors.length === 0) return result;
  }
  return undefined;
}

function grammarOf(path: string): "dts" | "ts" | "tsx" | "jsx" {
  if (DECLARES.test(path)) return "dts";
  if (path.endsWith(".tsx")) return "tsx";
  return /\.[cm]?ts$/.test(path) ? "ts" : "jsx";
}

/** The members of an object; a list has the methods of lists, and is left alone. */
function jsonFacts(text: string): ModuleFacts {
  try {
    const table = tableOf(JSON.parse(text));
    return table ? { ...OPEN, names: new Set(["default", ...Object.keys(table)]), isOpen: false } : OPEN;
  } catch {
    return OPEN;
  }
}

type ExportEntry = ParseResult["module"]["staticExports"][number]["entries"][number];

function esFacts(result: ParseResult): ModuleFacts {
  const entries = result.module.staticExports.flatMap((one) => one.entries);
  const named = entries.filter((entry) => entry.importName.kind !== "AllButDefault");
  const passed = named.flatMap((entry) => {
    const { moduleRequest, importName } = entry;
    const name = String(importName.kind) === "Default" ? "default" : importName.name;
    const isWhole = importName.kind === "All" || moduleRequest === null || typeof name !== "string";
    return isWhole ? [] : [[nameOf(entry), { specifier: moduleRequest.value, name }] as const];
  });
  const locals = named.flatMap((entry) =>
    entry.localName.name ? [[nameOf(entry), entry.localName.name] as const] : [],
  );
  return {
    isModule: true,
    names: new Set(named.map(nameOf)),
    stars: entries.filter((entry) => !named.includes(entry)).map((entry) => entry.moduleRequest?.value ?? ""),
    passed: new Map(passed),
    locals: new Map(locals),
    imported: importedNames(result),
    isOpen: false,
  };
}

function importedNames(result: ParseResult): ModuleFacts["imported"] {
  const found = result.module.staticImports.flatMap(({ moduleRequest, entries }) =>
    entries.map(({ importName, localName }) => {
      const name = importName.kind === "Default" ? "default" : (importName.name ?? "*");
      return [localName.value, { specifier: moduleRequest.value, name }] as const;
    }),
  );
  return new Map(found);
}

function nameOf({ exportName }: ExportEntry): string {
  return exportName.kind === "Default" ? "default" : (exportName.name ?? "");
}

const DECLARED =
  /^[ \t]*(?:export\s+)?(?:declare\s+)?(?:default\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\*?|class|interface|type|const\s+enum|const|let|var|enum|namespace|module)\s+([\w$]+)/gm;

/** In a declaration file all that is declared is offered, unless it says otherwise: what it declares counts as offered. */
function declarationFacts(result: ParseResult, text: string): ModuleFacts {
  const assigned = /^\s*export\s*=\s*([\w$]+)/m.exec(text)?.[1];
  if (assigned !== undefined) return assignedFacts(assigned, text);
  // Without imports and exports it declares globals or other modules.
  if (!result.module.hasModuleSyntax || onlyDeclaresModules(result, text)) return OPEN;
  const facts = esFacts(result);
  const names = new Set([...facts.names, ...[...text.matchAll(DECLARED)].map((found) => found[1] ?? "")]);
  return { ...facts, names };
}

/** `declare module "vega" { export * from "vega-typings"; }` and nothing beside it: what is exported is not this file's own. */
function onlyDeclaresModules({ program }: ParseResult, text: string): boolean {
  if (!/^\s*declare\s+module\s+["']/m.test(text)) return false;
  return !program.body.some(({ type }) => /^(?:Import|Export|TSExport|TSImportEquals|TSNamespaceExport)/.test(type));
}

/** `export = name`: closed where the name is a namespace, class or function of this very file. */
function assignedFacts(name: string, text: string): ModuleFacts {
  const isVariable = new RegExp(`\\b(?:const|let|var)\\s+${escaped(name)}\\b`).test(text);
  const isNamed = new RegExp(`\\b(?:namespace|module|class|function)\\s+${escaped(name)}\\b`).test(text);
  const reachesOut = /^\s*import\b|\/\/\/\s*<reference|\bextends\b|\brequire\(/m.test(text);
  if (isVariable || !isNamed || reachesOut) return OPEN;
  return { ...OPEN, names: new Set(["default", ...(text.match(/[\w$]+/g) ?? [])]), isOpen: false };
}

function escaped(text: string): string {
  return text.replace(/[$]/g, "\\$&");
}
