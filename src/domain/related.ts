import { kindOfPath } from "./paths.ts";
import type { ToolProfile } from "./tool-profile.ts";
import type { TreeId } from "./work.ts";

/** What is looked for in a repository. */
export interface RelatedQuestion {
  /** The tree that is shown. */
  readonly tree: TreeId;
  /** The tree whose words are looked up: one for many questions, so that it is indexed once. */
  readonly indexed: TreeId;
  /** Files that are shown anyway. */
  readonly paths: readonly string[];
  /** What the work is about; names in it count more than words. */
  readonly text: string;
  /** What it is for: whoever writes tests is shown one as an example. */
  readonly purpose: "tests" | "code";
  /** Characters of code chosen by name or word, in all. */
  readonly room: number;
}

/** Why a part was chosen: it steers tests, is imported, defines, tests or uses a name of the work, shows how tests look, or has its words. */
export type Relation = "fixture" | "imported" | "definition" | "test" | "caller" | "example" | "words";

/** A file, or lines of it, that bears on the work. */
export interface RelatedPart {
  readonly relation: Relation;
  readonly path: string;
  /** 1-based lines, inclusive; absent: the whole file. */
  readonly lines?: { readonly from: number; readonly to: number };
  readonly text: string;
}

/** True for what tests stand on without being tests: conftest, set-up files, fixtures and whatever else lies in a test folder. */
export function isTestSupport(path: string, profile: ToolProfile): boolean {
  if (/(?:^|\/)conftest\.py$/.test(path)) return true;
  if (!/\.(?:[cm]?[jt]sx?|py|rb|go)$/.test(path) || kindOfPath(path, profile) === "test") return false;
  if (/(?:^|\/)(?:node_modules|fixtures?\/.*\/|__snapshots__)/.test(path)) return false;
  return (
    /(?:^|\/)(?:tests?|__tests__|specs?)\/(?!.*\/node_modules\/)[^/]+(?:\/[^/]+)?$/.test(path) &&
    !path.endsWith("__init__.py")
  );
}

/** Paths that the imports of a file could mean, most likely first; most of them do not exist. */
export function importCandidates(path: string, text: string): readonly string[] {
  const folder = path.split("/").slice(0, -1);
  const relative = [...text.matchAll(/(?:from|import|require\()\s*["'](\.{1,2}\/[^"']+)["']/g)].flatMap((match) =>
    resolved(folder, match[1] ?? ""),
  );
  const python = [...text.matchAll(/^\s*(?:from|import)\s+([\w.]+)/gm)].flatMap((match) => {
    const name = (match[1] ?? "").replaceAll(".", "/");
    return ["", "src/"].flatMap((root) => [`${root}${name}.py`, `${root}${name}/__init__.py`]);
  });
  return [...relative, ...(path.endsWith(".py") ? python : [])];
}

function resolved(folder: readonly string[], specifier: string): readonly string[] {
  const parts = [...folder];
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  const stem = parts.join("/");
  const bare = stem.replace(/\.[cm]?js$/, "");
  return [stem, ...[".ts", ".tsx", ".js", ".mjs", ".cjs", "/index.ts", "/index.js"].map((ending) => bare + ending)];
}
