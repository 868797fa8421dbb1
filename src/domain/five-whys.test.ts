import { describe, expect, test } from "vitest";
import { type Answer, answerProblems, blames, isPlaceholder, provenBy, whysProblems } from "./five-whys.ts";
import { analysisOf, evidenceOf } from "./incident-opening.ts";
import type { Incident, Why } from "./incident-record.ts";

const report = {
  key: "k",
  run: "r1",
  task: "T1",
  kind: "tampering",
  stops: true,
  at: "door",
  problem: "T1 changes a test",
  evidence: ["tests/a.test.ts"],
} as const;

function incident(whys: readonly Why[] = []): Incident {
  const evidence = evidenceOf(report, { id: "INC-1", at: 0, around: { status: [] } });
  return { id: "INC-1", evidence, analysis: { ...analysisOf(report), whys: [...whys] }, actions: [], documents: {} };
}

function why(number: number, change: Partial<Why> = {}): Why {
  const words = ["one", "two", "three", "four", "five", "six"][number - 1];
  const verification = { kind: "quote", path: "a.ts", line: number, quote: "abc", tree: "t" } as const;
  return { answer: `the cause of ${words} lies deeper`, verification, ...change };
}

function answer(change: Partial<Answer> = {}): Answer {
  return {
    answer: "the gate looked at no fixture",
    verification: { kind: "command", command: "grep -q fixture gate.ts" },
    proven: false,
    ...change,
  };
}

const problems = (given: Answer, whys: readonly Why[] = []) => answerProblems(given, incident(whys), 5).join("\n");

test("an answer in a sentence with something that verifies it is taken", () => {
  expect(problems(answer())).toBe("");
  expect(problems(answer({ verification: { kind: "quote", path: "a.ts", line: 3, quote: "a - b" } }))).toBe("");
});

describe("placeholders are refused", () => {
  test.each([
    "",
    "  ",
    "TBD",
    "todo",
    "N/A",
    "n/a.",
    "[…]",
    "[...]",
    "…",
    "...",
    "?",
    "-",
    "unknown",
    "**TBD**",
    "see above",
    "because [describe the cause here] it failed",
    "TODO: find out why it failed",
    "<your answer>",
  ])("answer %j", (text) => {
    expect(isPlaceholder(text) || problems(answer({ answer: text })) !== "").toBe(true);
    expect(problems(answer({ answer: text }))).not.toBe("");
  });

  test("an answer of two words is none", () =>
    expect(problems(answer({ answer: "bad code" }))).toContain("is no answer"));

  test.each(["", "TODO", "[…]"])("command %j", (command) => {
    expect(problems(answer({ verification: { kind: "command", command } }))).toContain("is no command");
  });

  test.each(["", "}", "…", "[...]", "TBD"])("quote %j", (quote) => {
    const verification = { kind: "quote", path: "a.ts", line: 1, quote } as const;
    expect(problems(answer({ verification }))).toContain("is no quote");
  });

  test.each(["true", ":", "exit 0", "echo it is so", "printf ok", "test 1", " true "])(
    "the command %j verifies nothing",
    (command) => {
      expect(problems(answer({ verification: { kind: "command", command } }))).toContain("whatever the cause is");
    },
  );

  test.each(["echo a | grep -q b", "npm test", "test -f a.ts", "! grep -q x a.ts"])("the command %j may", (command) => {
    expect(problems(answer({ verification: { kind: "command", command } }))).toBe("");
  });
});

test("the same answer and the same look again are refused", () => {
  const before = why(1, {
    answer: "The gate looked at no  fixture",
    verification: { kind: "command", command: "grep -q fixture gate.ts", tree: "t", exitCode: 0, output: "" },
  });
  expect(problems(answer(), [before])).toContain("Why 1 says the same");
  expect(problems(answer({ answer: "another cause than before it" }), [before])).toContain(
    "The same look verified why 1",
  );
});

