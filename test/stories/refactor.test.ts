import { expect, test } from "vitest";
import { CODE, calculator, honest } from "../kit/calculator.ts";
import { facts, refusals, refusalText, tell } from "../kit/story.ts";

const OFFER = `name: offer
description: Red-green with a refactoring.
refactor: offer
gates: [{ gate: door }, { gate: red }, { gate: green }, { gate: review }, { gate: current }]
`;

function offering() {
  return calculator({
    "workflows/offer.yaml": OFFER,
    "millwright.yaml":
      "workflow: workflows/offer.yaml\nmodels: { default: mailbox }\nindependence: none\nsuites:\n  - runner: vitest\ndependencies: { from: node_modules }\n",
  });
}

const tidied = (body: string) => `### EDIT src/subtract.ts
<<<<<<< SEARCH
  return left - right;
=======
${body}
>>>>>>> REPLACE
`;

const landedCode = (target: ReturnType<typeof calculator>) => target.git("show", "loop/subtract:src/subtract.ts");

test("tidied code that passes every gate lands", async () => {
  const target = offering();
  const told = await tell(
    target,
    honest({ developer: [CODE, tidied("  const difference = left - right;\n  return difference;")] }),
  );
  expect(told.outcome.kind, refusalText(told)).toBe("done");
  expect(landedCode(target)).toContain("const difference");
  expect(facts(told, "answered").filter(({ role }) => role === "developer")).toHaveLength(2);
  target.remove();
});

test.each([
  ["a gate refuses it", tidied("  return right - left;"), "green: green/fails"],
  ["the door refuses it", "### DELETE tests/subtract.test.ts\n", undefined],
  ["it is declined", "EQUIVALENT: it is one line", undefined],
  ["it is said to be impossible", "IMPOSSIBLE: nothing to tidy", undefined],
] as const)("what was proven lands when %s", async (_how, answer, refusal) => {
  const target = offering();
  const told = await tell(target, honest({ developer: [CODE, answer] }));
  expect(told.outcome.kind, refusalText(told)).toBe("done");
  expect(landedCode(target)).toContain("return left - right;");
  if (refusal) expect(refusals(told)).toContain(refusal);
  expect(facts(told, "answered").filter(({ role }) => role === "developer")).toHaveLength(2);
  expect(facts(told, "answered").filter(({ role }) => role === "architect")).toHaveLength(1);
  target.remove();
});
