/**
 * Writes the committed files that follow from the sources. `--check` writes nothing and names what is stale.
 *
 * A generator is scripts/generators/<name>.mjs:
 *   export const owns = ["schemas/"];                     folders in which nothing else may live (or single files)
 *   export async function generate({ root, load }) {…}    -> { "schemas/plan.json": "content\n", … }
 * `load("domain/plan.js")` imports the compiled src/domain/plan.ts; it answers undefined when there is no such file.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { compile, filesUnder, root, shippedSources } from "./house.mjs";

const HOUR = 3_600_000;
const KINDS = { missing: "is missing", differs: "differs from its source", extra: "is written by no generator" };

/** A folder with the sources compiled as they are now. One folder a state of the sources, so two runs never meet. */
function compiledSources() {
  const state = createHash("sha256");
  for (const path of [...shippedSources(), "tsconfig.json", "tsconfig.build.json"]) {
    const { mtimeMs, size } = statSync(join(root, path));
    state.update(`${path} ${mtimeMs} ${size}\n`);
  }
  const shelf = join(root, "tmp/generate");
  const folder = join(shelf, state.digest("hex").slice(0, 16));
  if (existsSync(folder)) return folder;

  mkdirSync(shelf, { recursive: true });
  for (const name of readdirSync(shelf)) {
    const made = statSync(join(shelf, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (Date.now() - made > HOUR) rmSync(join(shelf, name), { recursive: true, force: true });
  }
  const fresh = `${folder}.${process.pid}`;
  // Types are another tool's work: a file with a type error still generates.
  const compiled = compile(fresh, "--noCheck", "--declaration", "false");
  if (!existsSync(fresh)) throw new Error(`the sources do not compile:\n${compiled.stdout}${compiled.stderr}`);
  try {
    renameSync(fresh, folder);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

async function load(module) {
  if (!existsSync(join(root, "src", module.replace(/[.]js$/, ".ts")))) return undefined;
  return import(pathToFileURL(join(compiledSources(), module)).href);
}

/** path -> content of everything that should be there, and the places that belong to generators. */
async function wanted() {
  const files = new Map();
  const owned = [];
  for (const path of filesUnder("scripts/generators").filter((name) => name.endsWith(".mjs"))) {
    const generator = await import(pathToFileURL(join(root, path)).href);
    owned.push(...generator.owns);
    for (const [name, content] of Object.entries(await generator.generate({ root, load }))) {
      if (!generator.owns.some((place) => name.startsWith(place))) throw new Error(`${path} does not own ${name}`);
      files.set(name, content);
    }
  }
  return { files, owned };
}

function staleFiles({ files, owned }) {
  const stale = [];
  for (const [path, content] of files) {
    const there = existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined;
    if (there !== content) stale.push({ path, kind: there === undefined ? "missing" : "differs" });
  }
  const kept = owned.flatMap((place) => (place.endsWith("/") ? filesUnder(place) : []));
  return [...stale, ...kept.filter((path) => !files.has(path)).map((path) => ({ path, kind: "extra" }))];
}

function write({ path, kind }, files) {
  const target = join(root, path);
  if (kind === "extra") return rmSync(target);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, files.get(path));
}

const all = await wanted();
const stale = staleFiles(all);
if (process.argv.includes("--check")) {
  for (const { path, kind } of stale) console.error(`${path} ${KINDS[kind]}`);
  if (stale.length > 0) console.error("Run: npm run generate");
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const file of stale) write(file, all.files);
  console.log(`${all.files.size} generated files, ${stale.length} of them changed`);
}
