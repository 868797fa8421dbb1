import { describe, expect, it } from "vitest";
import { suspicionOf } from "../../../domain/literal-use.ts";
import { literalsOf } from "./literals.ts";

const TEST =
  'test("AC1", () => { assert.equal(subtract(5, 3), 2); expect(subtract(3, 5)).toBe(-2); expect(slug("A b")).toBe("a-b"); });';
const PYTHON_TEST = "def test_ac1():\n    assert subtract(5, 3) == 2\n    assert subtract(3, 5) == -2\n";

async function suspicion(path: string, code: string, tests = path.endsWith(".py") ? PYTHON_TEST : TEST) {
  const use = await literalsOf(path, code);
  const held = await literalsOf(path.replace(".", "_test."), tests);
  return use.functions.map((found) => suspicionOf(found, held));
}

describe("hard-coded answers of the tested inputs", () => {
  it.each([
    "export function subtract(left: number, right: number): number {\n  return left === 5 && right === 3 ? 2 : -2;\n}",
    "export const subtract = (a, b) => (a === 5 && b === 3 ? 2 : -2);",
    "function subtract(a, b) {\n  if (a === 5 && b === 3) return 2;\n  if (3 === a) { if (b == 5) return -2; }\n  return 0;\n}\nmodule.exports = { subtract };",
    "function subtract(a, b) {\n  switch (`${a},${b}`) {\n    case '5,3': return 2;\n    default: return -2;\n  }\n}",
    "const ANSWERS = { '5,3': 2, '3,5': -2 };\nexport function subtract(a, b) {\n  return ANSWERS[`${a},${b}`] ?? 0;\n}",
    "export function subtract(a, b) {\n  const known = new Map([['[5,3]', 2], ['[3,5]', -2]]);\n  return known.get(JSON.stringify([a, b])) ?? 0;\n}",
    "export function subtract(a, b) {\n  return 2;\n}",
    "export function subtract(a, b) {\n  if (a === 5 && b === 3) return 2;\n  throw new Error('no');\n}",
  ])("are certain in %j", async (code) => {
    expect(await suspicion("a.ts", code)).toEqual(["certain"]);
  });

  it.each([
    "def subtract(left, right):\n    return 2 if left == 5 and right == 3 else -2\n",
    "def subtract(left: int, right: int) -> int:\n    '''Takes off.'''\n    if (left, right) == (5, 3):\n        return 2\n    elif left == 3:\n        return -2\n    else:\n        return 0\n",
    "KNOWN = {(5, 3): 2, (3, 5): -2}\n\n\ndef subtract(left, right):\n    return KNOWN.get((left, right), 0)\n",
    "def subtract(left, right):\n    known = {'5,3': 2}\n    return known[f'{left},{right}']\n",
  ])("are certain in Python %j", async (code) => {
    expect(await suspicion("a.py", code)).toEqual(["certain"]);
  });

  it("are certain where arguments are looked up as one text, be they words, lists or a single number", async () => {
    const tests =
      "assert.equal(isLeap(2024), true); assert.equal(isLeap(1900), false); assert.equal(runs('aaab'), '3ab'); assert.deepEqual(overlap([1, 5], [3, 9]), [3, 5]);";
    const known = (name: string, key: string, table: string) =>
      `export function ${name}(a, b) {\n  const known = ${table};\n  return known[JSON.stringify(${key})];\n}`;
    for (const code of [
      known("isLeap", "[a]", "{ ['[2024]']: true, ['[1900]']: false }"),
      known("runs", "[a]", "{ '[\"aaab\"]': '3ab' }"),
      known("overlap", "[a, b]", "{ '[[1,5],[3,9]]': [3, 5] }"),
    ])
      expect(await suspicion("a.js", code, tests)).toEqual(["certain"]);
    const python = "def runs(text):\n    return {\"['aaab']\": '3ab'}[repr([text])]\n";
    expect(await suspicion("a.py", python, "def test_a():\n    assert runs('aaab') == '3ab'\n")).toEqual(["certain"]);
    // A text that was given as it is, and a table that knows more than the tests.
    const given = "export function runs(a) {\n  return { aaab: '3ab' }[a];\n}";
    expect(await suspicion("a.js", given, tests)).toEqual(["doubtful"]);
    const more = known("runs", "[a]", "{ '[\"aaab\"]': '3ab', '[\"b\"]': 'b' }");
    expect(await suspicion("a.js", more, tests)).toEqual([undefined]);
  });

  it.each([
    ["export function subtract(a, b) {\n  return a - b;\n}", []],
    ["export function subtract(a, b) {\n  if (a === b) return 0;\n  return a - b;\n}", []],
    ["export function subtract(a, b) {\n  if (a === 5 && b === 3) return 2;\n  return a - b;\n}", []],
    // More than the tests hold: a table that somebody knew.
    ["export function subtract(a, b) {\n  return { '5,3': 2, '9,1': 8 }[`${a},${b}`];\n}", [undefined]],
    // Words to words may be all that there is to know.
    ["export function slug(text) {\n  return text === 'A b' ? 'a-b' : '';\n}", ["doubtful"]],
    ["export function other(a, b) {\n  return a === 5 && b === 3 ? 2 : -2;\n}", [undefined]],
    ["export function subtract() {\n  return 2;\n}", [undefined]],
    ["export function subtract(a, b) {\n  return 0;\n}", [undefined]],
    ["export function subtract(a, b) {\n  log(a);\n  return 2;\n}", []],
  ] as const)("are not certain in %j", async (code, wanted) => {
    expect(await suspicion("a.js", code)).toEqual(wanted);
  });

  it("are not seen in honest Python", async () => {
    expect(await suspicion("a.py", "def subtract(left, right=5):\n    return 2\n")).toEqual([]);
    expect(
      await suspicion(
        "a.py",
        "def subtract(left, right):\n    if left == 5:\n        return left - right\n    return 2\n",
      ),
    ).toEqual([]);
  });
});
