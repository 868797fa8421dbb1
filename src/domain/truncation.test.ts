import { expect, test } from "vitest";
import { fewestTokens, truncationSeen } from "./truncation.ts";

const usage = (input: number, more = {}) => ({ input, output: 1, cached: 0, counted: true, ...more });

test("a count far below the words of the prompt tells of a cut, in numbers", () => {
  const request = { system: "You judge.", user: "const total = prices.reduce(sum, 0);\n".repeat(300) };
  expect(fewestTokens(request)).toBe(1502);
  expect(truncationSeen(request, usage(1200))).toBe("it counted 1200 tokens in a prompt that has at least 1502");
  expect(truncationSeen(request, usage(3000))).toBeUndefined();
  expect(truncationSeen(request, usage(100, { cached: 2900 }))).toBeUndefined();
  expect(truncationSeen(request, usage(10, { counted: false }))).toBeUndefined();
});

test.each([
  ["a short prompt", "one two three"],
  ["a script without spaces", "価格を二桁に丸める".repeat(500)],
  ["white space and signs", "    }\n  }\n)\n".repeat(1000)],
  ["one long word", "a".repeat(100_000)],
])("nothing is concluded from %s", (_what, user) => {
  expect(truncationSeen({ system: "", user }, usage(300))).toBeUndefined();
});
