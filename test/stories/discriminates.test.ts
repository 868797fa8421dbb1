import { expect, test } from "vitest";
import type { ModelRequest } from "../../src/domain/model-call.ts";
import { CODE, calculator, honest, TESTS } from "../kit/calculator.ts";
import { facts, refusals, refusalText, tell } from "../kit/story.ts";

/** Red and green, and blind to which number comes first. */
const WEAK = TESTS.replace(
  /.*subtract\(5, 3\).*\n.*subtract\(3, 5\).*\n/,
  "  expect(typeof subtract(5, 3)).toBe('number');\n",
);
const MORE = `### EDIT tests/subtract.test.ts
<<<<<<< SEARCH
  expect(typeof subtract(5, 3)).toBe('number');
});
=======
  expect(typeof subtract(5, 3)).toBe('number');
});

test("AC1 tells left from right", () => {
  expect(subtract(3, 5)).toBe(-2);
});
>>>>>>> REPLACE
`;

function heard(wrong: Parameters<typeof honest>[0]) {
  const asked: ModelRequest[] = [];
  const script = honest(wrong);
  return {
    asked,
    script: (request: ModelRequest) => {
      asked.push(request);
      return script(request);
    },
  };
}

test("a change that the tests do not notice goes to the tester, whose new case stands", async () => {
  const { asked, script } = heard({ tester: [WEAK, MORE] });
  const told = await tell(calculator(), script);
  expect(told.outcome.kind, refusalText(told)).toBe("done");
  expect(refusals(told).filter((line) => line.startsWith("discriminates"))).toEqual([
    "discriminates: discriminates/survivor",
  ]);
  const [again] = asked.filter(({ role, attempt }) => role === "tester" && attempt === 2);
  expect(again?.user).toContain("(src/subtract.ts:2) - became +");
  const notes = facts(told, "gate-passed")
    .filter(({ gate }) => gate === "discriminates")
    .flatMap(({ notes }) => notes);
  expect(notes.join("\n")).toMatch(/notice (\d) of \1 small changes/);
});

test("asked once a task: what is left after the tester's word is the reviewer's to see", async () => {
  const { asked, script } = heard({ tester: [WEAK, "EQUIVALENT: AC1 says nothing of signs"] });
  const told = await tell(calculator(), script);
  expect(told.outcome.kind, refusalText(told)).toBe("done");
  expect(asked.filter(({ role }) => role === "tester")).toHaveLength(2);
  expect(asked.filter(({ role }) => role === "developer")).toHaveLength(1);
  const [review] = asked.filter(({ role }) => role === "reviewer");
  expect(review?.user).toContain("# Changes of the code, each tried alone, that the tests do not notice");
  expect(review?.user).toContain("- src/subtract.ts line 2: - became +");
});

test("EQUIVALENT is no answer to anything else", async () => {
  const { script } = heard({ developer: ["EQUIVALENT: I would rather not", CODE] });
  const told = await tell(calculator(), script);
  expect(told.outcome.kind, refusalText(told)).toBe("done");
  expect(refusals(told)).toContain("proposal: door/unusable-reply");
});

test("a maker that says itself that a criterion is not met gets its own words back, and its word stands beside the judge's", async () => {
  const { asked, script } = heard({
    developer: [
      `${CODE}\n### ASSESS\n- AC1: unmet — negative numbers are not done`,
      `${CODE}\n### ASSESS\n- **AC1**: met — src/subtract.ts`,
    ],
  });
  const told = await tell(calculator(), script);
  expect(told.outcome.kind, refusalText(told)).toBe("done");
  expect(refusals(told)).toContain("proposal: door/unmet-by-own-word");
  const second = asked.find(({ role, attempt }) => role === "developer" && attempt === 2);
  expect(second?.user).toContain('You say yourself that AC1 is not met: "negative numbers are not done"');
  expect(facts(told, "self-assessed").map(({ attempt, answers }) => [attempt, answers])).toEqual([
    [1, [{ id: "AC1", said: "unmet", because: "negative numbers are not done" }]],
    [2, [{ id: "AC1", said: "met", because: "src/subtract.ts" }]],
  ]);
  expect(facts(told, "reviewed").at(-1)?.criteria).toEqual([
    { id: "AC1", met: true, evidence: "src/subtract.ts: return left - right" },
  ]);
});
