import type { Runner } from "./config.ts";

type Template = (neighbour: string) => string;

/** Writes the canary for a runner, given the neighbour's text; undefined for a runner that none is known for. */
export function canaryText(runner: Runner, beside: string): Template | undefined {
  switch (runner) {
    case "vitest":
      return (neighbour) => vitestCanary(readScript(neighbour, beside));
    case "jest":
      return (neighbour) => jestCanary(readScript(neighbour, beside));
    case "mocha":
      return (neighbour) => assertCanary(readScript(neighbour, beside), MOCHA_TEST, "");
    case "node-test":
      return (neighbour) => assertCanary(readScript(neighbour, beside), "millwrightTest", "node:test");
    case "pytest":
      return pytestCanary;
    case "junit":
    case "tap":
    case "command":
      return undefined;
  }
}

const NAME = JSON.stringify("millwright canary must fail");
/** Mocha's other interface calls its tests `test`. */
const MOCHA_TEST = `(typeof it === "function" ? it : test)`;

/** What a planted test has to know of its neighbour. */
export interface Script {
  readonly commonJs: boolean;
  /** Module specifiers, without the test frameworks'. */
  readonly imports: readonly string[];
  readonly chai: boolean;
  /** Asserts through Node's own `assert`. */
  readonly asserts: boolean;
  readonly jestGlobals: boolean;
}

const FRAMEWORK =
  /^(?:vitest(?:\/.*)?|node:test|mocha|chai|node:assert(?:\/strict)?|assert(?:\/strict)?|@jest\/globals)$/;

