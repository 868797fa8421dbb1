import { nearestWord } from "../../../../domain/nearest-word.ts";
import { instead, type SymbolFinding } from "./finding.ts";
import type { JavaScriptWorld, LookedAt } from "./javascript-world.ts";
import { builtinNames, entryOffers, type Offered } from "./module-exports.ts";
import type { Resolution } from "./resolve-module.ts";
import type { Import, Wanted } from "./source-model.ts";

/** What a module that was found offers, and how people call it. */
export interface Source {
  readonly offered: Offered;
  readonly where: string;
  /** It comes with a package or with Node. */
  readonly isInstalled: boolean;
}

/** Imports that lead nowhere, and names that the imported module does not offer. */
export async function importFindings(file: LookedAt, world: JavaScriptWorld): Promise<readonly SymbolFinding[]> {
  const found: SymbolFinding[] = [];
  for (const one of file.facts.imports) {
    if (one.isTried) continue;
    const resolution = await world.resolve(one.specifier, file.path);
    const missing = await missingModule(one, resolution, { file, world });
    if (missing) found.push(missing);
    else found.push(...(await missingNames(one, resolution, { file, world })));
  }
  return found;
}

interface Room {
  readonly file: LookedAt;
  readonly world: JavaScriptWorld;
}

async function missingModule(one: Import, resolution: Resolution, room: Room): Promise<SymbolFinding | undefined> {
  const { file, world } = room;
  if (resolution.kind !== "no-module" && resolution.kind !== "no-package") return undefined;
  if ((await world.said.augments(one.specifier)) || (await world.said.aliases(one.specifier))) return undefined;
  const at = { path: file.path, start: one.start };
  if (resolution.kind === "no-package") {
    if (shadowsFolder(resolution.name, world)) return undefined;
    const names = [...resolution.known, ...(await installedNames(world))];
    const message = `The package \`${resolution.name}\` is neither installed nor in package.json.${instead(resolution.name, names)}`;
    return { ...at, code: "package-missing", message };
  }
  if (resolution.package !== undefined) {
    const message = `The package \`${resolution.package}\` is installed and has no \`${one.specifier}\`: it is neither among its exports nor among its files.`;
    return { ...at, code: "package-module-missing", message };
  }
  if ((await world.said.ignores(resolution.path)) || (await isWrittenBefore(one.specifier, room))) return undefined;
  return { ...at, code: "module-missing", message: missingPath(one.specifier, resolution.path, world) };
}

