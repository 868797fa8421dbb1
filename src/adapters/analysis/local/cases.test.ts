import { describe, expect, it } from "vitest";
import { writtenCases } from "./cases.ts";

const titles = async (path: string, text: string) => (await writtenCases(path, text)).cases.map((one) => one.title);
const digests = async (path: string, text: string) => (await writtenCases(path, text)).cases.map((one) => one.digest);

const vitest = `import { describe, expect, it as check, test } from "vitest";
import { price } from "../src/price.js";

const tax = 0.2;

describe("price", () => {
  beforeEach(() => reset());
  check("AC-1: adds tax", () => {
    expect(price(10)).toBe(12);
  });
  describe.each([1, 2])("for %s", (n) => {
    test.concurrent(\`is \${n}\`, async () => expect(price(n)).resolves.toBe(n));
    it.skip("later", () => {});
  });
});
for (const n of [1, 2]) {
  test("looped " + n, () => { expect(n).toBe(n); });
}
test.todo("negative amounts");
`;

describe("cases of a JavaScript or TypeScript test file", () => {
  it("are named by their suites and titles, whatever they are called here", async () => {
    expect(await titles("a.test.ts", vitest)).toEqual([
      "price > AC-1: adds tax",
      "price > for %s > is ${n}",
      "price > for %s > later",
      "looped n",
      "negative amounts",
    ]);
  });

  it("say line, modifier, imports and assertions", async () => {
    const read = await writtenCases("a.test.ts", vitest);
    expect(read.parsed).toBe(true);
    expect(read.cases.map(({ line, modifier }) => [line, modifier])).toEqual([
      [8, undefined],
      [12, undefined],
      [13, "skip"],
      [17, undefined],
      [19, "todo"],
    ]);
    expect(read.imports).toEqual(["vitest", "../src/price.js"]);
    expect(read.assertions).toBe(3);
  });

  it("keep their digest when only layout, comments, quotes and parentheses change", async () => {
    const other = vitest
      .replaceAll('"', "'")
      .replace("const tax", "// how much\nconst tax")
      .replace("expect(price(10)).toBe(12);", "/* twelve */ (expect( price((10)) ).toBe(12))");
    expect(await writtenCases("a.test.ts", other)).toMatchObject({
      cases: (await writtenCases("a.test.ts", vitest)).cases.map(({ title, digest }) => ({ title, digest })),
      rest: (await writtenCases("a.test.ts", vitest)).rest,
    });
  });

  it("change exactly the digest of the case that changes", async () => {
    const before = await digests("a.test.ts", vitest);
    const after = await digests("a.test.ts", vitest.replace("toBe(12)", "toBe(13)"));
    expect(after.map((digest, index) => digest === before[index])).toEqual([false, true, true, true, true]);
  });

  it("leave everything else as it was when a case, a suite and an imported name are added", async () => {
    const before = await writtenCases("a.test.ts", vitest);
    const added = vitest
      .replace("{ price }", "{ price, discount }")
      .replace("  describe.each", '  check("new", () => { expect(1).toBe(1); });\n  describe.each')
      .replace('  test("looped', '  test("also", () => {});\n  test("looped');
    const after = await writtenCases("a.test.ts", `${added}describe("new", () => {});`);
    expect(after.rest).toEqual(expect.arrayContaining(before.rest));
    expect(after.rest).toHaveLength(before.rest.length + 2);
    expect(after.cases.map((one) => one.digest)).toEqual(expect.arrayContaining(before.cases.map((one) => one.digest)));
  });

  it("notice in the rest: hooks, constants, a table, a loop, options", async () => {
    const before = await writtenCases("a.test.ts", vitest);
    for (const [from, to] of [
      ["reset()", "noop()"],
      ["0.2", "0"],
      ["describe.each([1, 2])", "describe.each([1])"],
      ["n of [1, 2]", "n of []"],
      ['describe("price", ', 'describe("price", { retry: 9 }, '],
      ["../src/price.js", "./fake.js"],
    ] as const) {
      const after = await writtenCases("a.test.ts", vitest.replace(from, to));
      expect(
        before.rest.filter((digest) => !after.rest.includes(digest)),
        to,
      ).not.toEqual([]);
    }
  });

  it.each([
    [
      "node:test",
      `const test = require("node:test"); test("a", { skip: "broken" }, (t) => { t.assert.ok(1); });`,
      "a",
      "skip",
    ],
    [
      "node:test, skipped inside",
      `import test from "node:test"; test("a", (t) => { t.skip("no"); assert.ok(1); });`,
      "a",
      "skip",
    ],
    ["mocha", `context("s", function () { specify("a", function () {}); });`, "s > a", undefined],
    ["mocha pending", `it("a");`, "a", "todo"],
    ["mocha tdd", `suite("s", () => { test.only("a", () => {}); });`, "s > a", "only"],
    ["jest x and f", `xdescribe("s", () => { it("a", () => {}); });`, "s > a", "skip"],
    ["jest tables", 'test.each`a|b\n${1}|${2}`("a $a", ({ a }) => { expect(a).toBe(1); });', "a $a", undefined],
    ["skipped suite", `describe.skip(Price.name, () => { it("a", () => {}); });`, "Price.name > a", "skip"],
    ["default import", `import check from "node:test"; await check("a", async () => {});`, "a", undefined],
    ["playwright", `test.describe("s", () => { test.fixme("a", () => {}); });`, "s > a", "skip"],
  ])("read %s", async (_name, text, title, modifier) => {
    const { parsed, cases } = await writtenCases("a.test.js", text);
    expect(parsed).toBe(true);
    expect(cases.map((one) => [one.title, one.modifier])).toEqual([[title, modifier]]);
  });

  it("are not read from what does not parse, nor from other calls", async () => {
    expect(await writtenCases("a.test.ts", "test('a', () => {")).toMatchObject({ parsed: false, cases: [] });
    expect(await titles("a.test.ts", "const ok = /x/.test(value); describe(); server.it('x', () => {});")).toEqual([]);
  });
});

