import { describe, expect, it } from "vitest";
import { pretendSandbox } from "../../../../test/kit/analysis-ports.ts";
import { fakePackage, open, ourPackages } from "../../../../test/kit/opened-analysis.ts";
import { newDiagnostics } from "../../../domain/new-diagnostics.ts";
import { analysisContract } from "../analysis.contract.ts";

analysisContract(() => open());

describe("syntax", () => {
  it.each([
    ["a.ts", "let a = 1;\nlet a = 2;\n", 2],
    ["a.js", "with (a) {}\nreturn 1;\n", undefined],
    ["a.js", "await x;\nexport {};\n", undefined],
    ["a.mjs", "return 1;\n", 1],
    ["a.jsx", "const a = <b>{c}</b>;\n", undefined],
    ["a.js", "const a = <b/>;\n", undefined],
    ["a.tsx", "const a = <b>{c +}</b>;\n", 1],
    ["a.cjs", "const a = require('a');\nreturn;\n", undefined],
    ["a.d.ts", "declare const a: number;\nexport function f(): void;\n", undefined],
    ["a.js", "// @flow\nconst a: ?string = 1;\n", undefined],
    ["a.py", 'print "x"\n', 1],
    ["a.py", "def f():\npass\n", 2],
    ["a.py", "match x:\n    case 1:\n        pass\n", undefined],
    ["package.json", '{\n  "a": 1,\n}\n', 3],
    ["tsconfig.json", '{\n  // strict\n  "a": 1,\n}\n', undefined],
    ["tsconfig.build.json", '{\n  "a": \n}\n', 3],
    ["a.json", "", 1],
    ["a.yaml", "a: 1\na: 2\n", 2],
    ["a.yml", "a: [1\nb: 2\n", 2],
    ["a.yml", "a: 1\n---\nb: !secret x\n", undefined],
    ["chart/templates/a.yaml", "a: {{ .Values.a }}\n{{- if x }}\n", undefined],
  ])("%s: %j -> line %s", async (path, text, line) => {
    const { analysis, tree } = await open();
    const { diagnostics, tools } = await analysis.diagnose("syntax", tree({ [path]: text }), [path]);
    expect(diagnostics[0]?.line).toBe(line);
    expect(tools).toHaveLength(1);
  });

  it("never parses the same blob twice", async () => {
    const { analysis, tree, git } = await open();
    const first = tree({ "a.ts": "const a = ;", "b.ts": "1" });
    const second = tree({ "a.ts": "const a = ;", "b.ts": "2" });
    const before = await analysis.diagnose("syntax", first, ["a.ts"]);
    const reads = git.reads.count;
    expect(await analysis.diagnose("syntax", second, ["a.ts"])).toEqual(before);
    expect(git.reads.count).toBe(reads);
  });
});

