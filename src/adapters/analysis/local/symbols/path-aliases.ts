import { folderOf, foldersUp, inFolder } from "../languages.ts";
import type { TreeFiles } from "../tree-files.ts";
import { lenientJson, type Table, tableOf, textsOf } from "./json-text.ts";
import { below } from "./module-files.ts";

/** What the tsconfig files above a folder say of where imports lead. */
export interface PathAliases {
  /** Pattern (with at most one `*`) and the repository paths it stands for. */
  readonly paths: readonly { readonly pattern: string; readonly targets: readonly string[] }[];
  readonly bases: readonly string[];
  /** A config could not be read whole: more aliases may exist. */
  readonly isOpen: boolean;
}

const CONFIG = /^[tj]sconfig[\w.-]*\.json$/;
const DEPTH = 6;

/** Reads every tsconfig and jsconfig in the folders above, and what they extend. */
export async function aliasesFor(folder: string, tree: TreeFiles): Promise<PathAliases> {
  const above = new Set(foldersUp(folder));
  const configs = [...tree.blobs.keys()].filter(
    (path) => above.has(folderOf(path)) && CONFIG.test(path.slice(folderOf(path).length).replace(/^\//, "")),
  );
  const read = await Promise.all(configs.map((config) => readConfig(config, tree, DEPTH)));
  return {
    paths: read.flatMap((one) => one.paths),
    bases: [...new Set(read.flatMap((one) => one.bases))],
    isOpen: read.some((one) => one.isOpen),
  };
}

const NOTHING: PathAliases = { paths: [], bases: [], isOpen: false };
const UNKNOWN: PathAliases = { paths: [], bases: [], isOpen: true };

async function readConfig(path: string, tree: TreeFiles, depth: number): Promise<PathAliases> {
  const text = await tree.text(path);
  if (text === undefined || depth === 0) return UNKNOWN;
  const config = tableOf(await lenientJson(text));
  if (!config) return UNKNOWN;
  const inherited = await Promise.all(
    parentsOf(config).map((parent) => readParent(parent, folderOf(path), { tree, depth })),
  );
  const own = aliasesOf(tableOf(config.compilerOptions) ?? {}, folderOf(path));
  return {
    paths: [own, ...inherited].flatMap((one) => one.paths),
    bases: [own, ...inherited].flatMap((one) => one.bases),
    isOpen: own.isOpen || inherited.some((one) => one.isOpen),
  };
}

function parentsOf({ extends: parents }: Table): readonly string[] {
  return typeof parents === "string" ? [parents] : textsOf(parents);
}

async function readParent(
  parent: string,
  folder: string,
  { tree, depth }: { readonly tree: TreeFiles; readonly depth: number },
): Promise<PathAliases> {
  // A package's shared config (`@tsconfig/node20`) knows nothing of this repository's paths.
  if (!parent.startsWith(".")) return NOTHING;
  const path = below(folder, parent);
  const candidates = path === undefined ? [] : [path, `${path}.json`, `${path}/tsconfig.json`];
  const found = candidates.find((candidate) => tree.blobs.has(candidate));
  return found === undefined ? UNKNOWN : readConfig(found, tree, depth - 1);
}

function aliasesOf(options: Table, folder: string): PathAliases {
  const base = typeof options.baseUrl === "string" ? below(folder, options.baseUrl) : undefined;
  const from = base ?? folder;
  const paths = Object.entries(tableOf(options.paths) ?? {}).map(([pattern, targets]) => ({
    pattern,
    targets: textsOf(targets)
      .map((target) => below(from, target))
      .filter((target) => target !== undefined),
  }));
  return { paths, bases: base === undefined ? [] : [base], isOpen: options.rootDirs !== undefined };
}

/** The repository paths that an alias gives a specifier; undefined when no alias fits. */
export function aliased(specifier: string, aliases: PathAliases): readonly string[] | undefined {
  const fitting = aliases.paths.flatMap(({ pattern, targets }) => {
    const [before = "", after] = pattern.split("*");
    if (after === undefined) return pattern === specifier ? [targets] : [];
    if (pattern === "*" || !specifier.startsWith(before) || !specifier.endsWith(after)) return [];
    const star = specifier.slice(before.length, specifier.length - after.length);
    return [targets.map((target) => target.replace("*", star))];
  });
  return fitting.length > 0 ? [...fitting.flat(), ...loosePaths(specifier, aliases)] : undefined;
}

/** Paths that a bare specifier may have by `baseUrl` or a `*` alias; a package of that name is just as good. */
export function loosePaths(specifier: string, aliases: PathAliases): readonly string[] {
  const anyPath = aliases.paths.filter(({ pattern }) => pattern === "*").flatMap(({ targets }) => targets);
  return [
    ...anyPath.map((target) => target.replace("*", specifier)),
    ...aliases.bases.map((base) => inFolder(base, specifier)),
  ];
}
