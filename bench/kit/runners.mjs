/** One little project, told in the words of each runner: `add` is there, `subtract` is wanted. */

const add = (head, name = "left + right") => `${head}add(left, right) {\n  return ${name};\n}\n`;

/** Words of a runner of JavaScript. */
function script({ runner, ending, head, isCommonJs = false, testFile, config = {}, settings }) {
  const fn = "export function ";
  const code = `src/subtract.${ending}`;
  const test = testFile("subtract");
  const exported = (body) =>
    isCommonJs
      ? `function subtract(left, right) {\n${body}\n}\nmodule.exports = { subtract };\n`
      : `export function subtract(left, right) {\n${body}\n}\n`;
  const bring = (name) =>
    isCommonJs
      ? `const { ${name} } = require("../src/${name}.${ending}");`
      : `import { ${name} } from "../src/${name}.${ending}";`;
  const assert = isCommonJs
    ? 'const assert = require("node:assert/strict");'
    : 'import assert from "node:assert/strict";';
  const tests = (...cases) =>
    `${[head, assert, bring("subtract"), "", ...cases].filter((line) => line !== "").join("\n")}\n`;
  return {
    runner,
    kind: "javascript",
    isCommonJs,
    code,
    test,
    oldTest: testFile("add"),
    settings,
    files: {
      "package.json": `${JSON.stringify({ name: "target", version: "1.0.0", private: true, ...(isCommonJs ? {} : { type: "module" }), scripts: { test: runner === "node-test" ? "node --test" : runner } }, null, 2)}\n`,
      [`src/add.${ending}`]: isCommonJs ? `${add("function ")}module.exports = { add };\n` : add(fn),
      [testFile("add")]:
        `${[head, assert, bring("add")].filter((line) => line !== "").join("\n")}\n\ntest("adds", () => {\n  assert.equal(add(1, 2), 3);\n});\n`,
      ...config,
    },
    exported,
    tests,
    bring,
    honestCode: exported("  return left - right;"),
    wrongCode: exported("  return left + right;"),
    hardCoded: exported("  return left === 5 && right === 3 ? 2 : -2;"),
    one: (name, body, how = "test") => `${how}(${JSON.stringify(name)}, () => {\n${body}\n});`,
    proof: "  assert.equal(subtract(5, 3), 2);\n  assert.equal(subtract(3, 5), -2);",
    nothing: "  assert.equal(1, 1);",
    only: "test.only",
  };
}

/** Words of pytest. */
function python() {
  const bodyOf = (body) => `def subtract(left, right):\n${body}\n`;
  return {
    runner: "pytest",
    kind: "python",
    code: "src/subtract.py",
    test: "tests/test_subtract.py",
    oldTest: "tests/test_add.py",
    settings: { path: "pytest.ini", text: "[pytest]\npythonpath = src\naddopts = --deselect tests/test_subtract.py\n" },
    files: {
      "pytest.ini": "[pytest]\npythonpath = src\n",
      "src/add.py": "def add(left, right):\n    return left + right\n",
      "tests/test_add.py": "from add import add\n\n\ndef test_adds():\n    assert add(1, 2) == 3\n",
    },
    exported: bodyOf,
    tests: (...cases) =>
      `${/pytest[.]/.test(cases.join("")) ? "import pytest\n" : ""}from subtract import subtract\n\n\n${cases.join("\n\n\n")}\n`,
    honestCode: bodyOf("    return left - right"),
    wrongCode: bodyOf("    return left + right"),
    hardCoded: bodyOf("    return 2 if left == 5 and right == 3 else -2"),
    one: (name, body, mark = "") => `${mark}def test_${name.replaceAll(" ", "_")}():\n${body}`,
    proof: "    assert subtract(5, 3) == 2\n    assert subtract(3, 5) == -2",
    nothing: "    assert 1 == 1",
  };
}

const underTest = (ending) => (name) => `test/${name}.test.${ending}`;

export const RUNNERS = {
  vitest: () =>
    script({
      runner: "vitest",
      ending: "js",
      head: 'import { test } from "vitest";',
      testFile: underTest("js"),
      settings: {
        path: "vitest.config.js",
        text: 'export default { test: { exclude: ["test/subtract.test.js"], setupFiles: [] } };\n',
      },
    }),
  jest: () =>
    script({
      runner: "jest",
      ending: "js",
      head: "",
      isCommonJs: true,
      testFile: underTest("js"),
      settings: { path: "jest.config.js", text: 'module.exports = { testPathIgnorePatterns: ["subtract"] };\n' },
    }),
  mocha: () =>
    script({
      runner: "mocha",
      ending: "js",
      head: 'const { it: test } = require("mocha");',
      isCommonJs: true,
      testFile: underTest("js"),
      settings: { path: ".mocharc.json", text: '{ "grep": "adds" }\n' },
    }),
  "node-test": () =>
    script({
      runner: "node-test",
      ending: "js",
      head: 'import { test } from "node:test";',
      testFile: underTest("js"),
      settings: { path: ".npmrc", text: "node-options=--test-name-pattern=adds\n" },
    }),
  pytest: python,
};

/** `millwright.yaml` of such a project. */
export function configOf(words) {
  const dependencies = words.kind === "python" ? "{ install: none }" : "{ from: node_modules }";
  return `workflow: red-green\nmodels: { default: mailbox }\nindependence: none\nsuites:\n  - runner: ${words.runner}\ndependencies: ${dependencies}\ntypes: off\n`;
}
