/**
 * Puts the command line and what it loads at every start into a few files: of half a thousand small modules, reading and
 * linking cost more than running. What is native, large and rare, or a program of its own stays where it is.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** Packages that go into the bundle, with all that they load; every other one is loaded from node_modules. */
const BUNDLED = [
  "@ai-sdk",
  "@noble/hashes",
  "ai",
  "commander",
  "diff",
  "ollama-ai-provider-v2",
  "picocolors",
  "picomatch",
  "yaml",
  "zod",
];

/** Those of them that may be loaded with `import()`: packages of modules. Of a CommonJS one only `default` would be left. */
const MODULES = ["@ai-sdk", "ai", "ollama-ai-provider-v2"];

/** What stands at the head of every file: CommonJS packages among the bundled ones ask for Node's own modules. */
const HEAD =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

/**
 * Bundles `dist/apps/cli/main.js` into `dist/bundle/` and lets it start from there; false where the bundler is not
 * installed (no development packages): then the modules ship one by one, and start more slowly.
 */
export async function bundle(dist) {
  const esbuild = await import("esbuild").catch(() => undefined);
  if (esbuild === undefined) return false;
  const main = join(dist, "apps/cli/main.js");
  const out = join(dist, "bundle");
  const { metafile } = await esbuild.build({
    entryPoints: [main],
    outdir: out,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    banner: { js: HEAD },
    legalComments: "linked",
    metafile: true,
    logLevel: "error",
    plugins: [others, whereItStood(dist, out)],
  });
  refuseLostNames(metafile);
  writeFileSync(main, '#!/usr/bin/env node\nimport "../../bundle/main.js";\n');
  return true;
}

/** @throws when a package that we load with `import()` lost the names that it exports */
function refuseLostNames({ inputs, outputs }) {
  const ours = Object.entries(inputs).filter(([path]) => !path.includes("node_modules"));
  const loaded = ours.flatMap(([, { imports }]) => imports.filter((one) => one.kind === "dynamic-import"));
  const asked = new Set(loaded.map((one) => one.path).filter((path) => path.includes("node_modules")));
  const lost = Object.values(outputs).filter(
    ({ entryPoint, exports }) => asked.has(entryPoint) && exports.join() === "default",
  );
  if (lost.length === 0) return;
  throw new Error(`loaded with import(), but not packages of modules: ${lost.map((one) => one.entryPoint).join(", ")}`);
}

const others = {
  name: "others",
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, importer, kind }) => {
      if (importer.split(sep).includes("node_modules")) return undefined;
      const wanted = kind === "dynamic-import" ? MODULES : BUNDLED;
      const isBundled = wanted.some((name) => path === name || path.startsWith(`${name}/`));
      return isBundled ? undefined : { path, external: true };
    });
  },
};

/** A module that asks where it stands is told its old place, so that what lies beside it is found. */
function whereItStood(dist, out) {
  return {
    name: "where-it-stood",
    setup(build) {
      build.onLoad({ filter: /[.]js$/ }, ({ path }) => {
        if (relative(dist, path).startsWith("..") || path.split(sep).includes("node_modules")) return undefined;
        const place = JSON.stringify(relative(out, path).split(sep).join("/"));
        const text = readFileSync(path, "utf8").replaceAll(
          "import.meta.url",
          `new URL(${place}, import.meta.url).href`,
        );
        return { contents: text, loader: "js" };
      });
    },
  };
}
