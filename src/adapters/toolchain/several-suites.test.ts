import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bareSandbox } from "../../../test/kit/bare-sandbox.ts";
import { plainTrees } from "../../../test/kit/plain-trees.ts";
import { Config } from "../../domain/config.ts";
import type { Selection } from "../../domain/need.ts";
import { type OpenedToolchain, openToolchain } from "./open-toolchain.ts";

const git = plainTrees();
const passes = 'require("node:test")("passes", () => {});\n';
const tree = git.tree({
  "packages/a/test/one.test.js": passes,
  "packages/b/test/one.test.js": passes,
  "packages/b/check.sh": "exit 4\n",
});
let cacheDir: string;
let toolchain: OpenedToolchain;

beforeAll(async () => {
  cacheDir = mkdtempSync(join(tmpdir(), "millwright-cache-"));
  const suites = [
    { name: "a", runner: "node-test", dir: "packages/a" },
    { name: "b", runner: "node-test", dir: "packages/b" },
    { name: "check", runner: "command", dir: "packages/b", command: "sh check.sh", files: ["*.sh"] },
  ];
  toolchain = await openToolchain({
    config: Config.parse({ suites }),
    root: cacheDir,
    sandbox: bareSandbox,
    git,
    cacheDir,
  });
});
afterAll(() => rmSync(cacheDir, { recursive: true, force: true }));

const run = (selection: Selection) => toolchain.suite({ tree, selection, seconds: 30 });

test("all suites make one report, as complete as the least of them", async () => {
  const report = await run({ kind: "all" });
  expect(report).toMatchObject({ grade: "tests", complete: true, exitCode: 4, canary: false, errors: [] });
  expect(report.cases.map((one) => one.id)).toEqual([
    "packages/a/test/one.test.js > passes",
    "packages/b/test/one.test.js > passes",
  ]);
  expect(report.runner).toMatch(/^node:test [\d.]+, command$/);
});

test("a file runs in the suite that it belongs to", async () => {
  const report = await run({ kind: "files", files: ["packages/b/test/one.test.js"] });
  expect(report).toMatchObject({ exitCode: 0, canary: true });
  expect(report.cases.map((one) => one.file)).toEqual(["packages/b/test/one.test.js"]);
});

test("a selection that nobody runs is told", async () => {
  const report = await run({ kind: "files", files: ["docs/gone.md"] });
  expect(report.cases).toEqual([]);
  expect(report.errors.map((error) => error.message)).toContain("No suite runs any of the selected files.");
});

test("the profile says what each suite collects", () => {
  const [a] = toolchain.profile.suites;
  expect(a).toMatchObject({ name: "a", dir: "packages/a", runner: "node-test" });
  expect(a?.tests).toContain("packages/a/**/*.test.{js,mjs,cjs}");
  expect(toolchain.profile.manifests).toContain("**/package-lock.json");
});
