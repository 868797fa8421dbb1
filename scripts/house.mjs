/** What the scripts share: where the house stands, which files it has, and the compiler. */
import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Every file under a folder of the house, as sorted paths with forward slashes; none when the folder is not there. */
export function filesUnder(folder) {
  const start = join(root, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/** Every file that git tracks or would track. */
export function trackedFiles() {
  const git = spawnSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (git.status !== 0) throw new Error(`git ls-files failed: ${git.stderr}`);
  const isFile = (path) => lstatSync(join(root, path), { throwIfNoEntry: false })?.isFile() ?? false;
  return [...new Set(git.stdout.split("\0"))].filter((path) => path !== "" && isFile(path)).sort();
}

/** What tsconfig.build.json compiles. */
export function shippedSources() {
  return filesUnder("src").filter((path) => path.endsWith(".ts") && !/[.](test|contract)[.]ts$/.test(path));
}

/** The compiler's program, or undefined: an install without development packages has none. */
export function compilerPath() {
  try {
    return createRequire(import.meta.url).resolve("typescript/bin/tsc");
  } catch {
    return undefined;
  }
}

/** Compiles the shipped sources into a folder; says whether it went well. */
export function compile(outDir, ...options) {
  const tsc = compilerPath();
  if (tsc === undefined) throw new Error("TypeScript is not installed: run npm ci");
  const args = [tsc, "-p", "tsconfig.build.json", "--outDir", outDir, ...options];
  return spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
}
