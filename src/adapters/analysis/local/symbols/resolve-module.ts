import { builtinModules } from "node:module";
import { folderOf, foldersUp, inFolder } from "../languages.ts";
import { type Table, tableOf } from "./json-text.ts";
import { below, type InstalledFiles, isInstalled, type ModuleFiles } from "./module-files.ts";
import { type Entry, exportLeaves, fileFor, manifestIn, type Package, packageEntry } from "./package-entry.ts";
import { aliased, aliasesFor, loosePaths, type PathAliases } from "./path-aliases.ts";

/** Where an import leads. */
export type Resolution =
  | { readonly kind: "entry"; readonly entry: Entry; readonly package: string | undefined }
  | { readonly kind: "builtin"; readonly name: string }
  /** No file of the repository has that path. */
  | { readonly kind: "no-module"; readonly path: string; readonly package: string | undefined }
  /** Neither installed nor in a manifest. */
  | { readonly kind: "no-package"; readonly name: string; readonly known: readonly string[] }
  | { readonly kind: "unknown" };

export type ResolveModule = (specifier: string, from: string) => Promise<Resolution>;

const UNKNOWN: Resolution = { kind: "unknown" };
const PACKAGE = /^(?<name>(?:@[a-z0-9-~][\w.~-]*\/)?[a-z0-9-~][\w.~-]*)(?<sub>\/.*)?$/i;
const BUILTINS = new Set(builtinModules.map((name) => name.replace(/^node:/, "")));

/** The module resolution of one tree: relative files, aliases, workspaces, installed packages, Node's own modules. */
export function moduleResolver(files: ModuleFiles, installed: InstalledFiles): ResolveModule {
  const aliases = new Map<string, Promise<PathAliases>>();
  const aliasesOf = (folder: string) => {
    const known = aliases.get(folder) ?? aliasesFor(folder, files.tree);
    aliases.set(folder, known);
    return known;
  };
  const resolutions = new Map<string, Promise<Resolution>>();
  let own: Promise<ReadonlyMap<string, string>> | undefined;
  const world: Resolver = {
    files,
    installed,
    aliasesOf,
    ownPackages: () => {
      own ??= packagesOfTree(files);
      return own;
    },
  };
  return (specifier, from) => {
    const key = `${folderOf(from)}\0${specifier}`;
    const known = resolutions.get(key) ?? resolve(specifier, from, world);
    resolutions.set(key, known);
    return known;
  };
}

interface Resolver {
  readonly files: ModuleFiles;
  readonly installed: InstalledFiles;
  readonly aliasesOf: (folder: string) => Promise<PathAliases>;
  readonly ownPackages: () => Promise<ReadonlyMap<string, string>>;
}

async function resolve(specifier: string, from: string, world: Resolver): Promise<Resolution> {
  if (specifier.startsWith("node:")) return builtin(specifier.slice(5), specifier);
  if (BUILTINS.has(specifier)) return { kind: "builtin", name: specifier };
  if (/[?!:\\]|^\/|^~|^$/.test(specifier)) return UNKNOWN;
  if (/^\.\.?(\/|$)/.test(specifier)) return relative(specifier, from, world);
  if (specifier.startsWith("#")) return imported(specifier, from, world);
  const viaAlias = isInstalled(from) ? undefined : await byAlias(specifier, from, world);
  return viaAlias ?? byPackage(specifier, from, world);
}

function builtin(name: string, specifier: string): Resolution {
  if (BUILTINS.has(name) || builtinModules.includes(specifier)) return { kind: "builtin", name };
  // A newer Node may have it.
  return /^(sqlite|sea|test|quic|ffi)/.test(name)
    ? UNKNOWN
    : { kind: "no-package", name: specifier, known: [...BUILTINS].map((one) => `node:${one}`) };
}

async function relative(specifier: string, from: string, { files }: Resolver): Promise<Resolution> {
  const path = below(folderOf(from), specifier);
  if (path === undefined) return UNKNOWN;
  const found = await fileFor(path, files);
  if (found.length > 0) return entry(found, undefined);
  if (isInstalled(from) || hasVariant(path, files)) return UNKNOWN;
  return { kind: "no-module", path, package: undefined };
}

/** `./button` may be `button.native.tsx`, `button.vue` or a folder that holds no index. */
function hasVariant(path: string, files: ModuleFiles): boolean {
  const stem = path.replace(/\.[cm]?[jt]sx?$/, "");
  for (const known of files.tree.blobs.keys())
    if (known.startsWith(`${stem}.`) || known.startsWith(`${path}/`)) return true;
  return stem === "";
}

function entry(found: readonly string[], name: string | undefined): Resolution {
  const types = found.filter((path) => /\.d\.[cm]?ts$/.test(path));
  const runtime = found.filter((path) => !types.includes(path));
  return { kind: "entry", entry: { runtime, types, isOpen: false }, package: name };
}

/** `#x`: the nearest manifest's `imports`. */
async function imported(specifier: string, from: string, { files }: Resolver): Promise<Resolution> {
  for (const folder of isInstalled(from) ? [] : foldersUp(folderOf(from))) {
    const manifest = await manifestIn(folder, files);
    if (!manifest) continue;
    const leaves = exportLeaves(manifest.imports, specifier);
    const found = await Promise.all(leaves.map((leaf) => fileFor(below(folder, leaf), files)));
    const there = found.flat();
    return there.length > 0 && found.every((one) => one.length > 0) ? entry(there, undefined) : UNKNOWN;
  }
  return UNKNOWN;
}

