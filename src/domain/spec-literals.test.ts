import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type LiteralKind, literalKept, literalsOf } from "./spec-literals.ts";

const found = (text: string) => literalsOf(text).map(({ kind, text: literal }) => `${kind} ${literal}`);

describe("literals of a spec", () => {
  test.each([
    ["The header is #2563EB on #fff.", ["colour #2563EB", "colour #fff"]],
    ["Overlay: rgba(0, 0, 0, 0.5).", ["colour rgba(0, 0, 0, 0.5)"]],
    ["A radius of 8px, a gap of 1.5 rem and 50% opacity.", ["number 8px", "number 1.5 rem", "number 50%"]],
    ["At most 2 MB; after 300 ms it costs €5 or $0.99.", ["number 2 MB", "number 300 ms", "number €5", "number $0.99"]],
    ["Rotate by 45° within 60 s.", ["number 45°", "number 60 s"]],
    ["An 8-px grid and a 200-character title.", ["number 8-px", "number 200-character"]],
    ["between 1 and 20 entries, from 0 to 9", ["number 1", "number 20 entries", "number 0", "number 9"]],
    ["at least 8, up to 64, default 20", ["number 8", "number 64", "number 20"]],
    ["It says \"Buy milk\", “No todos” and 'Done'.", ["quoted Buy milk", "quoted No todos", "quoted Done"]],
    ["The user's list, the users' lists and don't", []],
    ['The message "must not\nbe empty" is shown', ["quoted must not be empty"]],
    ["`GET /todos/{id}` answers 404", ["route GET /todos/{id}", "status 404"]],
    ["POST /todos/{id}/done returns 204.", ["route POST /todos/{id}/done", "status 204"]],
    ["Open /settings/profile, not this and/or that.", ["route /settings/profile"]],
    ["A year like 404 bananas", []],
    [
      "`parse()`, `src/a.ts` and ``a `tick` b``",
      ["identifier parse()", "identifier src/a.ts", "identifier a `tick` b"],
    ],
    ["1. First\n2. Second\n\n- 3 pigs\n", []],
    ["## 3. Prices\n\nSee sections 4 and 5, step 6, Node 20 and Python 3.11.", []],
    ['# Release 2026-03-01\n\nSince 2024-05 [docs](https://example.org/a/404?x="y") and https://example.org/b/8px', []],
    ['```\nGET /x 404 "quoted" #123456\n```\n~~~json\n{"a": 1}\n~~~\nText 5px', ["number 5px"]],
    ['<!-- 5px "no" -->Text', []],
    ["| pieces | percent |\n|---|---|\n| 9 | 0 |\n| 10 | 5 |", ["number 9", "number 0", "number 10", "number 5"]],
    ["Fix issue #123 and #4567.", []],
    ["The background colour is #123.", ["colour #123"]],
    ["## What we do not want\n\nNo `cache`, no 5px.\n\n## Then\n\n`x`", ["identifier x"]],
    ["## Out of scope\n\n### Later\n\n`a`\n\n## In\n\n`b`", ["identifier b"]],
    ["`a` and again `a`", ["identifier a"]],
    ["-0.01 is refused, 16.99 is not", ["number -0.01", "number 16.99"]],
  ])("%j", (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  test("know their line, also in a paragraph of several lines", () => {
    expect(
      literalsOf('# Title\n\nfirst line\nsecond `here` line\n\n- item\n- "there"\n').map(({ text, line }) => [
        text,
        line,
      ]),
    ).toEqual([
      ["here", 4],
      ["there", 7],
    ]);
  });

  test("of our own examples are those that a reader would name", () => {
    const read = (path: string) => readFileSync(join(import.meta.dirname, "../../examples", path), "utf8");
    const pricing = found(read("pricing/specs/harden-pricing.md"));
    expect(pricing).toEqual(
      expect.arrayContaining(["quoted price must be >= 0", "number -0.01", "identifier ## bulkPercent", "number 49"]),
    );
    const todo = found(read("todo-api/specs/todo-api.md"));
    expect(todo).toEqual(
      expect.arrayContaining(["route POST /todos", "status 422", 'identifier {"detail": "Todo 42 not found"}']),
    );
  });

  test("are found in linear time", () => {
    const from = performance.now();
    literalsOf('word "quote `tick 12 px /route #fff 404 '.repeat(25_000));
    literalsOf(`${"a ".repeat(200_000)}\n${'"'.repeat(100_000)}\n${"`".repeat(100_000)}\n${"|".repeat(50_000)}`);
    expect(performance.now() - from).toBeLessThan(5000);
  });
});

describe("a literal is kept", () => {
  const kept = (kind: LiteralKind, text: string, criteria: string) => literalKept({ kind, text, line: 1 }, criteria);

  test.each<[LiteralKind, string, string]>([
    ["colour", "#2563eb", "the header is #2563EB"],
    ["colour", "rgba(0, 0, 0, 0.5)", "rgba(0,0,0,0.5)"],
    ["number", "8px", "a radius of 8 px"],
    ["number", "8-px", "an 8px grid"],
    ["number", "5 percent", "a discount of 5%"],
    ["number", "€5", "costs 5 €"],
    ["number", "201 characters", "a title of 201 times x"],
    ["number", "-0.01", "price(-0.01) throws"],
    ["number", "−0.01", "price(-0.01) throws"],
    ["number", "60 s", "within 60 seconds"],
    ["status", "404", "answers 404."],
    ["quoted", "price must be >= 0", "throws 'price must be >= 0'"],
    ["quoted", "No todos", "shows “No todos”"],
    ["quoted", "must not be empty", 'says "must not\nbe empty"'],
    ["identifier", "createWarning", "`createWarning` throws"],
    ["identifier", 'formatCurrency(0, "USD")', "`formatCurrency(0,'USD')` is"],
    ["identifier", '{"detail": "Todo 42 not found"}', 'the body { "detail": "Todo 42 not found" }'],
    ["identifier", "limit: 3", "with `limit: 3`"],
    ["identifier", "%", "a search for `%`"],
    ["route", "GET /todos/{id}", "`GET /todos/42` answers"],
    ["route", "/todos/{id}", "PUT /todos/:id answers"],
    ["route", "GET /todos", "GET /todos answers"],
  ])("%s %s in %j", (kind, text, criteria) => {
    expect(kept(kind, text, criteria)).toBe(true);
  });

  test.each<[LiteralKind, string, string]>([
    ["colour", "#2563eb", "the header is #2563ec"],
    ["colour", "#256", "the header is #2563eb"],
    ["number", "8px", "a radius of 18px"],
    ["number", "8px", "a radius of 8em"],
    ["number", "5", "0.5 and 15 and 5.5"],
    ["number", "0.01", "10.01"],
    ["status", "404", "answers 4040"],
    ["quoted", "low", "is allowed"],
    ["quoted", "No todos", "shows no todos"],
    ["identifier", "id", "the middle"],
    ["identifier", "createWarning", "createWarnings"],
    ["route", "GET /todos", "GET /todos/42 answers"],
    ["route", "GET /todos", "GET /todo answers"],
    ["route", "/todos/{id}", "/todos answers"],
  ])("%s %s not in %j", (kind, text, criteria) => {
    expect(kept(kind, text, criteria)).toBe(false);
  });
});
