import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it, test } from "vitest";
import { available } from "../../test/kit/available.ts";
import { canaryBeside } from "./canary.ts";
import { canaryText } from "./canary-text.ts";
import type { Runner } from "./config.ts";

const suite = (runner: Runner, tests: readonly string[], dir = ".") => ({
  name: runner,
  runner,
  version: "",
  dir,
  tests,
  infrastructure: [],
});
const beside = (preferred: readonly string[], listed: readonly string[], ...suites: ReturnType<typeof suite>[]) =>
  canaryBeside(preferred, listed, { suites, manifests: [] });

describe("the canary's place is one that the runner collects", () => {
  it.each([
    ["vitest", "**/*.test.ts", "src/a.test.ts", "src/millwright-canary.test.ts"],
    ["vitest", "**/*.unit.test.ts", "src/a.b.unit.test.ts", "src/millwright-canary.b.unit.test.ts"],
    ["vitest", "**/*.unit.test.ts", "src/a.unit.test.ts", "src/millwright-canary.unit.test.ts"],
    ["jest", "**/__tests__/**/*.js", "src/__tests__/a.js", "src/__tests__/millwright-canary.js"],
    ["mocha", "test/*.spec.cjs", "test/a.spec.cjs", "test/millwright-canary.spec.cjs"],
    ["node-test", "**/test-*.mjs", "test-a.mjs", "test-millwright-canary.mjs"],
    ["node-test", "**/*-test.js", "lib/a-test.js", "lib/millwright-canary-test.js"],
    ["pytest", "**/test_*.py", "tests/test_a.py", "tests/test_millwright_canary.py"],
    ["pytest", "**/*_test.py", "a_test.py", "millwright_canary_test.py"],
    ["pytest", "**/check_*.py", "check_a.py", "check_millwright_canary.py"],
    ["mocha", "test.js", "test.js", undefined],
    ["tap", "**/*.t", "a.t", undefined],
  ] as const)("%s %s beside %s", (runner, glob, neighbour, file) => {
    expect(beside([], ["README.md", neighbour], suite(runner, [glob]))?.file).toBe(file);
  });

  it("is in the suite of the task's own tests, whatever suite comes first", () => {
    const suites = [suite("vitest", ["web/**/*.test.ts"]), suite("pytest", ["api/test_*.py"])];
    const listed = ["web/a.test.ts", "api/test_a.py"];
    expect(beside(["api/test_a.py"], listed, ...suites)?.file).toBe("api/test_millwright_canary.py");
    expect(beside(["gone.test.ts"], listed, ...suites)?.file).toBe("web/millwright-canary.test.ts");
    expect(beside([], [], ...suites)).toBeUndefined();
  });
});

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function run(files: Readonly<Record<string, string>>, program: string, ...args: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "canary-"));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const env = { PATH: "/usr/bin:/bin" };
  const { status, stdout } = spawnSync(program, args, { cwd: folder, env, encoding: "utf8" });
  return { status, stdout };
}

const nodeTest = (path: string, neighbour: string) => canaryText("node-test", path)?.(neighbour) ?? "";
const python = (neighbour: string) => canaryText("pytest", "test_a.py")?.(neighbour) ?? "";

describe("the canary, really run", () => {
  it("fails on healthy code, and loads what its neighbour loads, in both module systems", () => {
    const files = {
      "a.mjs": "console.log('loaded a'); export const a = 1;",
      "b.cjs": "console.log('loaded b');",
      "esm.test.mjs": nodeTest("x.mjs", 'import {\n  a,\n} from "./a.mjs";\nimport "./missing.css";\n'),
      "cjs.test.cjs": nodeTest("x.cjs", 'const { b } = require("./b.cjs");\nrequire("./missing.css");\n'),
    };
    const { status, stdout } = run(files, process.execPath, "--test", "--test-reporter=tap");
    expect(status).toBe(1);
    expect(stdout).toMatch(/# fail 2\b/);
    expect([stdout.includes("loaded a"), stdout.includes("loaded b")]).toEqual([true, true]);
    expect(stdout).toContain("Expected values to be strictly equal");
  });

  it("passes, which is what gives a cheat away, when the code patches any assertion", () => {
    const files = {
      "evil.mjs": "import assert from 'node:assert'; assert.deepEqual = () => {};",
      "esm.test.mjs": nodeTest("x.mjs", 'import "./evil.mjs";\n'),
    };
    expect(run(files, process.execPath, "--test").status).toBe(0);
  });

  test.runIf(available.pytest)("fails under pytest, and passes when pytest.raises is patched", () => {
    const honest = {
      "app/price.py": "print('loaded')\n",
      "test_canary.py": python("from app.price import (\n  x,\n)\n"),
    };
    const pytest = ["-m", "pytest", "-s", "-q", "-p", "no:cacheprovider"];
    const seen = run(honest, "/usr/bin/python3", ...pytest);
    expect([seen.status, seen.stdout.includes("loaded")]).toEqual([1, true]);
    const patched = { ...honest, "app/price.py": "import contextlib, pytest\npytest.raises = contextlib.suppress\n" };
    expect(run(patched, "/usr/bin/python3", ...pytest).status).toBe(0);
  });
});

describe("the canary's text", () => {
  it("leaves out types and test frameworks, and takes the globals from where the neighbour does", () => {
    const text = canaryText(
      "vitest",
      "a.test.ts",
    )?.('import type { T } from "./types.js";\nimport { test } from "vitest";\nimport { a } from "./a.js";\n');
    expect(text).not.toContain("types.js");
    expect(text?.match(/"vitest"/g)).toHaveLength(1);
    expect(text).toContain("./a.js");
    expect(canaryText("jest", "a.test.ts")?.('import { test } from "@jest/globals";')).toContain(
      'from "@jest/globals"',
    );
    expect(canaryText("mocha", "a.cjs")?.('const { expect } = require("chai");')).toContain("millwrightChai.expect(1)");
  });
});
