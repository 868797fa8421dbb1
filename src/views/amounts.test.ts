import { expect, test } from "vitest";
import { agoText, counted, countText, durationText } from "./amounts.ts";

test("durations", () => {
  expect([-5, 0, 7_900, 754_000, 3_723_000].map(durationText)).toEqual(["0:00", "0:00", "0:07", "12:34", "1:02:03"]);
});

test("ages", () => {
  const minute = 60_000;
  expect(
    [-minute, 59_999, minute, 119 * minute, 120 * minute, 47 * 60 * minute, 48 * 60 * minute].map(agoText),
  ).toEqual(["just now", "just now", "1 minute ago", "119 minutes ago", "2 hours ago", "47 hours ago", "2 days ago"]);
});

test("counts", () => {
  expect([0, 999, 1_000, 3_140, 31_400, 999_499, 999_500, 1_240_000].map(countText)).toEqual([
    "0",
    "999",
    "1.0k",
    "3.1k",
    "31k",
    "999k",
    "1.0M",
    "1.2M",
  ]);
  expect([counted(1, "reply", "replies"), counted(2, "reply", "replies")]).toEqual(["1 reply", "2 replies"]);
});
