import { createRequire } from "node:module";
import type { SgNode } from "@ast-grep/napi";
import type { Diagnostic as RuffDiagnostic, Workspace } from "@astral-sh/ruff-wasm-nodejs";

export type PythonNode = SgNode;
export interface RuffSettings {
  readonly "target-version"?: string;
  readonly preview?: boolean;
  readonly lint: Readonly<Record<string, unknown>>;
  readonly [setting: string]: unknown;
}

const workspaces = new Map<string, Workspace>();

/** Ruff's complaints about one file; syntax errors have the code `invalid-syntax`. @throws what ruff says of wrong settings. */
export async function ruffCheck(text: string, settings: RuffSettings): Promise<readonly RuffDiagnostic[]> {
  const { Workspace, PositionEncoding } = await import("@astral-sh/ruff-wasm-nodejs");
  const key = JSON.stringify(settings);
  let workspace = workspaces.get(key);
  if (!workspace) {
    workspace = new Workspace(settings, PositionEncoding.Utf16);
    workspaces.set(key, workspace);
  }
  return workspace.check(text) as readonly RuffDiagnostic[];
}

/** The newest Python ruff knows: what an older one cannot run, its tests will tell. */
export const PYTHON_SYNTAX: RuffSettings = { "target-version": "py314", lint: { select: [] } };

let registered = false;

/** The syntax tree of a Python text. It has a tree for wrong texts too: ask ruff whether the text is right. */
export async function parsePython(text: string): Promise<PythonNode> {
  const { parse, registerDynamicLanguage } = await import("@ast-grep/napi");
  if (!registered) {
    const python = createRequire(import.meta.url)("@ast-grep/lang-python") as Parameters<
      typeof registerDynamicLanguage
    >[0][string];
    registerDynamicLanguage({ python });
    registered = true;
  }
  return parse("python", text).root();
}

/** True when ruff finds no syntax error. */
export async function isPython(text: string): Promise<boolean> {
  const found = await ruffCheck(text, PYTHON_SYNTAX);
  return !found.some((diagnostic) => diagnostic.code === "invalid-syntax" || diagnostic.code === null);
}
