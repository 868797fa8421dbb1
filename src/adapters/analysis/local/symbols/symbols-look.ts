import type { Diagnostic, DiagnosticReport } from "../../../../domain/diagnostic.ts";
import type { TreeId } from "../../../../domain/work.ts";
import { boundedCache } from "../bounded-cache.ts";
import { languageOf } from "../languages.ts";
import { diagnosticAt, sortedDiagnostics, sourceText } from "../source-text.ts";
import type { ReadTree, TreeFiles } from "../tree-files.ts";
import type { AnalysisWorld } from "../workspace.ts";
import type { Shape } from "./class-facts.ts";
import { javaScriptFindings, shapesIn } from "./javascript-findings.ts";
import type { JavaScriptWorld } from "./javascript-world.ts";
import { factsCache, moduleExports } from "./module-exports.ts";
import { installedFiles, moduleFiles } from "./module-files.ts";
import { pythonSymbols } from "./python-symbols.ts";
import { moduleResolver } from "./resolve-module.ts";
import { saidElsewhere } from "./said-elsewhere.ts";

type Look = (tree: TreeId, paths: readonly string[]) => Promise<DiagnosticReport>;

/** Names that exist neither in the project nor in its installed packages; silent wherever that cannot be known. */
export function symbolsLook(world: AnalysisWorld, readTree: ReadTree): Look {
  const javaScript = javaScriptWorlds(world);
  return async (tree, paths) => {
    const files = await readTree(tree);
    const wanted = [...new Set(paths)].filter((path) => files.blobs.has(path));
    const diagnostics: Diagnostic[] = [];
    const tools = new Set<string>();
    const scripts = wanted.filter((path) => languageOf(path) === "javascript");
    if (scripts.length > 0) {
      tools.add("symbols (javascript)");
      const one = await javaScript(files);
      for (const path of scripts) diagnostics.push(...(await diagnosticsOf(path, one)));
    }
    const python = wanted.filter((path) => languageOf(path) === "python" && !path.endsWith(".pyi"));
    if (python.length > 0) {
      const found = await pythonSymbols(python, files, world);
      for (const tool of found.tools) tools.add(tool);
      diagnostics.push(...found.diagnostics);
    }
    return { tools: [...tools], diagnostics: sortedDiagnostics(diagnostics) };
  };
}

async function diagnosticsOf(path: string, world: JavaScriptWorld): Promise<readonly Diagnostic[]> {
  const text = (await world.files.text(path)) ?? "";
  const source = sourceText(text);
  const found = await javaScriptFindings(path, text, world);
  return found.map(({ start, code, message }) =>
    diagnosticAt(source, { path, line: source.lineAt(start) }, code, message),
  );
}

/** What is known of installed files and of blobs is shared by all trees. */
function javaScriptWorlds(world: AnalysisWorld): (files: TreeFiles) => Promise<JavaScriptWorld> {
  const installed = installedFiles();
  const facts = factsCache();
  const shapeCache = boundedCache<Promise<ReadonlyMap<string, Shape>>>(2_000);
  return async (tree) => {
    const files = moduleFiles(tree, await world.dependencies(tree.tree), installed);
    const resolve = moduleResolver(files, installed);
    const shapes = (path: string) => {
      const known = shapeCache.get(files.key(path)) ?? files.text(path).then((text) => shapesIn(path, text));
      shapeCache.set(files.key(path), known);
      return known;
    };
    return { files, resolve, modules: moduleExports(files, resolve, facts), said: saidElsewhere(tree), shapes };
  };
}
