import { createRequire } from "node:module";
import { boundedCache } from "../bounded-cache.ts";
import { moduleFacts } from "./module-facts.ts";
import type { ModuleFiles } from "./module-files.ts";
import type { ModuleFacts } from "./module-offer.ts";
import type { Entry } from "./package-entry.ts";
import type { Resolution, ResolveModule } from "./resolve-module.ts";

/** Every name that a module offers, with what it passes on. */
export interface Offered {
  readonly names: ReadonlySet<string>;
  readonly isOpen: boolean;
  /** Written with `import` and `export`: it has a default export only when it says so. */
  readonly isModule: boolean;
  /** Only what runs is known: types may be declared where nobody can see it. */
  readonly onlyRuns?: boolean;
  /** JavaScript without declarations: it says nothing of types. */
  readonly isUntyped?: boolean;
}

/** A place in which a name stands. */
export interface NamedIn {
  readonly path: string;
  readonly local: string;
}

/** The exports of one tree's modules and of those installed. */
export interface ModuleExports {
  facts(path: string): Promise<ModuleFacts>;
  offered(path: string): Promise<Offered>;
  /** The file in which an exported name is declared, and what it is called there. */
  declared(path: string, name: string): Promise<NamedIn | undefined>;
  /** Where a file has one of its own names from. */
  imported(path: string, local: string): Promise<{ readonly specifier: string; readonly name: string } | undefined>;
}

export type FactsCache = ReturnType<typeof boundedCache<Promise<ModuleFacts>>>;

/** Facts of files that were parsed before, whatever the tree. */
export function factsCache(): FactsCache {
  return boundedCache<Promise<ModuleFacts>>(20_000);
}

const UNSEEN: Offered = { names: new Set(), isOpen: true, isModule: false };

/** Follows `export *` and re-exports from file to file. */
export function moduleExports(files: ModuleFiles, resolve: ResolveModule, cache: FactsCache): ModuleExports {
  const facts = (path: string): Promise<ModuleFacts> => {
    const key = files.key(path);
    const known = cache.get(key) ?? files.text(path).then((text) => moduleFacts(path, text));
    cache.set(key, known);
    return known;
  };
  const follow = { facts, resolve };
  const known = new Map<string, Promise<Offered>>();
  const offeredBy = async (path: string): Promise<Offered> => {
    const into: Gathered = { names: new Set(), seen: new Set(), isOpen: false };
    await gather(path, into, follow);
    return { names: into.names, isOpen: into.isOpen, isModule: (await facts(path)).isModule };
  };
  return {
    facts,
    offered(path) {
      const promise = known.get(path) ?? offeredBy(path);
      known.set(path, promise);
      return promise;
    },
    declared: (path, name) => declaredIn(path, name, follow),
    imported: async (path, local) => (await facts(path)).imported.get(local),
  };
}

interface Follow {
  readonly facts: (path: string) => Promise<ModuleFacts>;
  readonly resolve: ResolveModule;
}

async function gather(path: string, into: Gathered, follow: Follow): Promise<void> {
  if (into.seen.has(path)) return;
  into.seen.add(path);
  const own = await follow.facts(path);
  // `export *` passes everything on but the default.
  for (const name of own.names) if (name !== "default" || into.seen.size === 1) into.names.add(name);
  into.isOpen ||= own.isOpen;
  for (const specifier of own.stars) {
    const targets = await starTargets(specifier, path, follow.resolve);
    into.isOpen ||= targets === undefined;
    for (const name of targets?.names ?? []) into.names.add(name);
    for (const target of targets?.paths ?? []) await gather(target, into, follow);
  }
}

const LONGEST_CHAIN = 8;

async function declaredIn(
  path: string,
  name: string,
  follow: Follow,
  depth = LONGEST_CHAIN,
): Promise<NamedIn | undefined> {
  const own = await follow.facts(path);
  const passed = own.passed.get(name);
  const local = own.locals.get(name);
  if (passed === undefined && local !== undefined) return { path, local };
  if (depth === 0) return undefined;
  for (const one of passed ? [passed] : own.stars.map((specifier) => ({ specifier, name }))) {
    const target = firstFile(await follow.resolve(one.specifier, path));
    const found = target === undefined ? undefined : await declaredIn(target, one.name, follow, depth - 1);
    if (found) return found;
  }
  return undefined;
}

/** The file that says most about a module: its types before what runs. */
export function firstFile(resolution: Resolution): string | undefined {
  return resolution.kind === "entry" ? [...resolution.entry.types, ...resolution.entry.runtime][0] : undefined;
}

interface Gathered {
  readonly names: Set<string>;
  readonly seen: Set<string>;
  isOpen: boolean;
}

interface StarTargets {
  readonly paths: readonly string[];
  readonly names: Iterable<string>;
}

async function starTargets(specifier: string, from: string, resolve: ResolveModule): Promise<StarTargets | undefined> {
  const resolution = await resolve(specifier, from);
  if (resolution.kind === "builtin") return { paths: [], names: builtinNames(resolution.name) };
  if (resolution.kind !== "entry" || resolution.entry.isOpen) return undefined;
  const paths = allFiles(resolution.entry);
  return paths.length === 0 ? undefined : { paths, names: [] };
}

function allFiles(entry: Entry): readonly string[] {
  return [...new Set([...entry.types, ...entry.runtime])];
}

/** All that an entry offers: what the types say and what runs. TypeScript code may rely on the types alone. */
export async function entryOffers(entry: Entry, from: string, modules: ModuleExports): Promise<Offered> {
  const [types, runtime] = await Promise.all([offersOf(entry.types, modules), offersOf(entry.runtime, modules)]);
  const names = new Set([...types.names, ...runtime.names]);
  const isModule = runtime.isModule || (entry.runtime.length === 0 && types.isModule);
  if (entry.isOpen || entry.types.length + entry.runtime.length === 0) return UNSEEN;
  const isTyped = entry.types.length > 0 && !types.isOpen && /\.[cm]?tsx?$/.test(from);
  const isRunClosed = entry.runtime.length > 0 && !runtime.isOpen;
  const isUntyped = entry.types.length === 0 && entry.runtime.every((path) => /\.[cm]?jsx?$/.test(path));
  return { names, isModule, isOpen: !(isTyped || isRunClosed), onlyRuns: types.isOpen, isUntyped };
}

async function offersOf(paths: readonly string[], modules: ModuleExports): Promise<Offered> {
  const offers = await Promise.all(paths.map((path) => modules.offered(path)));
  return {
    names: new Set(offers.flatMap(({ names }) => [...names])),
    isOpen: offers.some(({ isOpen }) => isOpen),
    isModule: offers.length > 0 && offers.every(({ isModule }) => isModule),
  };
}

const builtins = new Map<string, ReadonlySet<string>>();

/** What one of Node's own modules offers when it runs, by asking it. */
export function builtinNames(name: string): ReadonlySet<string> {
  const known = builtins.get(name);
  if (known) return known;
  const names = new Set(["default", ...namesOf(createRequire(import.meta.url)(`node:${name}`))]);
  builtins.set(name, names);
  return names;
}

/** The names on a value and what it inherits from. */
export function namesOf(value: unknown): readonly string[] {
  const names: string[] = [];
  for (
    let at = value;
    at !== null && (typeof at === "object" || typeof at === "function");
    at = Object.getPrototypeOf(at)
  )
    names.push(...Object.getOwnPropertyNames(at));
  return names;
}
