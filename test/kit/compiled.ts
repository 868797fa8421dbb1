import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/**
 * A folder with src/ compiled as it is now, for stories in which another process runs our code. One folder a state of
 * the sources, so that the tests of one state share it.
 */
export function compiledSources(): string {
  const shelf = join(root, "tmp/compiled");
  const folder = join(shelf, stateOfSources());
  if (existsSync(folder)) return folder;

  mkdirSync(shelf, { recursive: true });
  for (const name of readdirSync(shelf)) {
    const age = Date.now() - (statSync(join(shelf, name), { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > 3_600_000) rmSync(join(shelf, name), { recursive: true, force: true });
  }
  const fresh = `${folder}.${process.pid}`;
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const options = ["-p", "tsconfig.build.json", "--outDir", fresh, "--noCheck", "--declaration", "false"];
  const done = spawnSync(process.execPath, [tsc, ...options], { cwd: root, encoding: "utf8" });
  if (!existsSync(fresh)) throw new Error(`the sources do not compile:\n${done.stdout}${done.stderr}`);
  try {
    renameSync(fresh, folder);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

function stateOfSources(): string {
  const state = createHash("sha256");
  const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" });
  for (const path of sources.filter((name) => name.endsWith(".ts")).sort()) {
    const { mtimeMs, size } = statSync(join(root, "src", path));
    state.update(`${path} ${mtimeMs} ${size}\n`);
  }
  return state.digest("hex").slice(0, 16);
}