/** `writeFile(join(dir, "made.js"), …)` and then `require("./made")`: the file names it as the file that it writes. */
async function isWrittenBefore(specifier: string, { file, world }: Room): Promise<boolean> {
  const stem = (specifier.split("/").at(-1) ?? "").replace(/\.[cm]?[jt]sx?$/, "");
  const text = (await world.files.text(file.path)) ?? "";
  const named = text.matchAll(/["'`]([^"'`\n]*)["'`]/g);
  return [...named].some(([, one = ""]) => one !== specifier && /^[\w/-]/.test(one) && fileNamed(one) === stem);
}

function fileNamed(path: string): string | undefined {
  return /(?:^|\/)([\w.-]+)\.[cm]?[jt]sx?$/.exec(path)?.[1];
}

/** A bundler may be told to look for modules in folders of the repository. */
function shadowsFolder(name: string, { files }: JavaScriptWorld): boolean {
  const [first = ""] = name.split("/");
  for (const path of files.tree.blobs.keys())
    if (
      path.startsWith(`${first}/`) ||
      path.includes(`/${first}/`) ||
      path.includes(`/${first}.`) ||
      path.startsWith(`${first}.`)
    )
      return true;
  return false;
}

async function installedNames({ files }: JavaScriptWorld): Promise<readonly string[]> {
  const { readdir } = await import("node:fs/promises");
  const listed = await Promise.all(files.dependencies.map(({ source }) => readdir(source).catch(() => [])));
  return listed.flat().filter((name) => /^[a-z]/i.test(name));
}

function missingPath(specifier: string, path: string, { files }: JavaScriptWorld): string {
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) : "";
  const beside = [...files.tree.blobs.keys()].filter((one) => one.startsWith(folder) && /\.[cm]?[jt]sx?$/.test(one));
  const stems = new Map(beside.map((one) => [one.replace(/(\.d)?\.[cm]?[jt]sx?$/, ""), one]));
  const near = instead(path.replace(/\.[cm]?[jt]sx?$/, ""), stems.keys());
  const hint = near.startsWith(" Did")
    ? near.replace(/mean (.*)\?$/, (_all, stem: string) => `mean ${stems.get(stem)}?`)
    : "";
  return `\`${specifier}\` leads to ${path}, and there is no such file.${hint}`;
}

/** What the module behind an import offers; undefined when that is not known. */
export async function sourceOf(
  resolution: Resolution,
  from: string,
  world: JavaScriptWorld,
): Promise<Source | undefined> {
  if (resolution.kind === "builtin") {
    const offered = { names: builtinNames(resolution.name), isOpen: false, isModule: false };
    return { offered, where: `node:${resolution.name}`, isInstalled: true };
  }
  if (resolution.kind !== "entry") return undefined;
  const { entry } = resolution;
  const offered = await entryOffers(entry, from, world.modules);
  const shown = [...entry.types, ...entry.runtime].map((path) => world.files.shown(path))[0] ?? "";
  return offered.isOpen ? undefined : { offered, where: shown, isInstalled: resolution.package !== undefined };
}

async function missingNames(one: Import, resolution: Resolution, room: Room): Promise<readonly SymbolFinding[]> {
  if (one.wanted.length === 0) return [];
  const source = await sourceOf(resolution, room.file.path, room.world);
  if (!source) return [];
  const { names } = source.offered;
  const missing = one.wanted.filter(
    (wanted) => !names.has(wanted.name) && isCertain(wanted, one, { source, resolution, room }),
  );
  if (missing.length === 0 || (await room.world.said.augments(one.specifier))) return [];
  return missing.map((wanted) => ({
    path: room.file.path,
    start: wanted.start,
    code: source.isInstalled ? "package-export-missing" : "export-missing",
    message: missingText(wanted.name, one.specifier, source),
  }));
}

interface Certainty {
  readonly source: Source;
  readonly resolution: Resolution;
  readonly room: Room;
}

function isCertain(wanted: Wanted, one: Import, { source, resolution, room }: Certainty): boolean {
  if (wanted.local !== undefined && room.file.facts.asked.has(wanted.local)) return false;
  // The default of a module that is not written as one is the whole of it; bundlers give one to others too.
  if (wanted.name === "default") return source.offered.isModule && !source.isInstalled && one.style === "import";
  if (wanted.name === "__esModule" || (one.style === "require" && wanted.name in Object.prototype)) return false;
  if (resolution.kind !== "builtin" && source.offered.onlyRuns !== true)
    return !(wanted.isType && source.offered.isUntyped === true);
  if (isProbe(wanted, one, resolution) && nearestWord(wanted.name, [...source.offered.names]) === undefined)
    return false;
  return isRunHere(wanted, room.file);
}

/** Types of Node's own modules, and of some others, are declared elsewhere: only a value that is used must be there when it runs. */
function isRunHere(wanted: Wanted, file: LookedAt): boolean {
  return !/\.[cm]?tsx?$/.test(file.path) || (!wanted.isType && isUsedAsValue(wanted, file));
}

/** `require("module").newer?.()`: a newer Node, or whoever takes the module's place, may have it. */
function isProbe(wanted: Wanted, one: Import, resolution: Resolution): boolean {
  return one.style === "require" && wanted.local === undefined && resolution.kind === "builtin";
}

function isUsedAsValue(wanted: Wanted, { facts }: LookedAt): boolean {
  return facts.used.some(({ name }) => name === wanted.local);
}

function missingText(name: string, specifier: string, { offered, where }: Source): string {
  const what = name === "default" ? "has no default export" : `does not export \`${name}\``;
  return `\`${specifier}\` (${where}) ${what}.${instead(name, offered.names)}`;
}
