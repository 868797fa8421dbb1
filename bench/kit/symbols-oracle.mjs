/**
 * Whether what the symbols gate says is missing is really missing, by somebody else's word: the interpreter that imports the
 * module, the compiler that checks the file, the file system. `absent`, `there`, or `undecided`.
 */

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const PYTHON = fileURLToPath(new URL("./symbols-oracle.py", import.meta.url));

/** Each flag by itself, in a process of its own for every file: an import may end the process or hang. */
export function pythonOracle(root, flags, interpreter) {
  const byPath = Map.groupBy?.(flags, (flag) => flag.path) ?? grouped(flags);
  const words = new Map();
  for (const [, some] of byPath) {
    const input = JSON.stringify({ root, flags: some });
    const answer = spawnSync(interpreter, ["-I", "-W", "ignore", PYTHON], { input, encoding: "utf8", timeout: 60_000 });
    const said = answer.status === 0 ? JSON.parse(answer.stdout) : some.map(() => "undecided");
    for (const [at, flag] of some.entries()) words.set(flag, said[at]);
  }
  return flags.map((flag) => words.get(flag));
}

function grouped(flags) {
  const groups = new Map();
  for (const flag of flags) groups.set(flag.path, [...(groups.get(flag.path) ?? []), flag]);
  return groups;
}

/** What the compiler says of a missing name, member, export or module. */
const MISSING = new Set([
  2304, 2305, 2306, 2307, 2339, 2459, 2460, 2551, 2552, 2580, 2581, 2582, 2591, 2592, 2593, 2614, 2694, 2724, 2792,
  7016, 18004,
]);

export async function scriptOracle(root, flags) {
  const words = [];
  for (const flag of flags) words.push(await scriptWord(root, flag));
  return words;
}

async function scriptWord(root, { path, code, line, message }) {
  const file = join(root, path);
  const [first = "", second = ""] = [...message.matchAll(/`([^`]+)`/g)].map((found) => found[1]);
  if (code === "module-missing") return fileIsThere(first, file) ? "there" : "absent";
  if (code === "package-missing") return packageIsThere(first, file) ? "there" : "absent";
  if (code === "package-module-missing") return resolves(second, file) ? "there" : "absent";
  const run = await atRunTime(file, { code, first, second, message });
  if (run !== "undecided") return run;
  return compilerSays(file, line) ? "absent" : "undecided";
}

function fileIsThere(specifier, file) {
  if (!specifier.startsWith(".")) return resolves(specifier, file);
  const wanted = resolve(dirname(file), specifier);
  const stem = basename(wanted).replace(/\.[cm]?[jt]sx?$/, "");
  if (existsSync(wanted) && basename(wanted) !== "") return true;
  if (!existsSync(dirname(wanted))) return false;
  return readdirSync(dirname(wanted)).some(
    (name) => name.replace(/(?:\.d)?\.[cm]?[jt]sx?$|\.json$|\.node$/, "") === stem,
  );
}

function packageIsThere(name, file) {
  for (let dir = dirname(file); dir !== dirname(dir); dir = dirname(dir))
    if (existsSync(join(dir, "node_modules", name))) return true;
  return resolves(name, file);
}

function resolves(specifier, file) {
  try {
    createRequire(file).resolve(specifier);
    return true;
  } catch {
    return false;
  }
}

/** What is there when the module is really loaded; only for what Node can load as it is. */
async function atRunTime(file, { code, first, second, message }) {
  if (!/export-missing|member-missing/.test(code) || !/\.[cm]?js$/.test(file)) return "undecided";
  const isMember = /member-missing/.test(code);
  const specifier = isMember ? second : first;
  const name = isMember ? first.split(".").at(-1) : /does not export `([^`]+)`/.exec(message)?.[1];
  if (!name || /[/\\]self\./.test(first)) return "undecided";
  // In a process of its own: what a module does when it is loaded is its own affair.
  const look = `const r=require("node:module").createRequire(${JSON.stringify(file)});const n=${JSON.stringify(name)};const s=${JSON.stringify(specifier)};
    const has=(m)=>m!=null&&(n in Object(m)||(m.default!=null&&n in Object(m.default)));
    (async()=>{try{try{require(${JSON.stringify(file)})}catch{await import(${JSON.stringify(file)}).catch(()=>{})}
    let m;try{m=r(s)}catch{m=await import(s.startsWith(".")?r.resolve(s):s.startsWith("node:")?s:r.resolve(s))}
    process.stdout.write("\\n@@"+(has(m)?"there":"absent"))}catch{process.stdout.write("\\n@@undecided")}process.exit(0)})()`;
  const { stdout } = spawnSync(process.execPath, ["-e", look], { encoding: "utf8", timeout: 30_000 });
  return /@@(\w+)\s*$/.exec(stdout ?? "")?.[1] ?? "undecided";
}

const OPTIONS = {
  allowJs: true,
  checkJs: true,
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.esnext.d.ts", "lib.dom.d.ts"],
  types: ["node"],
  maxNodeModuleJsDepth: 2,
};
const programs = new Map();

function compilerSays(file, line) {
  if (!programs.has(file)) programs.set(file, missingLines(file));
  return programs.get(file).has(line);
}

function missingLines(file) {
  const program = ts.createProgram([file], OPTIONS);
  const source = program.getSourceFile(file);
  if (source === undefined) return new Set();
  const found = program
    .getSemanticDiagnostics(source)
    .filter(({ code, start }) => MISSING.has(code) && start !== undefined);
  return new Set(found.map(({ start }) => source.getLineAndCharacterOfPosition(start).line + 1));
}
