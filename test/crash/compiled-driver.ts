import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import ts from "typescript";
import { compiledSources } from "../kit/compiled.ts";

const root = resolve(import.meta.dirname, "../..");

/** A package of ours as it is installed, with the driver beside it. */
export interface CompiledDriver {
  readonly dist: string;
  readonly driver: string;
  remove(): void;
}

/** Compiles the sources as they are now; inside the house, where their dependencies are found. */
export function compiledDriver(): CompiledDriver {
  const sources = compiledSources();
  mkdirSync(join(root, "tmp"), { recursive: true });
  const home = mkdtempSync(join(root, "tmp/crash-"));
  const dist = join(home, "dist");
  cpSync(sources, dist, { recursive: true });
  // Reporters and servers are shipped as they are.
  for (const path of readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }))
    if (/\.(?:mjs|cjs|py)$/.test(path)) cpSync(join(root, "src", path), join(dist, path));
  for (const name of ["package.json", "roles", "workflows", "skills"])
    if (existsSync(join(root, name))) cpSync(join(root, name), join(home, name), { recursive: true });
  for (const name of ["driver.ts", "makers.ts"]) transpile(join(root, "test/crash", name), home);
  return { dist, driver: join(home, "driver.js"), remove: () => rmSync(home, { recursive: true, force: true }) };
}

function transpile(path: string, to: string): void {
  const options = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    rewriteRelativeImportExtensions: true,
    verbatimModuleSyntax: true,
  };
  const { outputText } = ts.transpileModule(readFileSync(path, "utf8"), { compilerOptions: options });
  writeFileSync(join(to, basename(path).replace(/ts$/, "js")), outputText);
}