describe("lint", () => {
  it("uses oxlint and ruff where the target has none, and says so", async () => {
    const { analysis, tree } = await open();
    const files = {
      "src/a.ts": 'import { b } from "./b.js";\n\nconst a = 1;\na == a;\n',
      "app/__init__.py": "from app.a import f\n",
      "app/a.py": "import os\n\ndef f():\n    return undefined_name\n\ndef f():\n    return 1\n",
      "a.test.ts": "expect(a).to.be.true;\n",
    };
    const report = await analysis.diagnose("lint", tree(files), Object.keys(files));
    expect(report.tools).toEqual([
      "commented-out-code",
      expect.stringMatching(/^ruff \d/),
      expect.stringMatching(/^oxlint \d/),
    ]);
    expect(report.diagnostics.map(({ path, line, code, text }) => [path, line, code, text])).toEqual([
      ["app/a.py", 1, "F401", "import os"],
      ["app/a.py", 4, "F821", "return undefined_name"],
      ["app/a.py", 6, "F811", "def f():"],
      ["src/a.ts", 1, "eslint(no-unused-vars)", 'import { b } from "./b.js";'],
    ]);
  });

  it("can be switched off", async () => {
    const { analysis, tree } = await open({ config: { lint: "off" } });
    expect(await analysis.diagnose("lint", tree({ "a.ts": "debugger;" }), ["a.ts"])).toEqual({
      tools: [],
      diagnostics: [],
    });
  });

  it("follows the target's ruff: rules, ignores per file, nearest config", async () => {
    const { analysis, tree } = await open();
    const files = {
      "pyproject.toml":
        '[project]\nrequires-python = ">=3.9"\n[tool.ruff.lint]\nselect = ["E711", "F401"]\n[tool.ruff.lint.per-file-ignores]\n"tests/*" = ["F401"]\n',
      "a.py": "import os\nx = None\nprint(x == None, undefined_name)\n",
      "tests/test_a.py": "import os\n",
      "old/ruff.toml": 'select = ["F821"]\n',
      "old/a.py": "import os\nprint(undefined_name)\n",
    };
    const report = await analysis.diagnose("lint", tree(files), Object.keys(files));
    expect(report.diagnostics.map(({ path, code }) => [path, code])).toEqual([
      ["a.py", "F401"],
      ["a.py", "E711"],
      ["old/a.py", "F821"],
    ]);
    expect(report.tools.join()).toContain("(pyproject.toml)");
  });

  it("says which setting ruff refuses instead of passing", async () => {
    const { analysis, tree } = await open();
    const id = tree({ "ruff.toml": 'lint.select = ["NOPE999"]\n', "a.py": "x = 1\n" });
    await expect(analysis.diagnose("lint", id, ["a.py"])).rejects.toMatchObject({
      code: "tool-cannot-run",
      message: expect.stringContaining("ruff.toml"),
      hint: expect.stringContaining("lint"),
    });
  });

  it("runs the target's Biome in the sandbox, and follows from tree to tree", async () => {
    const sandbox = pretendSandbox();
    const { analysis, tree } = await open({ sandbox, dependencies: ourPackages });
    const config = JSON.stringify({
      linter: { enabled: true, rules: { preset: "none", suspicious: { noDebugger: "error", noVar: "warn" } } },
    });
    const clean = {
      "package.json": "{}",
      "biome.json": config,
      "src/a.ts": "var a = 1;\n",
      "src/b.ts": "export const b = 1;\n",
    };
    const base = await analysis.diagnose("lint", tree(clean), ["src/a.ts", "src/b.ts"]);
    expect(base.diagnostics).toEqual([]);
    const work = await analysis.diagnose("lint", tree({ ...clean, "src/b.ts": "export const b = 1;\ndebugger;\n" }), [
      "src/a.ts",
      "src/b.ts",
    ]);
    expect(work.tools).toContainEqual(expect.stringMatching(/^biome \d/));
    expect(newDiagnostics(base, work)).toEqual([
      expect.objectContaining({ path: "src/b.ts", line: 2, code: "lint/suspicious/noDebugger", text: "debugger;" }),
    ]);
    expect(sandbox.runs.flat()).not.toContain("--fix");
  });

  it("runs the target's ESLint: errors count, warnings and syntax errors do not", async () => {
    const messages = [
      { ruleId: "no-var", severity: 2, message: "\u001b[31mUnexpected var\u001b[0m", line: 1 },
      { ruleId: "eqeqeq", severity: 1, message: "warned", line: 1 },
      { ruleId: null, severity: 2, fatal: true, message: "Parsing error", line: 1 },
    ];
    const source = `console.log(JSON.stringify([{ filePath: process.cwd() + "/" + process.argv.at(-1), messages: ${JSON.stringify(messages)} }])); process.exitCode = 1;`;
    const dependencies = await fakePackage("eslint", { file: "bin/eslint.js", source });
    const { analysis, tree } = await open({ dependencies });
    const files = { "web/eslint.config.js": "export default [];", "web/src/a.js": "var a = 1;\n" };
    const report = await analysis.diagnose("lint", tree({ ...files, "package.json": "{}" }), ["web/src/a.js"]);
    expect(report).toEqual({
      tools: ["commented-out-code", "eslint 9.9.9"],
      diagnostics: [{ path: "web/src/a.js", line: 1, code: "no-var", message: "Unexpected var", text: "var a = 1;" }],
    });
  });

  it.each([
    ["crashes", "console.error('no config found'); process.exit(2);", "no config found"],
    ["prints nonsense", "console.log('[oops');", "not JSON"],
    ["is killed", "process.kill(process.pid, 'SIGKILL');", "signal"],
  ])("is no pass when the target's ESLint %s", async (_what, source, said) => {
    const dependencies = await fakePackage("eslint", { file: "bin/eslint.js", source });
    const { analysis, tree } = await open({ dependencies });
    const id = tree({ "eslint.config.js": "", "a.js": "debugger;" });
    await expect(analysis.diagnose("lint", id, ["a.js"])).rejects.toMatchObject({
      code: "tool-cannot-run",
      message: expect.stringContaining(said),
      hint: expect.stringContaining("lint"),
    });
  });

  it("says when a linter is configured and not installed, and looks with ours", async () => {
    const { analysis, tree } = await open();
    const report = await analysis.diagnose("lint", tree({ ".eslintrc.json": "{}", "a.js": "debugger;\n" }), ["a.js"]);
    expect(report.tools).toContain("eslint (configured, not installed)");
    expect(report.diagnostics.map(({ code }) => code)).toEqual(["eslint(no-debugger)"]);
  });

  it("takes the target's .oxlintrc with our oxlint, in the sandbox", async () => {
    const sandbox = pretendSandbox();
    const { analysis, tree } = await open({ sandbox });
    const config = JSON.stringify({ categories: { correctness: "off" }, rules: { "no-var": "error" } });
    const report = await analysis.diagnose("lint", tree({ ".oxlintrc.json": config, "a.js": "var a;\ndebugger;\n" }), [
      "a.js",
    ]);
    expect(report.diagnostics.map(({ code }) => code)).toEqual(["eslint(no-var)"]);
    expect(sandbox.runs).toHaveLength(1);
  });

  it("runs a command of the config and reads its lines", async () => {
    const run =
      "printf 'a.js:2:1: error no-debugger: stop\\n./a.js:1: W101 line\\nnot a place\\n/etc/passwd:1: x\\n'; exit 1";
    const { analysis, tree } = await open({ config: { lint: { run } } });
    const report = await analysis.diagnose("lint", tree({ "a.js": "a\ndebugger;\n" }), ["a.js"]);
    expect(report.diagnostics.map(({ path, line, code, text }) => [path, line, code, text])).toEqual([
      ["a.js", 1, "W101", "a"],
      ["a.js", 2, "command", "debugger;"],
    ]);
  });

  it.each(["exit 1", "nonesuch-program a.js", "exit 127"])("is no pass when the command is %j", async (run) => {
    const { analysis, tree } = await open({ config: { lint: { run } } });
    await expect(analysis.diagnose("lint", tree({ "a.js": "1" }), ["a.js"])).rejects.toMatchObject({
      code: "tool-cannot-run",
    });
  });
});