async function byAlias(specifier: string, from: string, world: Resolver): Promise<Resolution | undefined> {
  const aliases = await world.aliasesOf(folderOf(from));
  const certain = aliased(specifier, aliases);
  for (const path of certain ?? loosePaths(specifier, aliases)) {
    const found = await fileFor(path, world.files);
    if (found.length > 0) return entry(found, undefined);
    if (hasVariant(path, world.files)) return UNKNOWN;
  }
  if (certain === undefined) return undefined;
  const [path] = certain;
  const isOurs = path !== undefined && !path.includes("node_modules") && !aliases.isOpen;
  return isOurs ? { kind: "no-module", path, package: undefined } : UNKNOWN;
}

async function byPackage(specifier: string, from: string, world: Resolver): Promise<Resolution> {
  const { name = "", sub } = PACKAGE.exec(specifier)?.groups ?? {};
  if (name === "") return UNKNOWN;
  const subpath = sub === undefined ? "." : `.${sub.replace(/\/$/, "")}`;
  const own = isInstalled(from) ? undefined : (await world.ownPackages()).get(name);
  if (own !== undefined) return inOwnPackage(name, subpath, { folder: own, world });
  const places = await packagePlaces(name, from, world);
  const [real, types] = places;
  if (!real && !types) return isInstalled(from) ? UNKNOWN : missing(name, from, world);
  return installedEntry(places, { subpath, specifier, name }, world.files);
}

async function installedEntry(
  places: readonly (Package | undefined)[],
  asked: { readonly subpath: string; readonly specifier: string; readonly name: string },
  files: ModuleFiles,
): Promise<Resolution> {
  const there: Entry[] = [];
  for (const place of places) {
    const found = place && (await packageEntry(place, asked.subpath, files));
    if (found) there.push(found);
  }
  const isMissing = there.length === 0 && places[0] !== undefined && asked.subpath !== ".";
  if (isMissing) return { kind: "no-module", path: asked.specifier, package: asked.name };
  if (there.length === 0) return UNKNOWN;
  const entry: Entry = {
    runtime: there.flatMap((one) => one.runtime),
    types: there.flatMap((one) => one.types),
    isOpen: there.some((one) => one.isOpen),
  };
  return { kind: "entry", entry, package: asked.name };
}

/** A workspace's manifest often names what a build will make: what is not there is not known. */
async function inOwnPackage(
  name: string,
  subpath: string,
  { folder, world }: { readonly folder: string; readonly world: Resolver },
): Promise<Resolution> {
  const manifest = (await manifestIn(folder, world.files)) ?? {};
  const found = await packageEntry({ name, folder, manifest }, subpath, world.files);
  return found && !found.isOpen ? { kind: "entry", entry: found, package: undefined } : UNKNOWN;
}

/** The installed package and the one with its types, as code in `from` gets them. */
async function packagePlaces(name: string, from: string, world: Resolver): Promise<readonly (Package | undefined)[]> {
  const declared = `@types/${name.startsWith("@") ? name.slice(1).replace("/", "__") : name}`;
  return Promise.all([name, declared].map((one) => installedPackageOf(one, from, world)));
}

async function installedPackageOf(name: string, from: string, world: Resolver): Promise<Package | undefined> {
  for (const modules of moduleFolders(from, world)) {
    const place = `${modules}/${name}`;
    if (!(await world.files.isFolder(place))) continue;
    const folder = await world.installed.real(place);
    return { name, folder, manifest: (await manifestIn(folder, world.files)) ?? {} };
  }
  return undefined;
}

function moduleFolders(from: string, { files }: Resolver): readonly string[] {
  if (!isInstalled(from))
    return foldersUp(folderOf(from)).flatMap((folder) =>
      files.dependencies.filter(({ place }) => place === inFolder(folder, "node_modules")).map(({ source }) => source),
    );
  const parts = folderOf(from).split("/");
  return parts.map((_, index) => `${parts.slice(0, parts.length - index).join("/")}/node_modules`);
}

async function packagesOfTree(files: ModuleFiles): Promise<ReadonlyMap<string, string>> {
  const paths = [...files.tree.blobs.keys()].filter((path) => /(^|\/)package\.json$/.test(path));
  const named = await Promise.all(
    paths.map(async (path) => [(await manifestIn(folderOf(path), files))?.name, folderOf(path)] as const),
  );
  return new Map(named.filter((one): one is readonly [string, string] => typeof one[0] === "string"));
}

const SECTIONS = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies", "bundleDependencies"];

/** Missing only where it can be known: a manifest is there, and what it asks for is installed. */
async function missing(name: string, from: string, world: Resolver): Promise<Resolution> {
  const above = foldersUp(folderOf(from));
  const manifests = (await Promise.all(above.map((folder) => manifestIn(folder, world.files)))).filter(
    (one) => one !== undefined,
  );
  if (manifests.length === 0) return UNKNOWN;
  const listed = new Set(manifests.flatMap(dependenciesOf));
  if (listed.has(name) || listed.has(`@types/${name}`)) return UNKNOWN;
  const isInstalledSomewhere = moduleFolders(from, world).length > 0;
  if (listed.size > 0 && !isInstalledSomewhere) return UNKNOWN;
  return { kind: "no-package", name, known: [...listed] };
}

function dependenciesOf(manifest: Table): readonly string[] {
  return SECTIONS.flatMap((section) => Object.keys(tableOf(manifest[section]) ?? {}));
}
