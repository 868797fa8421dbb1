/**
 * The symbols gate on real code and on seeded hallucinations, as CSV on standard output:
 * kind,language,what,files,names,flagged,share,note
 *
 *   node bench/symbols.mjs [corruptions per operator]
 *
 * `real` looks at installed sources. Each flag is put to somebody else (bench/kit/symbols-oracle.*): the interpreter that imports
 * the module, the compiler, the file system. `there` is a false flag; `absent` is a name that really is missing in published code;
 * `undecided` could not be loaded here. `seeded` changes one name in a copy of a real file, where the syntax tree (Python) or a
 * pattern (TypeScript) says what it is; found means that a complaint names it. `held out` are packages that nobody looked
 * at while the gate was mended: those whose name has an odd digest.
 */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { product, root } from "./kit/house.mjs";
import { pythonOracle, scriptOracle } from "./kit/symbols-oracle.mjs";

const wanted = Number(process.argv[2] ?? 60);
const dist = join(await product(), "dist");
const load = (path) => import(pathToFileURL(join(dist, path)).href);
const { openAnalysis } = await load("adapters/analysis/local/open-analysis.js");
const { Config } = await load("domain/config.js");
const { openNone } = await load("adapters/sandbox/none/open-none.js");
const home = realpathSync(mkdtempSync(join(tmpdir(), "millwright-symbols-")));
const modules = join(root, "node_modules");

const SKIPPED = new Set(["node_modules", ".git", "__pycache__", "tmp"]);
function filesIn(dir, within = "") {
  return readdirSync(join(dir, within), { withFileTypes: true }).flatMap((entry) => {
    const path = within ? `${within}/${entry.name}` : entry.name;
    if (SKIPPED.has(entry.name) || (dir === root && path === "dist")) return [];
    if (entry.isDirectory()) return filesIn(dir, path);
    return entry.isFile() ? [path] : [];
  });
}

/** A folder of this machine as a tree, with files laid over it. */
function treeOf(dir, over = {}) {
  const files = [...new Set([...filesIn(dir), ...Object.keys(over)])];
  const text = (path) => over[path] ?? readFileSync(join(dir, path), "utf8");
  const blob = (path) =>
    createHash("sha1")
      .update(`${dir}/${path}`)
      .update(over[path] ?? "")
      .digest("hex");
  const git = {
    list: async () => files.map((path) => ({ path, blob: blob(path), mode: "100644" })),
    read: async (_tree, path) => text(path),
    readBlob: async () => "",
    changes: async () => [],
    export: async () => {
      throw new Error("no export is needed");
    },
  };
  return { git, files, text };
}

async function look(dir, tree, paths) {
  const dependencies = [join(dir, "node_modules"), modules].map((source) => ({ source, place: "node_modules" }));
  const config = Config.parse({});
  const analysis = await openAnalysis({
    config,
    git: tree.git,
    sandbox: openNone(),
    dependencies: async () => dependencies,
    cacheDir: home,
  });
  try {
    return (await analysis.diagnose("symbols", dir, paths)).diagnostics;
  } finally {
    await analysis.close();
  }
}

