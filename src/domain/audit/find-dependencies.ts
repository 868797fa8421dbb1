import { type FinderReport, reportOfSignals, type Signal, signalAt, weights } from "./signal.ts";
import type { SourceFile } from "./source.ts";

/** A manifest with the packages that it declares; `runtime`: those that its users get too. */
export interface Manifest {
  readonly file: SourceFile;
  readonly language: "javascript" | "python";
  readonly declared: readonly string[];
  readonly runtime: readonly string[];
  /** Its own name, which its own files may import. */
  readonly name: string;
}

/** Everything beside code that may use a package: scripts, configs, documents of tools. */
export interface DependencyFacts {
  readonly manifests: readonly Manifest[];
  readonly files: readonly SourceFile[];
  /** Text of configs and manifests, in which a package may be named without being imported. */
  readonly around: string;
  /** Modules that come with Node or Python. */
  readonly builtin: ReadonlySet<string>;
}

/** Declared and used nowhere, used and declared nowhere. */
export function findDependencies(facts: DependencyFacts): FinderReport {
  const { manifests } = facts;
  if (manifests.length === 0) return reportOfSignals("dependencies", "no manifest was found", []);
  const signals = [
    ...manifests.filter(({ language }) => language === "javascript").flatMap((one) => unusedIn(one, facts)),
    ...undeclared(facts),
  ];
  return reportOfSignals("dependencies", manifests.map(({ file }) => file.path).join(", "), signals);
}

const TYPES = /^@types\//;

function unusedIn(manifest: Manifest, { files, around }: DependencyFacts): readonly Signal[] {
  const used = new Set(
    files.filter(({ path }) => below(path, manifest)).flatMap((file) => specifiersIn(file).map(packageOf)),
  );
  return manifest.declared
    .filter((name) => !used.has(name) && !TYPES.test(name) && !isNamedIn(around, name) && !isTool(name))
    .map((name) => {
      const isRuntime = manifest.runtime.includes(name);
      const claim = `${name} is declared${isRuntime ? "" : " for development"} and no file imports or names it.`;
      const said = { by: "dependencies", kind: "debt", claim } as const;
      const place = { file: manifest.file, from: lineWith(manifest.file, `"${name}"`) };
      return signalAt(place, { ...said, weights: weights(isRuntime ? "medium" : "low", "small", "low", "medium") });
    });
}

/** Programs that are started and not imported: nobody can tell from the code whether they are. */
function isTool(name: string): boolean {
  return /(?:^|[/-])(?:typescript|eslint|prettier|biome|husky|lint-staged|jest|vitest|mocha|tsx|ts-node|rimraf|nodemon|tap|c8|nyc|standard|tsd|cli)(?:$|[/-])/.test(
    name,
  );
}

function undeclared({ files, manifests, builtin }: DependencyFacts): readonly Signal[] {
  const seen = new Set<string>();
  return files
    .filter(({ path }) => /\.(?:[cm]?[jt]sx?)$/.test(path))
    .flatMap((file) => {
      const above = manifests.filter((one) => one.language === "javascript" && below(file.path, one));
      if (above.length === 0) return [];
      const known = new Set(above.flatMap(({ declared, name }) => [...declared, name]));
      return specifiersIn(file)
        .map(packageOf)
        .filter((name) => name !== "" && !known.has(name) && !known.has(`@types/${name}`) && !builtin.has(name))
        .filter((name) => !seen.has(name) && Boolean(seen.add(name)))
        .map((name) => undeclaredSignal(file, name));
    });
}

function undeclaredSignal(file: SourceFile, name: string): Signal {
  const claim = `${name} is imported and no manifest declares it.`;
  const grades = file.isTest ? weights("low", "small", "low", "medium") : weights("medium", "small", "low", "high");
  const at = file.text
    .split(/\r?\n/)
    .findIndex((line) => /\b(?:import|from|require)\b/.test(line) && line.includes(name));
  return signalAt({ file, from: at < 0 ? 1 : at + 1 }, { by: "dependencies", kind: "bug", claim, weights: grades });
}

/** What a file imports, as written. */
export function specifiersIn({ path, text }: SourceFile): readonly string[] {
  if (!/\.(?:[cm]?[jt]sx?|vue|svelte)$/.test(path)) return [];
  const code = text.replace(/^\s*(?:\/\/|\*).*$/gm, "");
  const found = code.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire(?:\.resolve)?\s*\(\s*)["']([^"'\n]+)["']/g);
  return [...found].map((one) => one[1] ?? "");
}

/** `@scope/name/sub` is of `@scope/name`; empty for paths, aliases and Node's own modules. */
export function packageOf(specifier: string): string {
  if (/^(?:[./#~]|@\/|node:|bun:|https?:|\w:)/.test(specifier) || /[?!]/.test(specifier)) return "";
  const parts = specifier.split("/");
  const name = specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? "");
  return /^(?:@[a-z0-9-~][\w.~-]*\/)?[a-z0-9-~][\w.~-]*$/.test(name) ? name : "";
}

function below(path: string, { file }: Manifest): boolean {
  const folder = file.path.includes("/") ? file.path.slice(0, file.path.lastIndexOf("/") + 1) : "";
  return path.startsWith(folder);
}

function isNamedIn(around: string, name: string): boolean {
  return new RegExp(`(?<![\\w@/-])${name.replace(/[^\w@/-]/g, "\\$&")}(?![\\w-])`).test(around);
}

function lineWith({ text }: SourceFile, wanted: string): number {
  const at = text.split(/\r?\n/).findIndex((line) => line.includes(wanted));
  return at < 0 ? 1 : at + 1;
}

/** Reads a `package.json`; undefined when it is none. */
export function manifestOf(file: SourceFile): Manifest | undefined {
  try {
    const json = JSON.parse(file.text) as Readonly<Record<string, unknown>>;
    const names = (section: string) => Object.keys((json[section] as object | undefined) ?? {});
    const runtime = names("dependencies");
    const others = ["devDependencies", "peerDependencies", "optionalDependencies"].flatMap(names);
    const name = typeof json.name === "string" ? json.name : "";
    return { file, language: "javascript", declared: [...new Set([...runtime, ...others])], runtime, name };
  } catch {
    return undefined;
  }
}

/** A manifest's text without the lists of packages: what is left may name a package that something else starts. */
export function withoutLists(text: string): string {
  try {
    const json = JSON.parse(text) as Record<string, unknown>;
    for (const section of ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"])
      delete json[section];
    return JSON.stringify(json);
  } catch {
    return text;
  }
}
