/** The languages whose text we can look at. */
export type Language = "javascript" | "python" | "json" | "yaml";

const EXTENSIONS: Readonly<Record<string, Language>> = {
  ts: "javascript",
  mts: "javascript",
  cts: "javascript",
  tsx: "javascript",
  js: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  jsx: "javascript",
  py: "python",
  pyi: "python",
  json: "json",
  jsonc: "json",
  yaml: "yaml",
  yml: "yaml",
};

/** The language of a file by its name, or undefined when nobody here can read it. */
export function languageOf(path: string): Language | undefined {
  return EXTENSIONS[extensionOf(path)];
}

/** The lower-case end of a file name, without its dot; empty when there is none. */
export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(dot + 1).toLowerCase();
}

/** The folder of a repository path; empty for the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** A path inside a repository folder; the root is the empty folder. */
export function inFolder(folder: string, path: string): string {
  return folder === "" ? path : `${folder}/${path}`;
}

/** The folder and every folder above it, nearest first, the root (`""`) last. */
export function foldersUp(folder: string): readonly string[] {
  const parts = folder === "" ? [] : folder.split("/");
  return [...parts.map((_, index) => parts.slice(0, parts.length - index).join("/")), ""];
}
