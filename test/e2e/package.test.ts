import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const folder = realpathSync(mkdtempSync(join(tmpdir(), "millwright-package-")));
const packed = join(folder, "packed");

/** Everything below the house that `files` of package.json may take from, with the sources compiled as they are now. */
function pack(): void {
  const stage = join(folder, "stage");
  for (const name of ["package.json", "README.md", "LICENSE", "roles", "workflows", "schemas", "skills", "examples"])
    cpSync(join(root, name), join(stage, name), { recursive: true });
  execFileSync(process.execPath, ["scripts/build.mjs", join(stage, "dist")], { cwd: root, stdio: "pipe" });
  mkdirSync(packed);
  execFileSync("npm", ["pack", "--ignore-scripts", "--pack-destination", packed], { cwd: stage, stdio: "pipe" });
  execFileSync("tar", ["-xzf", readdirSync(packed)[0] ?? "", "--strip-components=1"], { cwd: packed });
}

/** A folder in which the packed package is installed beside its dependencies, `without` some that a user may lack. */
function installed(name: string, without: readonly string[]): (...words: string[]) => ReturnType<typeof spawnSync> {
  const app = join(folder, name);
  const modules = join(app, "node_modules");
  mkdirSync(modules, { recursive: true });
  cpSync(packed, join(modules, "millwright"), { recursive: true });
  for (const entry of readdirSync(join(root, "node_modules")))
    if (!entry.startsWith(".") && !without.includes(entry))
      symlinkSync(join(root, "node_modules", entry), join(modules, entry));
  const env = { PATH: process.env.PATH, HOME: join(folder, "home"), TMPDIR: folder };
  const main = join(modules, "millwright/dist/apps/cli/main.js");
  return (...words) => spawnSync(process.execPath, [main, ...words], { cwd: app, env, encoding: "utf8" });
}

beforeAll(pack, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the package as npm packs it", () => {
  test("plays the demo to its end", { timeout: 900_000 }, () => {
    const end = installed("whole", [])("demo", "--into", join(folder, "pricing"));
    expect(end.stderr).toBe("");
    expect(end.status).toBe(0);
    expect(end.stdout).toContain("5 of 5 tasks landed");
  });

  test("says what the demo's own tests need where it is not installed", { timeout: 120_000 }, () => {
    const end = installed("bare", ["vitest", "typescript"])("demo", "--into", join(folder, "none"));
    expect([end.status, end.stdout]).toEqual([4, ""]);
    expect(end.stderr).toContain("npm i -D vitest@4 typescript@6");
  });

  test("does not write a demo over somebody's files", { timeout: 120_000 }, () => {
    const end = installed("full", [])("demo", "--into", packed);
    expect([end.status, end.stdout]).toEqual([2, ""]);
    expect(end.stderr).toContain("is not empty. Name a folder that does not exist yet.");
  });
});
