/**
 * The symbols gate on real code and on seeded hallucinations, as CSV on standard output:
 * kind,language,what,files,names,flagged,share,note
 *
 *   node bench/symbols.mjs [corruptions per operator] [typescript,python,debian,npm,own]
 *
 * `real` looks at installed sources. Each flag is put to somebody else (bench/kit/symbols-oracle.*): the interpreter that imports
 * the module, the compiler, the file system. `there` is a false flag; `absent` is a name that really is missing in published code;
 * `undecided` could not be loaded here. `seeded` changes one name in a copy of a real file, where the syntax tree (Python) or a
 * pattern (TypeScript) says what it is; found means that a complaint names it. `held out` are packages that nobody looked
 * at while the gate was mended.
 *
 * It needs `npm ci` and a `python3`, and by itself measures what is there: our sources and zod, the packages of our node_modules, and of
 * five packages of Python those that this `python3` has; it says which it has not. For more:
 *
 * MILLWRIGHT_SYMBOLS_VENV: a virtual environment into which Debian's packages were unpacked (`apt-get download`, `dpkg-deb -x`);
 * MILLWRIGHT_SYMBOLS_HELD_OUT: which of its top-level modules; MILLWRIGHT_SYMBOLS_MODULES: a node_modules folder of somewhere else;
 * MILLWRIGHT_SYMBOLS_NPM: which of its packages.
 */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from "node:fs";
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
const modules = process.env.MILLWRIGHT_SYMBOLS_MODULES ?? join(root, "node_modules");
/** Where the Python packages are: a virtual environment into which they were unpacked, or Debian's own. */
const venv = process.env.MILLWRIGHT_SYMBOLS_VENV;
const python = pythonRoom();

