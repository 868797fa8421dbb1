import { describe, expect, test } from "vitest";
import { CODE, calculator, honest, TESTS } from "../kit/calculator.ts";
import { refusals, tell } from "../kit/story.ts";

const firstCode = (text: string) => ["developer", [text, CODE]] as const;
const firstTests = (text: string) => ["tester", [text, TESTS]] as const;
const file = (path: string, text: string) => `### FILE ${path}\n\`\`\`\n${text}\n\`\`\`\n`;

const CHEATS: readonly (readonly [string, readonly [string, readonly string[]], string])[] = [
  ["a developer who rewrites the test", firstCode(file("tests/subtract.test.ts", "")), "proposal: door/wrong-layer"],
  [
    "a developer who ends the process",
    firstCode(file("src/subtract.ts", "process.exit(0);\nexport const subtract = () => 2;")),
    "green: green/",
  ],
  [
    "a developer who writes elsewhere",
    firstCode(file("src/add.ts", "export const add = 1;")),
    "proposal: door/out-of-scope",
  ],
  ["a developer who escapes the repository", firstCode(file("../outside.ts", "x")), "proposal: door/"],
  [
    "a developer who answers in prose",
    firstCode("I would simply subtract the numbers."),
    "proposal: door/unusable-reply",
  ],
  [
    "a tester whose test proves nothing",
    firstTests(
      file(
        "tests/subtract.test.ts",
        'import { expect, test } from "vitest";\ntest("AC1 subtracts", () => { expect(1).toBe(1); });',
      ),
    ),
    "red: red/",
  ],
  ["a tester who forgets the criterion", firstTests(TESTS.replace("AC1 ", "")), "red: red/no-test-for-criterion"],
  [
    "a tester whose test does not parse",
    firstTests(TESTS.replace("expect(subtract(5, 3)).toBe(2);", "expect((")),
    "red: red/syntax",
  ],
];

describe("a cheat is refused, and the honest answer after it lands", () => {
  test.each(CHEATS)("%s", async (_name, [role, answers], rule) => {
    const target = calculator();
    const told = await tell(target, honest({ [role]: answers }));
    expect(
      refusals(told).filter((refusal) => refusal.startsWith(rule)),
      refusals(told).join("; "),
    ).not.toEqual([]);
    expect(told.outcome.kind).toBe("done");
    target.remove();
  });
});