/** How the test file `beside` speaks. */
export function readScript(neighbour: string, beside: string): Script {
  const code = neighbour.replace(/^\s*(?:\/\/.*|\/\*[\s\S]*?\*\/)/gm, "");
  const isModule = /^\s*(?:import\b\s*["'{*\w]|export\b)/m.test(code);
  const commonJs = /\.c[jt]s$/.test(beside) || (/\brequire\(/.test(code) && !isModule && !/\.m[jt]s$/.test(beside));
  const found = [
    ...code.matchAll(/^\s*(?:import|export)\b(?!\s+type\b)[^;"'()]*?\bfrom\s*["']([^"'\n]+)["']/gm),
    ...code.matchAll(/^\s*import\s*["']([^"'\n]+)["']/gm),
    ...code.matchAll(/\b(?:require|import)\(\s*["']([^"'\n]+)["']\s*\)/g),
  ].map((match) => match[1] ?? "");
  return {
    commonJs,
    imports: [...new Set(found)].filter((path) => !FRAMEWORK.test(path)),
    chai: found.includes("chai"),
    asserts: found.some((path) => /^(?:node:)?assert(?:\/strict)?$/.test(path)),
    jestGlobals: found.includes("@jest/globals"),
  };
}

const EXPECTATIONS = [
  "(1).toBe(2)",
  "(1).toEqual(2)",
  "({ a: 1 }).toStrictEqual({ a: 2 })",
  "({ a: 1 }).toMatchObject({ a: 2 })",
  "(false).toBeTruthy()",
  "(true).toBeFalsy()",
  "(1).toBeUndefined()",
  "([1]).toContain(2)",
  "([1]).toHaveLength(2)",
  "(1).toBeGreaterThan(2)",
  "(() => 1).toThrow()",
  "(1).not.toBe(1)",
];

function vitestCanary(script: Script): string {
  const own = {
    head: imported(script, "{ expect as millwrightExpect, test as millwrightTest }", "vitest"),
    test: "millwrightTest",
  };
  return body(
    script,
    withAssertions(
      script,
      own,
      EXPECTATIONS.map((lie) => `millwrightExpect${lie}`),
    ),
  );
}

function jestCanary(script: Script): string {
  const names = "{ expect as millwrightExpect, test as millwrightTest }";
  const { jestGlobals } = script;
  const own = {
    head: jestGlobals ? imported(script, names, "@jest/globals") : "",
    test: jestGlobals ? "millwrightTest" : "test",
  };
  const expectation = jestGlobals ? "millwrightExpect" : "expect";
  return body(
    script,
    withAssertions(
      script,
      own,
      EXPECTATIONS.map((lie) => expectation + lie),
    ),
  );
}

function assertCanary(script: Script, test: string, runner: string): string {
  const own = { head: runner === "" ? "" : imported(script, test, runner), test };
  return body(script, withAssertions({ ...script, asserts: true }, own, []));
}

const ASSERTIONS = [
  "strictEqual(1, 2)",
  "equal(1, 2)",
  "deepStrictEqual([1], [2])",
  "deepEqual([1], [2])",
  "ok(false)",
  "notStrictEqual(1, 1)",
  "throws(() => 1)",
  "match('a', /b/)",
  "strict.equal(1, 2)",
  "strict.deepEqual([1], [2])",
];
const CHAI = ["expect(1).to.equal(2)", "expect([1]).to.deep.equal([2])", "assert.equal(1, 2)"];

/** A runner's own lies, and those of every other library that the neighbour asserts with. */
function withAssertions(script: Script, own: { head: string; test: string }, lies: readonly string[]) {
  const { asserts, chai, commonJs } = script;
  return {
    test: own.test,
    head: [
      own.head,
      asserts ? imported(script, "millwrightAssert", "node:assert") : "",
      chai ? imported(script, commonJs ? "millwrightChai" : "* as millwrightChai", "chai") : "",
    ].join("\n"),
    lies: [
      ...lies,
      ...(asserts ? ASSERTIONS.map((lie) => `millwrightAssert.${lie}`) : []),
      ...(chai ? CHAI.map((lie) => `millwrightChai.${lie}`) : []),
    ],
  };
}

/** An import in the neighbour's own module system. */
export function imported(script: Pick<Script, "commonJs">, names: string, from: string): string {
  const path = JSON.stringify(from);
  if (!script.commonJs) return `import ${names} from ${path};`;
  return `const ${names.replaceAll(" as ", ": ")} = require(${path});`;
}

/**
 * The neighbour's modules are loaded inside the test, each for itself, so that one that cannot be loaded here (a style
 * sheet, a type) breaks nothing. Then every lie must be caught; if one is not, the canary passes, and that is noticed.
 */
function body(script: Script, parts: { head: string; test: string; lies: readonly string[] }): string {
  const loads = script.imports.map((path) =>
    script.commonJs
      ? `  try { require(${JSON.stringify(path)}); } catch {}`
      : `  await import(/* @vite-ignore */ String(${JSON.stringify(path)})).catch(() => undefined);`,
  );
  return `${[
    parts.head,
    `${parts.test}(${NAME}, async () => {`,
    ...loads,
    `  const lies = [${parts.lies.map((lie) => `\n    () => ${lie},`).join("")}\n  ];`,
    "  const believed = lies.filter((lie) => { try { lie(); return true; } catch { return false; } });",
    "  if (believed.length > 0) return;",
    `  ${parts.lies[0]};`,
    "});",
  ]
    .filter((line) => line !== "")
    .join("\n")}\n`;
}

function pytestCanary(neighbour: string): string {
  const names = pythonModules(neighbour).map((name) => JSON.stringify(name));
  return `import importlib
import unittest

import pytest


def _raises_nothing():
    with pytest.raises(ValueError):
        pass


def test_millwright_canary_must_fail():
    for name in [${names.join(", ")}]:
        try:
            importlib.import_module(name, __package__ or None)
        except Exception:
            pass
    case = unittest.TestCase()
    lies = [
        _raises_nothing,
        lambda: pytest.fail("a lie"),
        lambda: case.assertEqual(1, 2),
        lambda: case.assertTrue(False),
    ]
    believed = 0
    for lie in lies:
        try:
            lie()
            believed += 1
        except BaseException:
            pass
    if believed:
        return
    assert 1 == 2
`;
}

/** Modules that a Python file imports. */
export function pythonModules(text: string): readonly string[] {
  const names = [...text.matchAll(/^from\s+([.\w]+)\s+import\b/gm)].map((match) => match[1] ?? "");
  const plain = [...text.matchAll(/^import\s+([\w., ]+)/gm)].flatMap((match) =>
    (match[1] ?? "").split(",").map((part) => part.trim().split(/\s+as\s+/)[0] ?? ""),
  );
  return [...new Set([...names, ...plain])].filter((name) => name !== "" && name !== "__future__");
}
