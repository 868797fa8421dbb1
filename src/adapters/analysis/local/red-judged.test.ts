import { describe, expect, it } from "vitest";
import { driveGate, rules } from "../../../../test/kit/drive-gate.ts";
import { state, work } from "../../../../test/kit/gate-states.ts";
import { suites } from "../../../../test/kit/suite-looks.ts";
import { red } from "../../../domain/gates/red.ts";
import { writtenCases } from "./cases.ts";

const HEAD = 'import { test } from "vitest";\nimport { applyDiscount } from "../src/discount.ts";\n';

/** What red says of a test that fails on the base in the right way, once its own text has been parsed. */
async function judged(body: string, text?: string) {
  const written = await writtenCases("test/discount.test.ts", `${HEAD}test("AC1 is right", ${body});\n`);
  const accept = text === undefined ? {} : { accept: [{ id: "AC1", text }] };
  const said = { work: work({ code: [] }), task: { creates: ["src/discount.ts#applyDiscount"], ...accept } };
  return driveGate(red, state(said), suites({ red: ["test/discount.test.ts > AC1 is right: failed"], written }));
}

describe("red refuses a test that fails and proves nothing, by its own text", () => {
  it.each([
    ["red/no-assertion", "() => { applyDiscount(100, 10); }"],
    ["red/no-assertion", "() => { const price = applyDiscount(100, 10); }"],
    ["red/any-error", "() => { expect(() => applyDiscount(100, 10)).toThrow(); }"],
    ["red/any-error", "() => { assert.throws(() => applyDiscount(100, 10)); }"],
    ["red/not-awaited", "() => { applyDiscount(100, 10).then((price) => expect(price).toBe(90)); }"],
  ])("%s: %s", async (rule, body) => {
    const driven = await judged(body);
    expect(rules(driven)).toEqual([rule]);
    const [finding] = driven.verdict.kind === "refuse" ? driven.verdict.findings : [];
    expect(finding).toMatchObject({ answers: "tester", path: "test/discount.test.ts", line: 3 });
    expect(finding?.message).toContain('"AC1 is right"');
  });

  it.each([
    ["a value", "() => { expect(applyDiscount(100, 10)).toBe(90); }", undefined],
    ["a named error", "() => { expect(() => applyDiscount(-1, 10)).toThrow(RangeError); }", undefined],
    ["an awaited promise", "async () => { await applyDiscount(1, 1).then((it) => expect(it).toBe(1)); }", undefined],
    ["a check that something else makes", "() => { expectPrice(applyDiscount(100, 10)); }", undefined],
    [
      "any error, where the criterion speaks of one",
      "() => { expect(() => applyDiscount(-1, 10)).toThrow(); }",
      "a negative price throws",
    ],
  ])("and not one with %s", async (_name, body, text) => {
    expect(rules(await judged(body, text))).toEqual([]);
  });
});

describe("in Python", () => {
  const python = async (...lines: readonly string[]) => {
    const text = `from discount import apply_discount\n\n\ndef test_ac1_is_right():\n${lines.map((line) => `    ${line}\n`).join("")}`;
    const written = await writtenCases("test/discount_test.py", text);
    const task = { creates: ["src/discount.py#apply_discount"] };
    const look = suites({ red: ["test/discount.test.ts > test_ac1_is_right: failed"], written });
    return rules(driveGate(red, state({ work: work({ code: [] }), task }), look));
  };

  it("nothing and any error are refused alike, a value is not", async () => {
    expect(await python("apply_discount(100, 10)")).toEqual(["red/no-assertion"]);
    expect(await python("with pytest.raises(Exception):", "    apply_discount(100, 10)")).toEqual(["red/any-error"]);
    expect(await python("assert apply_discount(100, 10) == 90")).toEqual([]);
  });
});
