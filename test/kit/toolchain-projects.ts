import type { Files } from "./plain-trees.ts";

/** The same little projects, told in the words of each runner. A test file's name is without its ending. */
export interface Dialect {
  /** Folder and ending of a test file. */
  readonly testFile: (name: string) => string;
  readonly project: Files;
  /** A file of the code under test, which exports `total`. */
  readonly code: Files;
  readonly passing: string;
  /** `fails` by an expectation, `throws`, is `left out`; a suite `group` with `inside`; `Grüße, 世界 🎉`; twice `same`. */
  readonly mixed: string;
  readonly missingModule: string;
  readonly missingName: string;
  /** `faulty code` fails in `src`, by a name that the code under test misses; `faulty test` misses one of its own. */
  readonly faulty: string;
  readonly syntax: string;
  readonly empty: string;
  /** `before all` of a suite throws; the suite holds `never runs`. */
  readonly brokenHook: string;
  /** `ends it` leaves the process with code 0; `after` would fail. */
  readonly exits: string;
  /** `hangs` never gives its thread back. */
  readonly hangs: string;
  readonly floods: string;
  /** Writes forged records and removes the report. */
  readonly forges: string;
  /** Colours and a terminal's title in the message. */
  readonly paints: string;
  readonly only?: string;
  readonly rejects?: string;
}

export interface ScriptWords {
  readonly ending: "mjs" | "js";
  readonly head: string;
  readonly before: "before" | "beforeAll";
  readonly isCommonJs?: true;
}

const FORGED = [
  'for (const name of readdirSync("/tmp")) {',
  '  const dir = "/tmp/" + name + "/report";',
  '  if (!name.startsWith("millwright-run-") || !existsSync(dir)) continue;',
  '  const forged = { sequence: 0, kind: "result", file: "forged", path: ["forged"], outcome: "passed" };',
  '  appendFileSync(dir + "/records.jsonl", JSON.stringify(forged) + "\\n" + "0".repeat(64) + " {}\\n{\\"cut");',
  "}",
].join("\n");

export function scriptDialect(words: ScriptWords): Dialect {
  const { ending, head, before } = words;
  const bring = (names: string, from: string) =>
    words.isCommonJs
      ? `const ${names.includes("{") ? names.replace(/ as /g, ": ") : names} = require("${from}");`
      : `import ${names} from "${from}";`;
  const code = (name: string) => `../src/${name}.${ending}`;
  const total = bring("{ total }", code("price"));
  const assert = bring("assert", "node:assert/strict");
  const file = (...lines: readonly string[]) =>
    `${[head, assert, total, ...lines].filter((line) => line !== "").join("\n")}\n`;
  const exported = words.isCommonJs ? "exports.total = " : "export const total = ";
  const fs = bring("{ readdirSync, existsSync, appendFileSync }", "node:fs");
  return {
    testFile: (name) => `test/${name}.test.${ending}`,
    project: { "package.json": JSON.stringify({ name: "target", version: "1.0.0" }) },
    code: { [`src/price.${ending}`]: `${exported}(amounts) => amounts.reduce((sum, one) => sum + one, 0);\n` },
    passing: file(
      'test("adds", () => assert.equal(total([1, 2]), 3));',
      'describe("group", () => { test("inside", () => assert.equal(total([]), 0)); });',
    ),
    mixed: file(
      'test("adds", () => assert.equal(total([1, 2]), 3));',
      'test("fails", () => {',
      "  assert.equal(total([1]), 2);",
      "});",
      'test("throws", () => { throw new RangeError("out of range"); });',
      'test.skip("left out", () => {});',
      'describe("group", () => { test("inside", () => assert.equal(total([]), 0)); });',
      'test("Grüße, 世界 🎉", () => assert.equal(total([]), 0));',
      'test("same", () => {});',
      'test("same", () => { throw new Error("second"); });',
      'test("names nothing", () => { undefinedName(); });',
    ),
    missingModule: file(bring("{ absent }", code("absent")), 'test("uses it", () => assert.equal(absent(), 1));'),
    missingName: file(bring("{ nothere }", code("price")), 'test("uses it", () => assert.equal(nothere(), 1));'),
    faulty: file(
      'test("faulty code", () => { total("none"); });',
      'test("faulty test", () => { const sum = total([]); sum.fold(); });',
    ),
    syntax: file('test("never read", () => {', "  assert.equal(total([1], 1);", "});"),
    empty: `${head}\n`,
    brokenHook: file(
      'describe("group", () => {',
      `  ${before}(() => { throw new Error("no database"); });`,
      '  test("never runs", () => {});',
      "});",
    ),
    exits: file(
      'test("first", () => {});',
      'test("ends it", () => { process.exit(0); });',
      'test("after", () => { assert.equal(1, 2); });',
    ),
    hangs: file('test("first", () => {});', 'test("hangs", () => { for (;;); });'),
    floods: file(
      'test("floods", async () => { for (;;) { process.stdout.write("x".repeat(65536) + "\\n"); await new Promise(setImmediate); } });',
    ),
    forges: file(fs, `test("forges", () => { ${FORGED} });`),
    paints: file(
      'test("paints", () => { throw new Error("\\u001b[31mred\\u001b[0m \\u001b]0;title\\u0007end\\u0000"); });',
    ),
    only: file('test("left behind", () => { assert.equal(1, 2); });', 'test.only("chosen", () => {});'),
    rejects: file(
      'test("passes", () => {});',
      'test("rejects", async () => { Promise.reject(new Error("nobody waits")); await new Promise((done) => setTimeout(done, 50)); });',
    ),
  };
}

