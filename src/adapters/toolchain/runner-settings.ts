import { join } from "node:path";
import type { Suite } from "../../domain/config.ts";
import { jsonOf, textOf } from "./files.ts";

/**
 * The globs that a runner's own settings say it collects, relative to the suite's folder; undefined when they say
 * nothing that can be read without running them.
 */
export async function collectedGlobs(suite: Suite, root: string): Promise<readonly string[] | undefined> {
  const dir = join(root, suite.dir);
  if (suite.runner === "vitest") return listed(await firstText(dir, VITEST), "include");
  if (suite.runner === "jest") return jestGlobs(dir);
  if (suite.runner === "mocha") return mochaGlobs(dir);
  if (suite.runner === "pytest") return pytestGlobs(dir);
  return undefined;
}

const SOURCES = ["ts", "mts", "cts", "js", "mjs", "cjs"];
const VITEST = ["vitest", "vite"].flatMap((name) => SOURCES.map((ending) => `${name}.config.${ending}`));
const JEST = SOURCES.map((ending) => `jest.config.${ending}`);
const PYTEST = ["pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg"];

async function firstText(dir: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const text = await textOf(join(dir, name));
    if (text !== undefined) return text;
  }
  return undefined;
}

/** A list of plain strings under a key; `coverage.include` and its like come later in a file, and are not test globs. */
function listed(text: string | undefined, key: string): readonly string[] | undefined {
  const tests = text?.replace(/coverage\s*:\s*\{[^}]*\}/g, "");
  const list = new RegExp(`\\b${key}["']?\\s*:\\s*\\[([^\\]]*)\\]`).exec(tests ?? "")?.[1];
  const globs = [...(list ?? "").matchAll(/(["'`])([^"'`]+)\1/g)].map((match) => match[2] ?? "");
  return globs.length > 0 ? globs : undefined;
}

async function jestGlobs(dir: string): Promise<readonly string[] | undefined> {
  const manifest = await jsonOf(join(dir, "package.json"));
  const own = (manifest?.jest ?? (await jsonOf(join(dir, "jest.config.json")))) as { testMatch?: unknown } | undefined;
  const globs = strings(own?.testMatch) ?? listed(await firstText(dir, JEST), "testMatch");
  return globs?.map((glob) => glob.replace(/^<rootDir>\//, ""));
}

/** Milliseconds that Jest gives a test, as its settings say; undefined when they say it in a way that is not read here. */
export async function jestMilliseconds(dir: string): Promise<number | undefined> {
  const manifest = await jsonOf(join(dir, "package.json"));
  const own = (manifest?.jest ?? (await jsonOf(join(dir, "jest.config.json")))) as
    | { testTimeout?: unknown }
    | undefined;
  if (typeof own?.testTimeout === "number") return own.testTimeout;
  const text = (await firstText(dir, JEST)) ?? "";
  if (!text.includes("testTimeout")) return 5000;
  const plain = /\btestTimeout["']?\s*:\s*([\d_]+)\s*[,}]/.exec(text)?.[1];
  return plain === undefined ? undefined : Number(plain.replaceAll("_", ""));
}

async function mochaGlobs(dir: string): Promise<readonly string[] | undefined> {
  const manifest = await jsonOf(join(dir, "package.json"));
  const own = (await jsonOf(join(dir, ".mocharc.json"))) ?? (manifest?.mocha as { spec?: unknown } | undefined);
  const spec = typeof own?.spec === "string" ? [own.spec] : strings(own?.spec);
  return spec ?? listed(await firstText(dir, [".mocharc.cjs", ".mocharc.js", ".mocharc.mjs"]), "spec");
}

async function pytestGlobs(dir: string): Promise<readonly string[] | undefined> {
  for (const name of PYTEST) {
    const line = /^\s*python_files\s*=\s*(.+)$/m.exec((await textOf(join(dir, name))) ?? "")?.[1];
    if (line === undefined) continue;
    const names = line
      .replace(/[[\]"',]/g, " ")
      .split(/\s+/)
      .filter((word) => word !== "");
    return names.map((glob) => `**/${glob}`);
  }
  return undefined;
}

function strings(value: unknown): readonly string[] | undefined {
  const list = Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
  return list.length > 0 ? list : undefined;
}
