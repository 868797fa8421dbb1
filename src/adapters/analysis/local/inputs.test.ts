import { describe, expect, it } from "vitest";
import { visibleCalls } from "./inputs.ts";

const script = (body: string, top = "") =>
  `import { expect, it, test } from "vitest";\nimport { half, Cart } from "../src/half.ts";\n${top}\n${body}\n`;

async function read(text: string, path = "test/half.test.ts") {
  const calls = await visibleCalls(path, text);
  return calls.map(({ observed, variants }) => [observed, variants.map(({ what }) => what)] as const);
}

describe("what a test looks at, and its inputs changed one at a time", () => {
  it("is the call that is compared, never what it is compared with", async () => {
    expect(await read(script('test("AC1 of 8", () => { expect(half(8)).toBe(4); });'))).toEqual([
      ["half()", ["8 became 9", "8 became 16", "8 became 7"]],
    ]);
    expect(await read(script('test("a", () => { assert.deepEqual(half("b"), [4]); });'))).toEqual([
      ["half()", ['"b" became "c"', '"b" became "bb"']],
    ]);
  });

  it.each([
    ["half(0.5)", ["0.5 became 1.5", "0.5 became 1.0"]],
    ["half(true)", ["true became false"]],
    ['half("")', ['"" became "a"', '"" became "0"']],
    ["half({ 8: [true] })", ["[true] became [true, true]", "true became false"]],
    ["half({ 'key': true }['key'])", ["true became false"]],
  ])("changes what is an input in %s", async (call, changes) => {
    expect(await read(script(`test("a", () => { expect(${call}).toBe(4); });`))).toEqual([["half()", changes]]);
  });

  it("follows names, and changes only what bears on them", async () => {
    const body =
      'test("a", () => {\n  const other = half(100);\n  const cart = new Cart("EUR");\n  cart.add(true);\n  const { sum } = cart.total();\n  expect(sum).toBe(4);\n});';
    expect(await read(script(body))).toEqual([
      [
        "Cart().total().sum",
        ['"EUR" became "EUS"', "true became false", '"EUR" became "FUR"', '"EUR" became "EUREUR"', '"EUR" became "EU"'],
      ],
    ]);
  });

  it("reads tables, and leaves out the column that is only expected", async () => {
    const table = 'it.each([[8, 4], [2, 1]])("halves %i", (whole, wanted) => { expect(half(whole)).toBe(wanted); });';
    expect(await read(script(table))).toEqual([
      ["half()", ["8 became 9", "8 became 16", "8 became 7"]],
      ["half()", ["2 became 3", "2 became 4", "2 became 1"]],
    ]);
    const python =
      "import pytest\nfrom app.halves import half\n\n\n@pytest.mark.parametrize('whole,wanted', [(8, 4)])\ndef test_a(whole, wanted):\n    assert half(whole) == wanted\n";
    expect(await read(python, "test/test_a.py")).toEqual([["half()", ["8 became 9", "8 became 16", "8 became 7"]]]);
  });

  it("reads Python, in functions and in classes", async () => {
    const text =
      "import unittest\nfrom app.halves import half\n\n\ndef test_a():\n    whole = 'b'\n    assert half(whole) == 4\n\n\nclass TestB(unittest.TestCase):\n    def test_b(self):\n        self.assertEqual(half(True), 4)\n\n\ndef test_c(client):\n    assert half(1) == client\n";
    expect(await read(text, "test/test_a.py")).toEqual([
      ["half()", ['"b" became "c"', '"b" became "bb"'].map((one) => one.replace('"b"', "'b'"))],
      ["half()", ["True became False"]],
    ]);
  });

  it.each([
    "expect(() => half(8)).toThrow();",
    "expect(half(8)).toThrow();",
    "await expect(half(8)).rejects.toThrow();",
    "assert.throws(() => half(8));",
    "expect(8).toBe(8);",
    "expect(own(8)).toBe(4);",
    "if (true) expect(half(8)).toBe(4);",
  ])("says nothing of %s", async (statement) => {
    expect(await read(script(`test("a", async () => { ${statement} });`, "const own = (n) => n;"))).toEqual([]);
  });

  it("makes text that runs anywhere: imports, declarations and what runs before each come with it", async () => {
    const text = script(
      'describe("a", () => {\n  let cart;\n  beforeEach(() => { cart = new Cart(start); });\n  it("b", () => { expect(half(cart.total())).toBe(4); });\n});',
      "const start = 3;",
    );
    const [call] = await visibleCalls("test/half.test.ts", text);
    expect(call?.setup).toEqual([
      'const { "expect": expect, "it": it, "test": test } = await import("vitest");',
      'const { "half": half, "Cart": Cart } = await import("../src/half.ts");',
      "const start = 3;",
      "let cart;",
    ]);
    expect(call?.call).toContain("cart = new Cart(start);");
    expect(call?.from).toBe("../src/half.ts");
  });
});