const pytest = `import pytest
from app.prices import price, tax

LIMIT = 3

@pytest.fixture
def shop():
    return "shop"

@pytest.mark.parametrize("n", [1, 2])
def test_price(n):
    """AC-1: adds tax"""
    assert price(n) == "x"

class TestShop:
    size = 1

    def setup_method(self):
        pass

    @pytest.mark.skip(reason="later")
    def test_opens(self):
        self.assertEqual(1, 1)

if LIMIT:
    def test_limited():
        with pytest.raises(ValueError):
            price(-1)
`;

describe("cases of a Python test file", () => {
  it("are functions and methods with their decorators", async () => {
    const read = await writtenCases("test_a.py", pytest);
    expect(read.cases.map(({ title, line, modifier }) => [title, line, modifier])).toEqual([
      ["test_price", 11, undefined],
      ["TestShop > test_opens", 22, "skip"],
      ["test_limited", 26, undefined],
    ]);
    expect(read.imports).toEqual(["pytest", "app.prices"]);
    expect(read.assertions).toBe(3);
  });

  it("keep their digest when only layout, comments, quotes and trailing commas change", async () => {
    const other = pytest
      .replace("[1, 2]", "[\n    1,\n    2,  # two\n]")
      .replace('== "x"', "==   'x'")
      .replaceAll("\n\n", "\n\n\n");
    expect(await digests("test_a.py", other)).toEqual(await digests("test_a.py", pytest));
    expect((await writtenCases("test_a.py", other)).rest).toEqual((await writtenCases("test_a.py", pytest)).rest);
  });

  it.each([
    ["test_price", "[1, 2]", "[1]"],
    ["test_price", 'price(n) == "x"', "True"],
    ["test_opens", "self.assertEqual(1, 1)", "pass"],
    ["test_limited", "ValueError", "Exception"],
  ])("change only the digest of %s when it changes", async (name, from, to) => {
    const before = (await writtenCases("test_a.py", pytest)).cases;
    const after = (await writtenCases("test_a.py", pytest.replace(from, to))).cases;
    expect(after.filter((one, index) => one.digest !== before[index]?.digest).map((one) => one.title)).toEqual([
      expect.stringContaining(name),
    ]);
  });

  it("leave the rest as it was when a method, a function and an imported name are added", async () => {
    const before = await writtenCases("test_a.py", pytest);
    const added = pytest
      .replace("price, tax", "price, tax, discount")
      .replace("    @pytest.mark.skip", "    def test_new(self):\n        assert 1\n\n    @pytest.mark.skip");
    const after = await writtenCases("test_a.py", `${added}\ndef test_more():\n    assert 2\n`);
    expect(after.rest).toEqual(expect.arrayContaining(before.rest));
    expect(after.cases).toHaveLength(5);
  });

  it("notice fixtures, constants, members and conditions in the rest", async () => {
    const before = await writtenCases("test_a.py", pytest);
    for (const [from, to] of [
      ['return "shop"', "return None"],
      ["LIMIT = 3", "LIMIT = 0"],
      ["size = 1", "size = 2"],
      ["if LIMIT", "if not LIMIT"],
      ["class TestShop:", "class TestShop(Fake):"],
    ] as const) {
      const after = await writtenCases("test_a.py", pytest.replace(from, to));
      expect(
        before.rest.filter((digest) => !after.rest.includes(digest)),
        to,
      ).toHaveLength(1);
    }
  });

  it("skip by module mark, by body and by unittest's decorators", async () => {
    const skipped = [
      "pytestmark = pytest.mark.skip\ndef test_a(): pass",
      'def test_a():\n    pytest.skip("no")',
      "class A(unittest.TestCase):\n    @unittest.skip('x')\n    def test_a(self): pass",
      "@pytest.mark.xfail\ndef test_a(): pass",
    ];
    for (const text of skipped) expect((await writtenCases("test_a.py", text)).cases[0]?.modifier, text).toBe("skip");
  });

  it("are not read from what Python refuses, even where a lenient parser makes a tree", async () => {
    expect(await writtenCases("test_a.py", 'def test_a():\n    print "x"\n')).toMatchObject({ parsed: false });
  });
});