const isScript = (path) => /\.[cm]?[jt]sx?$/.test(path) && !/\.d\.[cm]?ts$/.test(path);
const isPython = (path) => path.endsWith(".py") && !/(^|\/)(lib2to3|idlelib|test|tests)\//.test(path);
const importedNames = (text) =>
  [
    ...text.matchAll(
      /\bimport\s[^;'"]*?\{([^}]*)\}|(?:const|let|var)\s*\{([^}]*)\}\s*=\s*require|^\s*from\s+\S+\s+import\s+([^#\n(]+|\([^)]*\))/gm,
    ),
  ].reduce(
    (sum, found) => sum + (found[1] ?? found[2] ?? found[3]).split(",").filter((one) => /\w/.test(one)).length,
    0,
  );

const row = (...cells) => console.log(cells.join(","));

const isHeldOut = (name) => createHash("sha1").update(name).digest()[0] % 2 === 1;

async function real(language, what, dirs, fits) {
  let [files, names] = [0, 0];
  const flags = [];
  let seconds = 0;
  for (const dir of dirs) {
    const tree = treeOf(dir);
    const paths = tree.files.filter(fits);
    if (paths.length === 0) continue;
    files += paths.length;
    for (const path of paths) names += importedNames(tree.text(path));
    const start = performance.now();
    const found = await look(dir, tree, paths);
    seconds += (performance.now() - start) / 1000;
    const words = await (language === "python" ? pythonOracle(dir, found) : scriptOracle(dir, found));
    for (const [at, one] of found.entries()) flags.push({ ...one, dir, word: words[at] });
  }
  const count = (word) => flags.filter((flag) => flag.word === word).length;
  for (const { dir, path, line, code, message, word } of flags.filter((flag) => flag.word !== "absent"))
    console.log(`# ${word}: ${dir.split("/").at(-1)}/${path}:${line} ${code} ${message.slice(0, 110)}`);
  const note = `absent ${count("absent")}; there ${count("there")}; undecided ${count("undecided")}; ${((seconds / files) * 1000).toFixed(1)} s per 1000 files`;
  row("real", language, what, files, names, flags.length, (count("there") / Math.max(1, names)).toFixed(5), note);
}

/** Mulberry32: the same mutations every time. */
function drawn(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const SYNONYMS = {
  get: "fetch",
  create: "make",
  parse: "decode",
  is: "check",
  read: "load",
  write: "store",
  add: "append",
  open: "start",
  find: "search",
  to: "into",
  of: "for",
  run: "execute",
  has: "contains",
  set: "assign",
};
const typo = (name) =>
  name.length < 4 ? `${name}${name.at(-1)}` : `${name.slice(0, 2)}${name[3]}${name[2]}${name.slice(4)}`;
const synonym = (name) => {
  const known = Object.keys(SYNONYMS).find((word) => name.startsWith(word) && /[A-Z_]|$/.test(name[word.length] ?? ""));
  return known ? SYNONYMS[known] + name.slice(known.length) : `${name}${name.includes("_") ? "_all" : "Async"}`;
};

const JAVASCRIPT = {
  "import of a name": /\bimport\s+\{\s*(?:type\s+)?(?<name>\w{4,})/g,
  "import of a module": /\bfrom\s+"(?:\.{1,2}\/)+(?:[\w-]+\/)*(?<name>[\w-]{4,})\.\w+"/g,
  "import of a package": /\bfrom\s+"(?!node:|\.)(?<name>[\w-]{3,})"/g,
  "member of a module": /(?<![.\w])(?<object>path|fs|os|util|ts|picomatch)\.(?<name>\w{4,})\(/g,
  "member of the language": /(?<![.\w])(?:Math|JSON|Object|Array|Promise|Number)\.(?<name>\w{3,})\(/g,
  "call of a function": /(?<=[=(,]\s|return |await )(?<name>[a-z]\w{5,})\(/g,
};
/** Copies of files, each with one name changed. */
function mutants(tree, paths, operators) {
  const draw = drawn(7);
  const made = [];
  for (const [operator, pattern] of Object.entries(operators)) {
    const places = paths.flatMap((path) => [...tree.text(path).matchAll(pattern)].map((found) => ({ path, found })));
    for (let count = 0; count < wanted && places.length > 0; ) {
      const [place] = places.splice(Math.floor(draw() * places.length), 1);
      const one = changed(tree.text(place.path), place.found, count % 2 === 0 ? typo : synonym);
      if (one === undefined) continue;
      made.push({ operator, path: place.path, copy: place.path.replace(/(\.\w+)$/, `__${made.length}$1`), ...one });
      count += 1;
    }
  }
  return made;
}

/** The text with another name at one place; undefined where that name exists, or where nothing is said of a module. */
function changed(text, found, change) {
  const { name, object } = found.groups;
  const other = change(name);
  if (other === name || new RegExp(`\\b${other}\\b`).test(text)) return undefined;
  if (object && !new RegExp(`import\\s+(?:\\*\\s+as\\s+)?${object}\\b`).test(text)) return undefined;
  const at = found.index + found[0].lastIndexOf(name);
  return { other, text: text.slice(0, at) + other + text.slice(at + name.length) };
}

/** The same for Python, where the interpreter's own syntax tree says what a name is. */
function pythonMutants(tree, paths) {
  const input = JSON.stringify({
    files: Object.fromEntries(paths.map((path) => [path, tree.text(path)])),
    wanted,
    seed: 7,
  });
  const program = fileURLToPath(new URL("./kit/python-corruptions.py", import.meta.url));
  const { stdout } = spawnSync("python3", ["-I", program], { input, encoding: "utf8", maxBuffer: 1 << 30 });
  return JSON.parse(stdout).map((one, at) => ({ ...one, copy: one.path.replace(/(\.\w+)$/, `__${at}$1`) }));
}

async function seeded(language, what, { dir, fits }) {
  const tree = treeOf(dir);
  const paths = tree.files.filter(fits).filter((path) => tree.text(path).length < 60_000);
  const made = language === "python" ? pythonMutants(tree, paths) : mutants(tree, paths, JAVASCRIPT);
  const over = Object.fromEntries(made.map(({ copy, text }) => [copy, text]));
  const mutated = treeOf(dir, over);
  const found = await look(dir, mutated, [...new Set(made.flatMap(({ copy, path }) => [copy, path]))]);
  const isHit = ({ copy, other }) => found.some((one) => one.path === copy && one.message.includes(other));
  const hits = made.filter(isHit);
  const missed = made.filter((one) => !isHit(one)).map(({ path, other, operator }) => `${operator}: ${path} ${other}`);
  for (const operator of new Set(made.map((one) => one.operator))) {
    const all = made.filter((one) => one.operator === operator).length;
    const seen = hits.filter((one) => one.operator === operator).length;
    row("seeded", language, `${operator} (${what})`, paths.length, all, seen, all ? (seen / all).toFixed(3) : "", "");
  }
  row(
    "seeded",
    language,
    `all (${what})`,
    paths.length,
    made.length,
    hits.length,
    (hits.length / made.length).toFixed(3),
    "the paper: 0.876",
  );
  if (what !== "held out") for (const one of missed.slice(0, 40)) console.log(`# missed: ${one}`);
}

try {
  row("kind", "language", "what", "files", "names", "flagged", "share", "note");
  const packages = readdirSync(modules)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) => (name.startsWith("@") ? readdirSync(join(modules, name)).map((one) => join(name, one)) : [name]))
    .map((name) => realpathSync(join(modules, name)))
    .filter((dir) => dir.startsWith(modules));
  const debian = "/usr/lib/python3/dist-packages";
  const mended = /^(httpx|click|jinja2|anyio|starlette|fastapi|h11|itsdangerous|markdown_it)\//;
  const foreign = (path) => isPython(path) && path.includes("/") && !mended.test(path) && !/(^|\/)_vendor\//.test(path);
  const isOwn = (path) => path.startsWith("src/") && isScript(path) && !path.endsWith(".test.ts");
  await seeded("typescript", "mended on", { dir: root, fits: isOwn });
  const zod = packages.find((dir) => dir.endsWith("/zod"));
  if (zod)
    await seeded("typescript", "held out", { dir: zod, fits: (path) => path.startsWith("src/") && isScript(path) });
  await seeded("python", "mended on", { dir: debian, fits: (path) => isPython(path) && mended.test(path) });
  await seeded("python", "held out", { dir: debian, fits: (path) => foreign(path) && isHeldOut(path.split("/")[0]) });
  await real("javascript", "our own sources and tests", [root], (path) => isScript(path) && !path.startsWith("bench/"));
  for (const [what, held] of [
    ["mended on", false],
    ["held out", true],
  ]) {
    const some = packages.filter((dir) => isHeldOut(dir.split("/node_modules/")[1]) === held);
    await real("javascript", `npm packages (${what})`, some, isScript);
    const fits = (path) => isPython(path) && isHeldOut(path.split("/")[0]) === held;
    await real("python", `Debian's packages (${what})`, [debian], fits);
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
