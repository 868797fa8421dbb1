import { describe, expect, test } from "vitest";
import { lossFalls } from "./loss-falls.ts";

const losses = (...pairs: readonly (readonly [number | null, number | null])[]) =>
  pairs.map(([before, after], at) => ({ seed: at + 1, before, after }));

describe("whether a loss falls", () => {
  test("it does when all seeds fall alike and far", () => {
    const verdict = lossFalls(losses([4.74, 2.67], [4.7, 2.58], [4.71, 2.6]));
    expect(verdict).toMatchObject({ kind: "falls", critical: 6.965 });
  });

  test("luck is refused: falls that scatter as much as they fall", () => {
    const verdict = lossFalls(losses([4.7, 4.6], [4.7, 4.1], [4.7, 4.69]));
    expect(verdict).toMatchObject({ kind: "does-not" });
    expect((verdict as { why: string }).why).toMatch(/could be luck: t = .* over 3 seeds, more than 6\.965 is needed/);
  });

  test.each([
    ["one run that is repeated under other names", losses([4.7, 2.6], [4.7, 2.6], [4.7, 2.6]), /one run, repeated/],
    [
      "a seed that stands there twice",
      [...losses([4.7, 2.6], [4.6, 2.5]), { seed: 1, before: 4.8, after: 2.7 }],
      /twice/,
    ],
    ["a seed that rises", losses([4.7, 2.6], [4.6, 4.7], [4.8, 2.7]), /seed 2 goes from 4\.6 to 4\.7/],
    ["NaN", losses([4.7, 2.6], [4.6, null], [4.8, 2.7]), /seed 2 is not a number/],
    ["two seeds", losses([4.7, 2.6], [4.6, 2.5]), /too few/],
  ])("%s is refused", (_, given, why) => {
    const verdict = lossFalls(given);
    expect(verdict.kind).toBe("does-not");
    expect((verdict as { why: string }).why).toMatch(why);
  });
});
