import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { available } from "../../../test/kit/available.ts";
import { bareSandbox } from "../../../test/kit/bare-sandbox.ts";
import { type Files, plainTrees } from "../../../test/kit/plain-trees.ts";
import { Config } from "../../domain/config.ts";
import type { SandboxJob } from "../../domain/sandbox-job.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import type { Sandbox } from "../../engine/ports.ts";
import { openBubblewrap } from "../sandbox/bubblewrap/open-bubblewrap.ts";
import { openToolchain } from "./open-toolchain.ts";

let cacheDir: string;
beforeEach(() => {
  cacheDir = realpathSync(mkdtempSync(join(tmpdir(), "millwright-cache-")));
});
afterEach(() => rmSync(cacheDir, { recursive: true, force: true }));

/** A package with a dependency that lies in the repository, so that npm needs no network. */
const PROJECT: Files = {
  "package.json": JSON.stringify({
    name: "target",
    version: "1.0.0",
    workspaces: ["packages/*"],
    dependencies: { tool: "file:./vendor/tool" },
  }),
  "vendor/tool/package.json": JSON.stringify({ name: "tool", version: "1.0.0", main: "tool.js" }),
  "vendor/tool/tool.js": "exports.name = 'tool';\n",
  "packages/inner/package.json": JSON.stringify({ name: "inner", version: "1.0.0", main: "inner.js" }),
  "packages/inner/inner.js": "exports.answer = 41;\n",
  "test/inner.test.js":
    'const { test } = require("node:test");\nconst assert = require("node:assert");\ntest("uses both", () => { assert.equal(require("inner").answer, 42); assert.equal(require("tool").name, "tool"); });\n',
};

/** Counts what is run with a network, which only an installer has. */
function counting(sandbox: Sandbox): Sandbox & { installs: SandboxJob[] } {
  const installs: SandboxJob[] = [];
  return {
    ...sandbox,
    installs,
    run: (job, signal) => {
      if (job.network) installs.push(job);
      return sandbox.run(job, signal);
    },
  };
}

function open(sandbox: Sandbox, settings: object = {}, root = tmpdir()) {
  const git = plainTrees();
  const config = Config.parse({ suites: [{ runner: "node-test", files: ["test/*.js"] }], ...settings });
  const toolchain = () => openToolchain({ config, root, sandbox, git, cacheDir });
  return { git, toolchain };
}

function installTells(title: string, isAvailable: boolean, make: () => Promise<Sandbox>) {
  describe.runIf(isAvailable)(title, () => {
    test("installs once for all trees of the same manifests; workspaces are those of the tree", {
      timeout: 120_000,
    }, async () => {
      const sandbox = counting(await make());
      const { git, toolchain } = open(sandbox);
      const opened = await toolchain();
      const base = git.tree(PROJECT);
      const work = git.tree({ ...PROJECT, "packages/inner/inner.js": "exports.answer = 42;\n" });
      const [one, two] = await Promise.all([opened.prepare(base), opened.prepare(base)]);
      expect(two).toEqual(one);
      const before = await opened.suite({ tree: base, selection: { kind: "all" }, seconds: 30 });
      expect(before.cases.map((each) => each.outcome)).toEqual(["failed"]);
      const after = await opened.suite({ tree: work, selection: { kind: "all" }, seconds: 30 });
      expect(after).toMatchObject({ complete: true, errors: [], cases: [{ outcome: "passed" }] });
      // Another process, later.
      await (await toolchain()).prepare(work);
      expect(sandbox.installs).toHaveLength(1);
      expect(readdirSync(join(cacheDir, "deps"))).toEqual([one.digest]);
      const changed = {
        ...PROJECT,
        "vendor/tool/package.json": JSON.stringify({ name: "tool", version: "2.0.0", main: "tool.js" }),
      };
      expect((await opened.prepare(git.tree(changed))).digest).not.toBe(one.digest);
    });
  });
}

installTells("npm, without a sandbox", true, async () => bareSandbox);
installTells("npm, in bubblewrap (needs bwrap)", available.bwrap, () => openBubblewrap());

