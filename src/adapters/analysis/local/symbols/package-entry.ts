import { type Table, tableOf } from "./json-text.ts";
import { below, type ModuleFiles } from "./module-files.ts";

/** The files that one specifier stands for: what runs, and what the types say of it. */
export interface Entry {
  readonly runtime: readonly string[];
  readonly types: readonly string[];
  /** More files than these may speak for it. */
  readonly isOpen: boolean;
}

/** A package's folder with its manifest. */
export interface Package {
  readonly name: string;
  readonly folder: string;
  readonly manifest: Table;
}

const MOST_LEAVES = 24;
const DECLARES = /\.d\.[cm]?ts$/;
const SOURCES = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json"];
const DECLARATIONS = [".d.ts", ".d.mts", ".d.cts"];

/** The files for `.` or `./sub` of a package; undefined when it has none. */
export async function packageEntry(of: Package, subpath: string, files: ModuleFiles): Promise<Entry | undefined> {
  const leaves = of.manifest.exports === undefined ? [] : exportLeaves(of.manifest.exports, subpath);
  const exported = await existing(
    leaves.map((leaf) => below(of.folder, leaf)),
    files,
  );
  const isOpen = of.manifest.typesVersions !== undefined || leaves.length > exported.length;
  if (exported.length > 0) return withNeighbours(exported, isOpen, files);
  const legacy = subpath === "." ? await mainFiles(of, files) : await fileFor(below(of.folder, subpath), files);
  return legacy.length === 0 ? undefined : withNeighbours(legacy, isOpen, files);
}

async function mainFiles({ folder, manifest }: Package, files: ModuleFiles): Promise<readonly string[]> {
  const fields = ["types", "typings", "module", "main", "browser"].map((field) => manifest[field]);
  const named = fields.filter((field) => typeof field === "string");
  const found = await Promise.all([...named, "./index"].map((path) => fileFor(below(folder, path), files)));
  const main = found.slice(0, -1).flat();
  return unique(main.some((path) => !DECLARES.test(path)) ? main : found.flat());
}

/** Declarations that lie beside the files, as TypeScript finds them. */
async function withNeighbours(found: readonly string[], isOpen: boolean, files: ModuleFiles): Promise<Entry> {
  const runtime = found.filter((path) => !DECLARES.test(path));
  const beside = runtime
    .map((path) => path.replace(/\.([cm]?)[jt]sx?$/, ".d.$1ts"))
    .filter((path) => DECLARES.test(path));
  const types = unique([...found.filter((path) => DECLARES.test(path)), ...(await existing(beside, files))]);
  return { runtime, types, isOpen };
}

/** The file that an import of `path` without a certain ending means: with endings added, exchanged, or as a folder. */
export async function fileFor(path: string | undefined, files: ModuleFiles): Promise<readonly string[]> {
  if (path === undefined) return [];
  const exact = await existing([path, ...exchanged(path)], files);
  if (exact.length > 0) return exact;
  const added = await existing(
    [...SOURCES, ...DECLARATIONS].map((ending) => path + ending),
    files,
  );
  if (added.length > 0) return added;
  if (!(await files.isFolder(path))) return [];
  const manifest = await manifestIn(path, files);
  const named = typeof manifest?.main === "string" ? below(path, manifest.main) : undefined;
  const main = named === path ? [] : await fileFor(named, files);
  const index = [...SOURCES, ...DECLARATIONS].map((ending) =>
    path === "" ? `index${ending}` : `${path}/index${ending}`,
  );
  return main.length > 0 ? main : existing(index, files);
}

/** `./a.js` is how TypeScript writes the import of `./a.ts`. */
function exchanged(path: string): readonly string[] {
  const found = /^(?<stem>.*)\.(?<kind>[cm]?)js(?<react>x?)$/.exec(path)?.groups;
  if (!found) return [];
  const { stem, kind, react } = found;
  return [`${stem}.${kind}ts${react}`, ...(kind === "" && react === "" ? [`${stem}.tsx`] : []), `${stem}.d.${kind}ts`];
}

async function existing(paths: readonly (string | undefined)[], files: ModuleFiles): Promise<readonly string[]> {
  const wanted = unique(paths.filter((path) => path !== undefined));
  const there = await Promise.all(wanted.map((path) => files.isFile(path)));
  return wanted.filter((_, index) => there[index]);
}

/** The manifest in a folder, when there is one that can be read. */
export async function manifestIn(folder: string, files: ModuleFiles): Promise<Table | undefined> {
  const path = folder === "" ? "package.json" : `${folder}/package.json`;
  if (!(await files.isFile(path))) return undefined;
  try {
    return tableOf(JSON.parse((await files.text(path)) ?? ""));
  } catch {
    return undefined;
  }
}

/** Every file that a subpath may lead to, whatever the conditions. */
export function exportLeaves(exports: unknown, subpath: string): readonly string[] {
  const table = tableOf(exports);
  const hasPaths = table !== undefined && Object.keys(table).some((key) => /^[.#]/.test(key));
  if (!hasPaths) return subpath === "." ? leavesOf(exports) : [];
  if (subpath in table) return leavesOf(table[subpath]);
  const patterns = Object.keys(table).filter((key) => key.includes("*") || key.endsWith("/"));
  const fitting = patterns
    .map((key) => ({ key, star: starOf(key, subpath) }))
    .filter(({ star }) => star !== undefined)
    .sort((a, b) => b.key.indexOf("*") - a.key.indexOf("*"));
  const [best] = fitting;
  if (!best) return [];
  return leavesOf(table[best.key]).map((leaf) =>
    leaf.endsWith("/") ? leaf + best.star : leaf.replaceAll("*", best.star ?? ""),
  );
}

function starOf(pattern: string, subpath: string): string | undefined {
  const [before = "", after = ""] = pattern.endsWith("/") ? [pattern, ""] : pattern.split("*");
  const fits = subpath.startsWith(before) && subpath.endsWith(after) && subpath.length >= before.length + after.length;
  return fits ? subpath.slice(before.length, subpath.length - after.length) : undefined;
}

function leavesOf(target: unknown): readonly string[] {
  if (typeof target === "string") return target.startsWith(".") ? [target] : [];
  if (Array.isArray(target)) return target.flatMap(leavesOf);
  return unique(Object.values(tableOf(target) ?? {}).flatMap(leavesOf)).slice(0, MOST_LEAVES);
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
