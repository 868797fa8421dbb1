import { describe, expect, it } from "vitest";
import { commentedOutCode } from "./commented-out-code.ts";

/** Comments that are code, each a real way to leave it behind. */
const CODE: Readonly<Record<string, readonly string[]>> = {
  "a.ts": [
    "// const total = price * 2;",
    "// return total;\nfoo();",
    "// if (amount < 0) {\n//   throw new Error('negative');\n// }",
    "// console.log(total)",
    "//console.log({ total, tax })",
    "// import { tax } from './tax.js';",
    "// export const rate = 0.2",
    "/* const a = 1;\nconst b = 2; */",
    "/*\n * foo(a);\n * bar(b);\n */",
    "// this.total = 0",
    "// await save(order);",
    "// total += tax;",
    "// function price(amount) {\n//   return amount * 2;\n// }",
    "// The old way, before the rewrite\n// const old = legacy(amount);",
    "// test('old', () => {\n//   expect(1).toBe(1)\n// })",
    "// for (const item of items) sum += item.price;",
    "// try {\n//   go();\n// } catch {}",
    "// interface Price { amount: number }",
    "// foo(bar)\n// baz(qux)",
    "// break;\n// total = compute(amount);",
    "// expect(result).toBe(3)",
    "// throw new Error(`bad ${amount}`)",
    "// type Old = { a: string };",
    "// @ts-expect-error old\n// const x: number = 'a';",
  ],
  "a.py": [
    "# total = price * 2",
    "# print(total)",
    "# if amount < 0:\n#     raise ValueError('negative')",
    "# import os",
    "# from app import tax",
    "# return compute(total)",
    "# self.total = 0",
    "# def price(amount):\n#     return amount * 2",
    "# for item in items:\n#     total += item.price",
    "# session.commit()",
    "# total += 1",
    "# assert total == 3",
    "# The old way, before the rewrite\n# old = legacy(amount)",
    "# @app.get('/')\n# def index():\n#     return {}",
    "# with open(path) as file:\n#     text = file.read()",
    "# await client.get('/')",
    "# raise ValueError('bad')",
    "#x = 1",
  ],
};

/** Comments that are not code, although some of them parse. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  "a.ts": [
    "// Adds the tax.",
    "// see price()",
    "// TODO: handle negative amounts (see #12)",
    "// eslint-disable-next-line no-console",
    "// @ts-expect-error the types are wrong",
    "// biome-ignore lint/style/noNonNullAssertion: it is there",
    "/* istanbul ignore next */",
    "/** Example: const a = price(3); */",
    "/**\n * ```ts\n * const a = price(3);\n * ```\n */",
    "/// const a = price(3);",
    "// Copyright 2026 Somebody. All rights reserved.\n// const x = 1;",
    "// For example:\n//   const a = price(3);",
    "// e.g. foo(bar);",
    "// note: this",
    "// return early",
    "// otherwise",
    "// a, b, c",
    "// x",
    "// amount < 0",
    "// 1 + 2 = 3",
    "// if (x) then y",
    "// price(amount)",
    "// foo.bar",
    "// https://example.org/a?b=c;d",
    "//#region prices",
    "// -----------------------------",
    "// default: 3",
    "// { a: 1 }",
    "// <div>",
    "const a = 1; // const b = 2;",
    "const text = '// const b = 2;';",
    "// Rounds half up: 2.5 becomes 3 (not 2);",
    "// kF = kR - delta\n// kR = kF + delta",
    "// Calls next() when done.\n// Then stop().",
    "// The list is kept sorted, so that\n//   sum = sum + 1;\n// stays cheap",
  ],
  "a.py": [
    "# Adds the tax.",
    "# see price()",
    "# TODO: handle negative amounts (see #12)",
    "# noqa: F401",
    "# type: ignore",
    "# pylint: disable=invalid-name",
    "#!/usr/bin/env python3",
    "# -*- coding: utf-8 -*-",
    "# fmt: off",
    "# Copyright 2026 Somebody\n# x = 1",
    "# Example:\n#     price(3)\n#     x = 1",
    "# >>> x = 1",
    "# not needed",
    "# return",
    "# return early",
    "# pass",
    "# a, b",
    "# foo or bar",
    "# name: str",
    "# note: this",
    "# x is y",
    "# amount < 0",
    "# price(amount)",
    "# https://example.org",
    "# ---------",
    "# [1, 2]",
    "x = 1  # y = 2",
    "text = '''\n# y = 2\n'''",
    "# The list is kept sorted, so that\n#     total = total + 1\n# stays cheap",
    "# raise",
    "# if so, stop:",
    "# for the others see below",
    "# in: a, b",
    "# import",
  ],
};

const flagged = async (path: string, text: string) => (await commentedOutCode(path, text)).length > 0;

async function wrong(
  corpus: Readonly<Record<string, readonly string[]>>,
  expected: boolean,
): Promise<readonly string[]> {
  const missed: string[] = [];
  for (const [path, texts] of Object.entries(corpus))
    for (const text of texts) if ((await flagged(path, text)) !== expected) missed.push(`${path}: ${text}`);
  return missed;
}

describe("commented-out code", () => {
  it(`is found: ${Object.values(CODE).flat().length} of ${Object.values(CODE).flat().length}`, async () => {
    expect(await wrong(CODE, true)).toEqual([]);
  });

  it(`is not seen where there is none: 0 of ${Object.values(WORDS).flat().length}`, async () => {
    expect(await wrong(WORDS, false)).toEqual([]);
  });

  it("is one complaint a block, at the first line of code", async () => {
    const text = "// The old way, before the rewrite\n// const a = 1;\n// const b = 2;\n\nfoo();\n  // bar(1);\n";
    expect(await commentedOutCode("src/a.ts", text)).toEqual([
      expect.objectContaining({ path: "src/a.ts", line: 2, code: "commented-out-code", text: "// const a = 1;" }),
      expect.objectContaining({ line: 6, text: "// bar(1);" }),
    ]);
  });

  it("is not looked for in a file that does not parse or that nobody can read", async () => {
    expect(await flagged("a.ts", "// const a = 1;\nconst =")).toBe(false);
    expect(await flagged("a.rb", "# a = 1")).toBe(false);
  });

  it("costs little on a wall of comments", async () => {
    const wall = Array.from({ length: 3000 }, (_, index) => `// if (a${index}) && (b) the words (go) on; and on`).join(
      "\n",
    );
    const start = performance.now();
    await commentedOutCode("a.ts", wall);
    expect(performance.now() - start).toBeLessThan(4_000);
  });
});
