import { readFile, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { inFolder } from "../languages.ts";
import type { TreeFiles } from "../tree-files.ts";
import type { DependencyFolder } from "../workspace.ts";

/**
 * The files that an import can lead to: those of the tree by their repository path, and installed ones by their absolute
 * path on this machine.
 */
export interface ModuleFiles {
  readonly tree: TreeFiles;
  readonly dependencies: readonly DependencyFolder[];
  isFile(path: string): Promise<boolean>;
  isFolder(path: string): Promise<boolean>;
  text(path: string): Promise<string | undefined>;
  /** Names the content of a file: a blob, or an installed file, which does not change while the process lives. */
  key(path: string): string;
  /** How people know the file: `src/a.ts`, `node_modules/zod/index.d.ts`. */
  shown(path: string): string;
}

type Kind = "file" | "folder" | "none";

/** What is known of the installed files; shared by all trees of one analysis. */
export interface InstalledFiles {
  kind(path: string): Promise<Kind>;
  real(path: string): Promise<string>;
}

/** Looks at each installed path once. */
export function installedFiles(): InstalledFiles {
  const kinds = new Map<string, Promise<Kind>>();
  const reals = new Map<string, Promise<string>>();
  const remembered = <Value>(memo: Map<string, Promise<Value>>, path: string, look: () => Promise<Value>) => {
    const known = memo.get(path) ?? look();
    memo.set(path, known);
    return known;
  };
  return {
    kind: (path) =>
      remembered(kinds, path, async () => {
        const found = await stat(path).catch(() => undefined);
        if (found?.isFile()) return "file";
        return found?.isDirectory() ? "folder" : "none";
      }),
    real: (path) => remembered(reals, path, () => realpath(path).catch(() => path)),
  };
}

/** The files of one tree with its dependencies. */
export function moduleFiles(
  tree: TreeFiles,
  dependencies: readonly DependencyFolder[],
  installed: InstalledFiles,
): ModuleFiles {
  const folders = treeFolders(tree);
  return {
    tree,
    dependencies,
    isFile: async (path) => (isInstalled(path) ? (await installed.kind(path)) === "file" : tree.blobs.has(path)),
    isFolder: async (path) => (isInstalled(path) ? (await installed.kind(path)) === "folder" : folders().has(path)),
    text: (path) => (isInstalled(path) ? readFile(path, "utf8").catch(() => undefined) : tree.text(path)),
    key: (path) => (isInstalled(path) ? path : `${path}\0${tree.blobs.get(path)}`),
    shown: (path) => shown(path, dependencies),
  };
}

/** True for the path of an installed file. */
export function isInstalled(path: string): boolean {
  return path.startsWith("/");
}

function shown(path: string, dependencies: readonly DependencyFolder[]): string {
  const home = dependencies.find(({ source }) => path.startsWith(`${source}/`));
  if (home) return inFolder(home.place, path.slice(home.source.length + 1));
  const at = path.lastIndexOf("/node_modules/");
  return at < 0 || !isInstalled(path) ? path : path.slice(at + 1);
}

function treeFolders(tree: TreeFiles): () => ReadonlySet<string> {
  let folders: Set<string> | undefined;
  return () => {
    if (folders) return folders;
    folders = new Set([""]);
    for (const path of tree.blobs.keys())
      for (
        let at = path.lastIndexOf("/");
        at > 0 && !folders.has(path.slice(0, at));
        at = path.lastIndexOf("/", at - 1)
      )
        folders.add(path.slice(0, at));
    return folders;
  };
}

/** A path below a folder of the tree (`""` is its root) or of the installed files, with `.` and `..` resolved. */
export function below(folder: string, path: string): string | undefined {
  if (isInstalled(folder)) return join(folder, path);
  const parts = folder === "" ? [] : folder.split("/");
  for (const part of path.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}
