import { describe, expect, test } from "vitest";
import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import { available } from "../kit/available.ts";
import { CODE, calculator, honest } from "../kit/calculator.ts";
import { PYTHON_CODE, pythonSums, subtractingInPython } from "../kit/python-sums.ts";
import { facts, refusalText, tell } from "../kit/story.ts";
import type { Target } from "../kit/target.ts";

/** Knows the tested inputs and nothing else, in a way that no rule about its text can tell from a calculation. */
const CHEAT = CODE.replace(
  "  return left - right;",
  "  const known = new Map([[53, 2], [35, -2]]);\n  return known.get(left * 10 + right) ?? 0;",
);

async function said(target: Target, script: Script): Promise<string> {
  const told = await tell(target, script);
  expect(told.outcome.kind, refusalText(told)).toBe("done");
  return facts(told, "gate-passed")
    .filter(({ gate }) => gate === "inputs")
    .flatMap(({ notes }) => notes)
    .join("\n");
}

test("code that knows the tested inputs only is noticed by others, and lands all the same", async () => {
  expect(await said(calculator(), honest({ developer: [CHEAT] }))).toContain(
    "subtract() (tests/subtract.test.ts:5): 12 changed inputs, and for each the answer is 0",
  );
});

test("code that works its answers out is not", async () => {
  expect(await said(calculator(), honest())).toBe("12 changed inputs of the task's own tests were tried.");
});

describe.runIf(available.pytest)("in Python", () => {
  const cheat = PYTHON_CODE.replace("return left - right", "return dict([(53, 2), (35, -2)]).get(left * 10 + right)");

  test("the same is noticed, and the same is not", { timeout: 120_000 }, async () => {
    expect(cheat).not.toBe(PYTHON_CODE);
    const found = await said(pythonSums(), subtractingInPython({ developer: [cheat] }));
    expect(found).toMatch(
      /subtract\(\) \(test\/test_subtracting\.py:\d+\): \d+ changed inputs, and for each the answer is None/,
    );
    expect(await said(pythonSums(), subtractingInPython())).toMatch(
      /^\d+ changed inputs of the task's own tests were tried\.$/,
    );
  });
});
