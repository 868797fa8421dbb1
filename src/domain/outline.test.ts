import { expect, test } from "vitest";
import { hasOutline, outlineOf, symbolsOf } from "./outline.ts";
import { namedText, signaturesOf, touchedText, wordsOf } from "./outline-text.ts";

const SCRIPT = `import { x } from "./x.ts";

/** Adds. */
export function add(left: number, right: number): number {
  const inner = 1;
  return left + right + inner;
}

export default class Cart {
  total() {
    return 0;
  }
}

const LIMIT = 3;
export type Sum = {
  value: number;
};
`;

const PYTHON = `import pytest

LIMIT = 3


@pytest.fixture
def client(tmp_path):
    """The API."""
    yield 1


async def _hidden(
    a,
):
    return a
`;

test("declarations of a script are found with the comment above, those inside are not", () => {
  const { chunks } = outlineOf("a.ts", SCRIPT);
  expect(chunks.map(({ name, from, to, exported }) => [name, from, to, exported])).toEqual([
    ["add", 3, 7, true],
    ["Cart", 9, 13, true],
    ["LIMIT", 15, 15, false],
    ["Sum", 16, 18, true],
  ]);
  expect(symbolsOf(outlineOf("a.ts", SCRIPT))).toEqual(["add", "Cart", "Sum"]);
});

test("a fixture of Python is found with its decorator; a leading underscore hides", () => {
  const outline = outlineOf("tests/conftest.py", PYTHON);
  expect(outline.chunks.map(({ name, from }) => [name, from])).toEqual([
    ["LIMIT", 3],
    ["client", 6],
    ["_hidden", 12],
  ]);
  expect(symbolsOf(outline)).toEqual(["LIMIT", "client"]);
});

test("other languages, CommonJS and tests have their names too; files of tests offer none", () => {
  expect(symbolsOf(outlineOf("a.go", "func (s *Server) Serve() {\n}\ntype Server struct {\n}\n"))).toEqual([
    "Serve",
    "Server",
  ]);
  expect(symbolsOf(outlineOf("a.cjs", "function hidden() {}\nexports.add = () => 1;\n"))).toEqual(["add"]);
  const tests = outlineOf("a.test.ts", 'function made() {}\ndescribe("adding up", () => {\n});\n');
  expect(tests.chunks.map(({ name }) => name)).toEqual(["made", "adding up"]);
  expect(symbolsOf(tests)).toEqual([]);
  expect([hasOutline("a.md"), outlineOf("a.md", "# x").chunks]).toEqual([false, []]);
});

test("signatures are heads, doc strings and small types, without what is done", () => {
  expect(signaturesOf("a.ts", SCRIPT)).toBe(
    [
      "/** Adds. */\nexport function add(left: number, right: number): number {",
      "export default class Cart {",
      "const LIMIT = 3;",
      "export type Sum = {\n  value: number;\n};",
    ].join("\n\n"),
  );
  expect(signaturesOf("c.py", PYTHON)).toContain('@pytest.fixture\ndef client(tmp_path):\n    """The API."""');
  expect(signaturesOf("c.py", PYTHON)).toContain("async def _hidden(\n    a,\n):");
});

test("a long file keeps its head and what the task names; what is left out is said with its lines", () => {
  const many = Array.from({ length: 9 }, (_one, at) => `export function part${at}() {\n${"  work();\n".repeat(9)}}\n`);
  const text = `import { work } from "./work.ts";\n\n${many.join("\n")}`;
  const words = wordsOf("change `part4` please");
  const touched = touchedText("a.ts", text, words);
  expect(touched).toContain(many[4]?.trimEnd());
  expect(touched).toContain('import { work } from "./work.ts";');
  expect(touched).toContain("export function part0() {\n[lines 3-13 are shortened]");
  const least = namedText("a.ts", text, words);
  expect(least).toContain("[lines 3-50 are left out]");
  expect(least.length).toBeLessThan(touched.length);
  expect(touchedText("a.ts", "const a = 1;\n", words)).toBe("const a = 1;\n");
});
