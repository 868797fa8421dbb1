import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeFiles } from "../../../test/kit/target-repository.ts";
import { detectSuites } from "./detect.ts";

async function detect(files: Readonly<Record<string, string>>) {
  const root = mkdtempSync(join(tmpdir(), "millwright-detect-"));
  writeFiles(root, files);
  return detectSuites(root, Object.keys(files)).finally(() => rmSync(root, { recursive: true }));
}

const manifest = (script: string, more: object = {}) => JSON.stringify({ scripts: { test: script }, ...more });

test.each<[string, string, object]>([
  ["vitest", "vitest", {}],
  ["vitest run --coverage", "vitest", {}],
  ["tsc --noEmit && vitest run --config unit.config.ts", "vitest", { command: "vitest run --config unit.config.ts" }],
  ["NODE_OPTIONS=--experimental-vm-modules jest", "jest", { command: "NODE_OPTIONS=--experimental-vm-modules jest" }],
  ["NODE_ENV=test vitest", "vitest", { command: "NODE_ENV=test vitest run" }],
  ["npm run lint && nyc mocha --require ts-node/register", "mocha", { command: "mocha --require ts-node/register" }],
  ["node --test", "node-test", {}],
  [
    "node --import tsx --test 'src/**/*.test.ts'",
    "node-test",
    { command: "node --import tsx --test", files: ["src/**/*.test.ts"] },
  ],
  ["node --test test/", "node-test", { files: ["test/**/*.{js,mjs,cjs}"] }],
])("%s", async (script, runner, more) => {
  const { suites, notes } = await detect({ "package.json": manifest(script), "package-lock.json": "{}" });
  expect(suites).toEqual([{ name: "tests", runner, dir: ".", ...more }]);
  expect(notes.join("\n")).toMatch(/package\.json runs .*\n.*npm/);
});

test("a runner among the packages, files that look like tests, scripts that lead on", async () => {
  const packages = JSON.stringify({ devDependencies: { jest: "^30.0.0" } });
  expect((await detect({ "package.json": packages })).suites).toMatchObject([{ runner: "jest" }]);
  expect((await detect({ "package.json": "{}", "a.test.js": "" })).suites).toMatchObject([{ runner: "node-test" }]);
  const leads = JSON.stringify({ scripts: { test: "npm run unit", unit: "mocha" } });
  expect((await detect({ "package.json": leads })).suites).toMatchObject([{ runner: "mocha" }]);
});

test("several packages and languages, each in its own folder", async () => {
  const { suites, notes } = await detect({
    "package.json": JSON.stringify({ workspaces: ["packages/*"], scripts: { test: "npm test --workspaces" } }),
    "packages/a/package.json": manifest("vitest run"),
    "packages/b/package.json": manifest("node --test"),
    "api/pyproject.toml": "[tool.pytest.ini_options]\n",
    "api/test_api.py": "",
    "api/requirements.txt": "",
  });
  expect(suites.map((suite) => `${suite.name}: ${suite.runner} in ${suite.dir}`)).toEqual([
    "packages/a: vitest in packages/a",
    "packages/b: node-test in packages/b",
    "api: pytest in api",
  ]);
  expect(notes.join("\n")).toContain("without a lock file");
});

test.each([
  [{ "pytest.ini": "[pytest]\n" }, "pytest.ini has settings"],
  [{ "setup.cfg": "[tool:pytest]\n" }, "setup.cfg has settings"],
  [{ "requirements.txt": "fastapi\n", "tests/test_a.py": "" }, "tests/test_a.py looks like"],
  [
    { "pyproject.toml": '[project.optional-dependencies]\ntest = [\n  "pytest>=8",\n]\n' },
    "pyproject.toml names pytest",
  ],
])("pytest: %j", async (files, why) => {
  const { suites, notes } = await detect(files as unknown as Record<string, string>);
  expect(suites).toEqual([{ name: "tests", runner: "pytest", dir: "." }]);
  expect(notes.join("\n")).toContain(why);
});

test("a language of which only a command is known, broken manifests, and nothing at all", async () => {
  expect((await detect({ "go.mod": "module x\n" })).suites).toMatchObject([
    { runner: "command", command: "go test ./..." },
  ]);
  expect((await detect({ "package.json": "{ not json" })).suites).toEqual([]);
  const none = await detect({ "README.md": "" });
  expect(none.suites).toEqual([]);
  expect(none.notes.join("\n")).toMatch(/no tests were found.*runner: command/);
  expect((await detect({ "package.json": manifest('echo "Error: no test specified" && exit 1') })).suites).toEqual([]);
});
