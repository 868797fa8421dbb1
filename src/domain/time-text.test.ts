import { expect, test } from "vitest";
import { timeText } from "./time-text.ts";

test("a moment is written as the calendar has it, on 4,000 days from 1970 on", () => {
  for (let index = 0; index < 4_000; index++) {
    const at = index * 12_345_678_900 + index;
    if (at > Date.UTC(9999, 11, 31)) break;
    expect(timeText(at)).toBe(new Date(at).toISOString().replace(/\.\d+Z$/, "Z"));
  }
});
