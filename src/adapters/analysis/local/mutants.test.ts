import { describe, expect, it } from "vitest";
import { parseJavaScript } from "./javascript.ts";
import { mutantsOf } from "./mutants.ts";
import { isPython } from "./python.ts";

const typescript = `import { rate } from "./rate.js";
type Two = 2;
export function price(amount: number, member = true): number {
  if (amount < 0) throw new Error("negative");
  let sum = amount + rate(3);
  if (!member && amount >= 10) sum -= 1;
  log(sum);
  return sum;
}
`;
const python = `from app import rate

def price(amount: int, member=True) -> int:
    """Price of an amount."""
    if amount < 0:
        raise ValueError("negative")
    total = amount + rate(3)
    if not member and amount in LIST:
        total -= 1
    log(total)
    return total
`;
const everything = { from: 1, to: 99 };
const whats = async (path: string, text: string, lines = everything, limit = 100) =>
  (await mutantsOf({ path, text, lines, limit })).map(({ what }) => what).sort();

describe("mutants", () => {
  it("of TypeScript: comparisons, arithmetic, logic, literals, returns, conditions, removed statements", async () => {
    expect(await whats("price.ts", typescript)).toEqual(
      [
        "line 3: true became false",
        'line 4: throw new Error("negative"); became nothing',
        "line 4: 0 became 1",
        "line 4: < became <=",
        "line 4: amount < 0 became !(amount < 0)",
        "line 5: + became -",
        "line 5: 3 became 4",
        "line 6: !member && amount >= 10 became !(!member && amount >= 10)",
        "line 6: && became ||",
        "line 6: -= became +=",
        "line 6: 1 became 2",
        "line 6: 10 became 11",
        "line 6: >= became >",
        "line 6: sum -= 1; became nothing",
        "line 8: sum became undefined",
      ].sort(),
    );
  });

  it("of Python", async () => {
    expect(await whats("price.py", python)).toEqual(
      [
        "line 3: True became False",
        "line 5: < became <=",
        "line 5: 0 became 1",
        "line 5: amount < 0 became not (amount < 0)",
        'line 6: raise ValueError("negative") became nothing',
        "line 7: + became -",
        "line 7: 3 became 4",
        "line 7: total = amount + rate(3) became nothing",
        "line 8: and became or",
        "line 8: in became not in",
        "line 8: not member and amount in LIST became not (not member and amount in LIST)",
        "line 9: -= became +=",
        "line 9: 1 became 2",
        "line 9: total -= 1 became nothing",
        "line 11: total became None",
      ].sort(),
    );
  });

  it("all parse, all differ, and are the same each time", async () => {
    for (const [path, text] of [
      ["price.ts", typescript],
      ["price.py", python],
    ] as const) {
      const mutants = await mutantsOf({ path, text, lines: everything, limit: 100 });
      expect(new Set([text, ...mutants.map((one) => one.text)]).size).toBe(mutants.length + 1);
      expect(await mutantsOf({ path, text, lines: everything, limit: 100 })).toEqual(mutants);
      for (const mutant of mutants)
        expect(
          path.endsWith("py")
            ? await isPython(mutant.text)
            : (await parseJavaScript(path, mutant.text)).errors.length === 0,
        ).toBe(true);
    }
  });

  it("stay inside the lines, keep to the limit and spread over the range", async () => {
    expect(await whats("price.ts", typescript, { from: 5, to: 5 })).toEqual([
      "line 5: + became -",
      "line 5: 3 became 4",
    ]);
    const few = await mutantsOf({ path: "price.ts", text: typescript, lines: everything, limit: 4 });
    expect(new Set(few.map(({ what }) => what.split(":")[0])).size).toBe(4);
  });

  it("reach the end of a line that says everything at once", async () => {
    const text = "export const isLeap = (y: number) => y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0);\n";
    const some = await mutantsOf({ path: "leap.ts", text, lines: everything, limit: 8 });
    const inTheEnd = some.filter((mutant) => mutant.text.startsWith(text.slice(0, text.indexOf("y % 400"))));
    expect(inTheEnd.map(({ what }) => what)).toContain("line 1: % became *");
  });

  it("of a language or a text nobody can read are none", async () => {
    expect(await whats("a.rb", "1 + 1")).toEqual([]);
    expect(await whats("a.ts", "1 +")).toEqual([]);
  });
});