test("an install that fails says what the installer said, leaves nothing, and is tried again", async () => {
  const sandbox = counting(bareSandbox);
  const { git, toolchain } = open(sandbox, {
    dependencies: { install: "mkdir node_modules; echo 'no such \u001b[31mpackage\u001b[0m' >&2; exit 3" },
  });
  const opened = await toolchain();
  const tree = git.tree(PROJECT);
  const failure = await opened.prepare(tree).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(StepFailure);
  expect(failure).toMatchObject({
    code: "install-failed",
    message: expect.stringContaining("no such package"),
    hint: expect.stringContaining("dependencies.install"),
  });
  expect(readdirSync(join(cacheDir, "deps"))).toEqual([]);
  await opened.prepare(tree).catch(() => undefined);
  expect(sandbox.installs).toHaveLength(2);
});

test("a folder that a crash left half-made is not used", async () => {
  const { git, toolchain } = open(bareSandbox, {
    dependencies: { install: "mkdir node_modules && echo fresh > node_modules/mark" },
  });
  const tree = git.tree(PROJECT);
  const { digest } = await (await toolchain()).prepare(tree);
  const home = join(cacheDir, "deps", digest);
  rmSync(home, { recursive: true });
  mkdirSync(join(`${home}.partial-1-dead`, "kept", "node_modules"), { recursive: true });
  await (await toolchain()).prepare(tree);
  expect(existsSync(join(home, "node_modules", "mark"))).toBe(true);
});

test("nothing to install installs nothing; a command has the tree and no network", async () => {
  const sandbox = counting(bareSandbox);
  const { git, toolchain } = open(sandbox);
  const opened = await toolchain();
  const tree = git.tree({ "package.json": JSON.stringify({ name: "bare" }), "a.txt": "told\n" });
  await opened.prepare(tree);
  const result = await opened.command({ tree, run: "cat a.txt; pwd; exit 3", seconds: 10 });
  expect(result).toMatchObject({ ended: "exited", exitCode: 3, stdout: expect.stringMatching(/^told\n/) });
  expect(sandbox.installs).toEqual([]);
});

test("dependencies.from that is not there says so", async () => {
  const { git, toolchain } = open(bareSandbox, { dependencies: { from: "nowhere/node_modules" } });
  const failure = await (await toolchain()).prepare(git.tree(PROJECT)).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "install-failed", message: expect.stringContaining("nowhere/node_modules") });
});

test("dependencies.from inside the repository is mounted at its own place", async () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "millwright-root-")));
  mkdirSync(join(root, "packages/inner/node_modules/tool"), { recursive: true });
  writeFileSync(join(root, "packages/inner/node_modules/tool/index.js"), "");
  const { git, toolchain } = open(bareSandbox, { dependencies: { from: "packages/inner/node_modules" } }, root);
  const opened = await toolchain();
  const tree = git.tree(PROJECT);
  const result = await opened.command({ tree, run: "ls packages/inner/node_modules", seconds: 10 });
  expect(result.stdout).toContain("tool");
  expect(await opened.dependencies(tree)).toMatchObject([{ place: "packages/inner/node_modules" }]);
  rmSync(root, { recursive: true });
});

describe.runIf(available.pytest)("pip (needs python3 with pytest)", () => {
  test("requirements.txt is installed into an environment that still sees the system's packages", {
    timeout: 120_000,
  }, async () => {
    const { git, toolchain } = open(bareSandbox, { suites: [{ runner: "pytest" }] });
    const tree = git.tree({
      // A package that lies in the repository and needs no build: pip needs no network.
      "requirements.txt": "",
      "test_env.py": "import sys\ndef test_prefix():\n    assert sys.prefix != sys.base_prefix\n",
    });
    const report = await (await toolchain()).suite({ tree, selection: { kind: "all" }, seconds: 60 });
    expect(report).toMatchObject({ complete: true, errors: [], cases: [{ outcome: "passed" }] });
  });
});
