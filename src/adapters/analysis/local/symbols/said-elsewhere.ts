import { boundedCache } from "../bounded-cache.ts";
import type { TreeFiles } from "../tree-files.ts";

/** What a repository says of modules and names outside of the code that imports them. */
export interface SaidElsewhere {
  /** The repository declares the module, or adds to it. */
  augments(specifier: string): Promise<boolean>;
  /** A bundler's or test runner's config speaks of the module: it may be an alias. */
  aliases(specifier: string): Promise<boolean>;
  /** A declaration file makes the name global. */
  declares(name: string): Promise<boolean>;
  /** The path is ignored by git: a build may make it. */
  ignores(path: string): Promise<boolean>;
}

const CONFIG =
  /(^|\/)((vite|vitest|webpack|rollup|jest|babel|metro|next|nuxt|astro|svelte|rspack|esbuild|tsup|karma|wdio|playwright|craco|config-overrides|snowpack|rsbuild|storybook|main)[\w.-]*\.[cm]?[jt]s|\.babelrc[\w.]*|jest[\w.-]*\.json|deno\.jsonc?|import[_-]?map\.json|package\.json|project\.json)$/;
const DECLARED_MODULE = /declare\s+module\s+(["'])(?<name>.+?)\1/g;
const DECLARED_NAME = /\b(?:var|let|const|function|class|enum|namespace)\s+([\w$]+)/g;

/** Reads declaration files and configs of one tree when the first doubt comes up. */
export function saidElsewhere(tree: TreeFiles): SaidElsewhere {
  const once = <Value>(look: () => Promise<Value>) => {
    let known: Promise<Value> | undefined;
    return () => {
      known ??= look();
      return known;
    };
  };
  const textsOf = async (fits: RegExp) =>
    Promise.all(
      [...tree.blobs.keys()].filter((path) => fits.test(path)).map(async (path) => (await tree.text(path)) ?? ""),
    );
  const declarations = once(() => textsOf(/\.d\.[cm]?ts$/));
  const augmentations = once(async () =>
    (await textsOf(/\.[cm]?tsx?$/)).filter(
      (text) => text.includes("declare module") || text.includes("declare global"),
    ),
  );
  const configs = once(async () => (await textsOf(CONFIG)).map(withoutImports));
  const ignored = once(async () => ignoreRules((await tree.text(".gitignore")) ?? ""));
  return {
    async augments(specifier) {
      const modules = (await augmentations()).flatMap((text) =>
        [...text.matchAll(DECLARED_MODULE)].map((found) => found.groups?.name ?? ""),
      );
      return modules.some((name) => matchesStar(name, specifier));
    },
    async aliases(specifier) {
      if (specifier.startsWith(".")) return false;
      const quoted = [specifier, specifier.split("/")[0] ?? ""].flatMap((name) => [`"${name}`, `'${name}`, `^${name}`]);
      return (await configs()).some((text) => quoted.some((one) => text.includes(one)));
    },
    async declares(name) {
      const texts = [...(await declarations()), ...(await augmentations())];
      return texts.some((text) => [...text.matchAll(DECLARED_NAME)].some((found) => found[1] === name));
    },
    async ignores(path) {
      return (await ignored())(path);
    },
  };
}

const IMPORTED = /\b(?:from|import|require\()\s*(["'])[^"'\n]*\1/g;
const DEPENDENCIES =
  /"(?:\w*[dD]ependencies|name|main|scripts|exports|files|overrides|resolutions)"\s*:\s*(?:\{[^{}]*\}|"[^"]*")/g;

/** What a config imports for itself, and what a manifest depends on, is no alias. */
function withoutImports(text: string): string {
  return text.replace(IMPORTED, "").replace(DEPENDENCIES, "");
}

function matchesStar(pattern: string, specifier: string): boolean {
  const [before = "", after] = pattern.split("*");
  return after === undefined ? pattern === specifier : specifier.startsWith(before) && specifier.endsWith(after);
}

const rules = boundedCache<(path: string) => boolean>(32);

/** Names of folders and files that `.gitignore` lists, wherever they are; its finer points make no difference here. */
function ignoreRules(text: string): (path: string) => boolean {
  const known = rules.get(text);
  if (known) return known;
  const lines = text.split("\n").map((line) => line.trim().replace(/^\/|\/$/g, ""));
  const names = new Set(lines.filter((line) => line !== "" && !/^[#!]|[*?[]/.test(line)));
  const made = (path: string) => {
    const parts = path.split("/");
    return parts.some((part, at) => names.has(part) || names.has(parts.slice(0, at + 1).join("/")));
  };
  rules.set(text, made);
  return made;
}