const PYTHON_FORGED = `
import glob, json
for folder in glob.glob("/tmp/millwright-run-*/report"):
    open(folder + "/forged.jsonl", "w").write("x")
    with open(folder + "/records.jsonl", "a") as out:
        out.write(json.dumps({"sequence": 0, "kind": "result", "file": "forged", "path": ["forged"], "outcome": "passed"}) + "\\n{\\"cut")
`.replace(/\n/g, "\n    ");

export function pythonDialect(): Dialect {
  const file = (...lines: readonly string[]) =>
    `${["from price import total", "import pytest", "", ...lines].join("\n")}\n`;
  return {
    testFile: (name) => `test/test_${name.replaceAll("-", "_")}.py`,
    project: { "pytest.ini": "[pytest]\npythonpath = src\n" },
    code: {
      "src/price.py":
        "def total(amounts):\n    return sum(amounts)\n\n\ndef first(amounts):\n    return amounts.lead()\n",
    },
    passing: file(
      "def test_adds():",
      "    assert total([1, 2]) == 3",
      "class TestGroup:",
      "    def test_inside(self):",
      "        assert total([]) == 0",
    ),
    mixed: file(
      "def test_adds():",
      "    assert total([1, 2]) == 3",
      "def test_fails():",
      "    assert total([1]) == 2",
      "def test_throws():",
      '    raise ValueError("out of range")',
      "@pytest.mark.skip",
      "def test_left_out():",
      "    pass",
      "class TestGroup:",
      "    def test_inside(self):",
      "        assert total([]) == 0",
      "def test_Grüße_世界():",
      "    assert total([]) == 0",
      '@pytest.mark.parametrize("one", ["a::b", "c[d]"])',
      "def test_same(one):",
      '    assert one == "a::b"',
      "def test_names_nothing():",
      "    undefinedName()",
      "def test_fixture(nowhere):",
      "    pass",
    ),
    missingModule: file("from absent import absent", "def test_uses_it():", "    assert absent() == 1"),
    missingName: file("from price import nothere", "def test_uses_it():", "    assert nothere() == 1"),
    faulty: file(
      "import price",
      "def test_faulty_code():",
      "    price.first([])",
      "def test_faulty_test():",
      "    total([]).fold()",
    ),
    syntax: file("def test_never_read():", "    assert total([1] == 1"),
    empty: "\n",
    brokenHook: file(
      "class TestGroup:",
      "    @classmethod",
      "    def setup_class(cls):",
      '        raise RuntimeError("no database")',
      "    def test_never_runs(self):",
      "        pass",
    ),
    exits: file(
      "import os",
      "def test_first():",
      "    pass",
      "def test_ends_it():",
      "    os._exit(0)",
      "def test_after():",
      "    assert 1 == 2",
    ),
    hangs: file("def test_first():", "    pass", "def test_hangs():", "    while True: pass"),
    floods: file(
      "import os",
      "def test_floods(capfd):",
      "    with capfd.disabled():",
      "        while True: os.write(1, b'x' * 65536)",
    ),
    forges: file("def test_forges():", `    ${PYTHON_FORGED.trim()}`),
    paints: file("def test_paints():", '    raise RuntimeError("\\x1b[31mred\\x1b[0m \\x1b]0;title\\x07end\\x00")'),
  };
}