describe("blame is no root cause", () => {
  test.each([
    "human error",
    "it was the developer's mistake",
    "carelessness of the reviewer led to it",
    "someone forgot to run the tests",
    "the model was wrong about the import",
    "the LLM hallucinated a function that does not exist",
    "the agent made a mistake in the test",
    "they should have been more careful",
    "lack of attention during the review",
  ])("%s", (text) => {
    expect(blames(text)).toBe(true);
    expect(problems(answer({ answer: text, proven: true, category: "process-defect" }))).toContain(
      "why the system allowed it",
    );
  });

  test.each([
    "no gate compares the test file with the base",
    "the error message of the model backend was dropped",
    "the human-readable report hides the exit code",
    "the data model was not migrated before the deploy",
    "users see an error because the route is missing",
  ])("%s is none", (text) => expect(blames(text)).toBe(false));

  test("on the way to the root it may stand", () => {
    expect(problems(answer({ answer: "someone forgot to run the tests" }))).toBe("");
  });
});

describe("a root cause", () => {
  test("has one of the five categories, in any spelling", () => {
    const four = [1, 2, 3, 4].map((number) => why(number));
    expect(problems(answer({ category: "Process_Defect" }), four)).toBe("");
    expect(problems(answer({ category: "bad luck" }), four)).toContain("is no category");
  });

  test("takes five answers, unless it is proven", () => {
    expect(problems(answer({ category: "tool gap" }), [why(1), why(2), why(3)])).toContain("why 4 of 5");
    expect(problems(answer({ category: "tool gap", proven: true }))).toBe("");
  });

  test("a proven one says its category, and needs a command", () => {
    expect(problems(answer({ proven: true }))).toContain("--category");
    const quote = { kind: "quote", path: "a.ts", line: 1, quote: "a - b" } as const;
    expect(problems(answer({ proven: true, category: "tool gap", verification: quote }))).toContain(
      "A quote proves no cause",
    );
  });
});

describe("what is missing of Five Whys", () => {
  const five = [1, 2, 3, 4].map((number) => why(number));
  test("none yet", () => expect(whysProblems([], 5)[0]).toContain("no answer yet"));
  test("five with a root cause are whole", () =>
    expect(whysProblems([...five, why(5, { category: "tool gap" })], 5)).toEqual([]));
  test("four are not, one that is proven is", () => {
    expect(whysProblems([...five.slice(1), why(4, { category: "tool gap" })], 5)).toHaveLength(1);
    expect(whysProblems([why(1, { category: "tool gap", proven: "removes" })], 5)).toEqual([]);
  });
  test("the last one has to name the root cause", () =>
    expect(whysProblems([...five, why(5)], 5).join()).toContain("names no root cause"));
  test("a root cause that blames is none, however it came in", () =>
    expect(whysProblems([...five, why(5, { answer: "human error", category: "process defect" })], 5).join()).toContain(
      "never a root cause",
    ));
});

describe("a cause is proven", () => {
  const failing = { exitCode: 1, output: "  AssertionError: total is 12, not 21 at /tmp/a/b.ts:12:3" };
  const seen = ["AssertionError: total is 99, not 21 at /home/x/y/b.ts:4:1\nmore"];
  test("when the failure is gone without it", () =>
    expect(provenBy({ failing, now: { exitCode: 0 }, seen: [] })).toBe("removes"));
  test("when the command fails with what was seen, on any machine", () =>
    expect(provenBy({ failing, now: { exitCode: 1 }, seen })).toBe("reproduces"));
  test("not when the command passes where it was seen", () =>
    expect(provenBy({ failing: { exitCode: 0, output: failing.output }, now: { exitCode: 1 }, seen })).toBeUndefined());
  test("not when it fails for anything else, or says nothing", () => {
    expect(
      provenBy({ failing: { exitCode: 1, output: "command not found" }, now: { exitCode: 1 }, seen }),
    ).toBeUndefined();
    expect(provenBy({ failing: { exitCode: 1, output: "" }, now: { exitCode: 1 }, seen: ["", "x"] })).toBeUndefined();
  });
});
