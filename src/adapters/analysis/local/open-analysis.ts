import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Config } from "../../../domain/config.ts";
import type { Diagnostic, DiagnosticReport, DiagnosticTool } from "../../../domain/diagnostic.ts";
import type { TreeId } from "../../../domain/work.ts";
import type { Analysis } from "../../../engine/ports.ts";
import { boundedCache } from "./bounded-cache.ts";
import { writtenCases } from "./cases.ts";
import { runCommandTool } from "./command-tool.ts";
import { languageOf } from "./languages.ts";
import { linter } from "./lint.ts";
import { literalsOf } from "./literals.ts";
import { mutantsOf } from "./mutants.ts";
import { sortedDiagnostics } from "./source-text.ts";
import { symbolsLook } from "./symbols/symbols-look.ts";
import { syntaxErrors } from "./syntax.ts";
import { type ReadTree, type TreeFiles, treeReader } from "./tree-files.ts";
import { typeChecker } from "./type-check.ts";
import { type AnalysisWorld, openWorkspace } from "./workspace.ts";

/** The analysis of one repository. Close it: a type checker may be running. */
export interface OpenedAnalysis extends Analysis {
  close(): Promise<void>;
}

/** Opens the analysis of one repository; heavy tools are loaded when they are first needed. */
export async function openAnalysis(options: AnalysisWorld): Promise<OpenedAnalysis> {
  const world = { ...options, cacheDir: join(options.cacheDir, "analysis") };
  const readTree = treeReader(world.git);
  const workspace = openWorkspace(world);
  const types = typeChecker(world, workspace, readTree);
  const names = await toolNames();
  const auto: Readonly<Record<DiagnosticTool, Look>> = {
    syntax: syntaxLook(readTree),
    lint: linter(world, workspace, readTree, { oxlint: names.oxlint, ruff: names.ruff }),
    symbols: symbolsLook(world, readTree),
    types: (tree, paths) => types.check(tree, paths),
  };
  const nothing: Look = async () => ({ tools: [], diagnostics: [] });
  const command =
    (run: string): Look =>
    async (tree) => {
      const files = await readTree(tree);
      return workspace.use(tree, (ground) => runCommandTool(run, files, { ground, sandbox: world.sandbox }));
    };
  const lookOf = (tool: DiagnosticTool): Look => {
    const setting = world.config[tool];
    if (setting === "off") return nothing;
    return setting === "auto" ? auto[tool] : command(setting.run);
  };
  return {
    versions: versionsOf(world.config, names),
    diagnose: async (tool, tree, paths) => lookOf(tool)(tree, paths),
    cases: writtenCases,
    literals: literalsOf,
    mutants: (path, text, lines, limit) => mutantsOf({ path, text, lines, limit }),
    close: () => types.close(),
  };
}

type Look = (tree: TreeId, paths: readonly string[]) => Promise<DiagnosticReport>;

function syntaxLook(readTree: ReadTree): Look {
  const perBlob = boundedCache<readonly Diagnostic[]>(20_000);
  const errorsOf = async (path: string, files: TreeFiles) => {
    const key = `${path}\0${files.blobs.get(path)}`;
    const known = perBlob.get(key) ?? (await syntaxErrors(path, (await files.text(path)) ?? ""));
    perBlob.set(key, known);
    return known;
  };
  return async (tree, paths) => {
    const files = await readTree(tree);
    const names = await toolNames();
    const tools = new Set<string>();
    const diagnostics: Diagnostic[] = [];
    for (const path of new Set(paths)) {
      const language = languageOf(path);
      if (!language || !files.blobs.has(path)) continue;
      tools.add(names[language]);
      diagnostics.push(...(await errorsOf(path, files)));
    }
    return { tools: [...tools].sort(), diagnostics: sortedDiagnostics(diagnostics) };
  };
}

interface ToolNames {
  readonly javascript: string;
  readonly python: string;
  readonly json: string;
  readonly yaml: string;
  readonly oxlint: string;
  readonly ruff: string;
}

let known: Promise<ToolNames> | undefined;

/** Our own tools with their versions, from their packages' manifests: nothing is loaded for it. */
function toolNames(): Promise<ToolNames> {
  known ??= (async () => {
    const [oxc, ruff, yaml, oxlint] = await Promise.all(
      ["oxc-parser", "@astral-sh/ruff-wasm-nodejs", "yaml", "oxlint"].map(versionOf),
    );
    const named = { javascript: `oxc-parser ${oxc}`, python: `ruff ${ruff}`, json: "json", yaml: `yaml ${yaml}` };
    return { ...named, oxlint: `oxlint ${oxlint}`, ruff: `ruff ${ruff}` };
  })();
  return known;
}

async function versionOf(name: string): Promise<string> {
  const require = createRequire(import.meta.url);
  const folder = require.resolve.paths(name)?.map((path) => join(path, name, "package.json")) ?? [];
  for (const path of folder) {
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text !== undefined) return (JSON.parse(text) as { version: string }).version;
  }
  return "unknown";
}

/** Changes whenever a rule of ours starts or ceases to complain: observations of before are then not used again. */
const RULES_EDITION = 1;

const SYMBOLS_EDITION = 1;

function versionsOf(config: Config, names: ToolNames): Readonly<Record<DiagnosticTool, string>> {
  const setting = (tool: DiagnosticTool) =>
    typeof config[tool] === "object" ? `run ${config[tool].run}` : config[tool];
  const parsers = [names.javascript, names.python, names.yaml].join(", ");
  return {
    syntax: `${setting("syntax")}; ${parsers}`,
    lint: `${setting("lint")}; ${names.oxlint}, ${names.ruff}; rules ${RULES_EDITION}`,
    symbols: `${setting("symbols")}; ${names.javascript}; rules ${SYMBOLS_EDITION}`,
    types: `${setting("types")}; the target's own; edition ${RULES_EDITION}`,
  };
}