/** The interpreter, and the folder of its packages: that of the virtual environment, or the first that it names itself. */
function pythonRoom() {
  const interpreter = venv ? join(venv, "bin/python") : "python3";
  const program = "import sys;print('\\n'.join(one for one in sys.path if one.endswith('-packages')))";
  const { stdout } = spawnSync(interpreter, ["-c", program], { encoding: "utf8" });
  const sites = (stdout ?? "").split("\n").filter((one) => one !== "");
  return { interpreter, site: sites.find((one) => (venv ? one.startsWith(venv) : true)) ?? sites[0] };
}

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
function treeOf(dir, over = {}, own = filesIn(dir)) {
  const files = [...new Set([...own, ...Object.keys(over)])];
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
  const folders = [join(dir, "node_modules"), modules].map((source) => ({ source, place: "node_modules" }));
  const environment = venv ? [{ source: venv, place: ".venv" }] : [];
  const dependencies = dir === python.site ? environment : folders;
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
const isPython = (path) => path.endsWith(".py") && !/(^|\/)(tests?|_vendor)\//.test(path);
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

/** Looks at projects as they are; each flag is put to the oracle, and printed unless that says `absent`. */
async function real(language, what, projects, fits) {
  let [files, names] = [0, 0];
  const flags = [];
  let seconds = 0;
  for (const { dir, files: own } of projects) {
    const tree = treeOf(dir, {}, own);
    const paths = tree.files.filter(fits);
    if (paths.length === 0) continue;
    files += paths.length;
    for (const path of paths) names += importedNames(tree.text(path));
    const start = performance.now();
    const found = await look(dir, tree, paths);
    seconds += (performance.now() - start) / 1000;
    const words = await (language === "python"
      ? pythonOracle(dir, found, python.interpreter)
      : scriptOracle(dir, found));
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

/** The same for Python, where the interpreter's own syntax tree says what a name is; each package is a project of its own. */
function pythonMutants(files) {
  const input = JSON.stringify({ files, wanted, seed: 7 });
  const program = fileURLToPath(new URL("./kit/python-corruptions.py", import.meta.url));
  const { stdout } = spawnSync("python3", ["-I", program], { input, encoding: "utf8", maxBuffer: 1 << 30 });
  return JSON.parse(stdout);
}

/** The mutants of one project in rounds: no file twice in a round, no name twice, and every one in its own place in the tree. */
function roundsOf(made) {
  const rounds = [];
  for (const one of made) {
    const fits = (round) => round.every(({ path, other }) => path !== one.path && other !== one.other);
    const round = rounds.find(fits);
    if (round) round.push(one);
    else rounds.push([one]);
  }
  return rounds;
}

/** Found: a complaint about that file says that this very name is missing, not that it was meant. */
const isTold = (found, { path, other }) =>
  found.some((one) => one.path === path && one.message.replace(/ Did you mean .*$/, "").includes(other));

async function seededPython(what, names) {
  const own = Object.fromEntries(names.map((name) => [name, pythonFiles(name)]));
  const textOf = (path) => readFileSync(join(python.site, path), "utf8");
  const paths = Object.values(own)
    .flat()
    .filter((path) => isPython(path) && textOf(path).length < 60_000);
  const made = pythonMutants(Object.fromEntries(paths.map((path) => [path, textOf(path)])));
  const hits = new Set();
  for (const name of names)
    for (const round of roundsOf(made.filter(({ path }) => path.split("/")[0] === name))) {
      const over = Object.fromEntries(round.map(({ path, text }) => [path, text]));
      const found = await look(python.site, treeOf(python.site, over, own[name]), Object.keys(over));
      for (const one of round) if (isTold(found, one)) hits.add(one);
    }
  tell("python", what, { made, hits, files: paths.length });
}

/** What one distribution brings: a folder, or a file. */
function pythonFiles(name) {
  const isFolder = statSync(join(python.site, name)).isDirectory();
  return isFolder ? filesIn(join(python.site, name)).map((path) => `${name}/${path}`) : [name];
}

function tell(language, what, { made, hits, files }) {
  for (const operator of [...new Set(made.map((one) => one.operator))].sort()) {
    const all = made.filter((one) => one.operator === operator);
    const seen = all.filter((one) => hits.has(one)).length;
    row("seeded", language, `${operator} (${what})`, files, all.length, seen, (seen / all.length).toFixed(3), "");
  }
  for (const one of made.filter((one) => !hits.has(one)))
    console.log(`# missed: ${one.operator}: ${one.path} ${one.other}`);
  const share = (hits.size / made.length).toFixed(3);
  row("seeded", language, `all (${what})`, files, made.length, hits.size, share, "the paper: 0.876");
}

async function seeded(what, { dir, fits }) {
  const tree = treeOf(dir);
  const paths = tree.files.filter(fits).filter((path) => tree.text(path).length < 60_000);
  const made = mutants(tree, paths, JAVASCRIPT);
  const over = Object.fromEntries(made.map(({ copy, text }) => [copy, text]));
  const found = await look(dir, treeOf(dir, over), [...new Set(made.flatMap(({ copy, path }) => [copy, path]))]);
  const hits = made.filter(({ copy, other }) => isTold(found, { path: copy, other }));
  tell("typescript", what, { made, hits: new Set(hits), files: paths.length });
}

async function realPython(what, names) {
  const projects = names.map((name) => ({ dir: python.site, files: pythonFiles(name) }));
  await real("python", what, projects, (path) => path.endsWith(".py"));
}

const parts = (process.argv[3] ?? "typescript,python,debian,npm").split(",");
const listed = (name) => process.env[name]?.split(",");

try {
  row("kind", "language", "what", "files", "names", "flagged", "share", "note");
  if (parts.includes("typescript")) {
    const isOwn = (path) => path.startsWith("src/") && isScript(path) && !path.endsWith(".test.ts");
    await seeded("mended on: ours", { dir: root, fits: isOwn });
    const zod = join(root, "node_modules/zod");
    await seeded("held out: zod", { dir: zod, fits: (path) => path.startsWith("src/") && isScript(path) });
  }
  const named = listed("MILLWRIGHT_SYMBOLS_HELD_OUT") ?? ["requests", "sqlalchemy", "pygments", "rich", "hypothesis"];
  const held = named.filter((name) => python.site && existsSync(join(python.site, name)));
  const isPythonWanted = parts.includes("python") || parts.includes("debian");
  if (isPythonWanted && held.length < named.length)
    console.log(
      `# not installed for ${python.interpreter}, so not measured: ${named.filter((one) => !held.includes(one)).join(" ")}`,
    );
  if (parts.includes("python") && held.length > 0) await seededPython(`held out: ${held.join(" ")}`, held);
  if (parts.includes("debian") && held.length > 0) await realPython(`held out: ${held.join(" ")}`, held);
  if (parts.includes("own"))
    await real("javascript", "our own sources", [{ dir: root }], (path) => isScript(path) && path.startsWith("src/"));
  if (parts.includes("npm")) {
    const names = readdirSync(modules).flatMap((name) =>
      name.startsWith("@") ? readdirSync(join(modules, name)).map((one) => `${name}/${one}`) : [name],
    );
    const wantedOnes = listed("MILLWRIGHT_SYMBOLS_NPM") ?? names.filter((name) => !name.startsWith("."));
    const projects = wantedOnes.map((name) => ({ dir: realpathSync(join(modules, name)) }));
    const inside = projects.filter(({ dir }) => dir.startsWith(modules));
    await real("javascript", `${inside.length} npm packages`, inside, isScript);
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
