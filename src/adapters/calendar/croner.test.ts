import { expect, test } from "vitest";
import { cronTicks } from "./croner.ts";

const at = (text: string) => Date.parse(text);

test("the latest tick is the one of this moment, and the next one comes after it", () => {
  const ticks = cronTicks("*/10 * * * *", "UTC");
  expect(ticks.latest(at("2026-11-21T22:10:00Z"))).toBe(at("2026-11-21T22:10:00Z"));
  expect(ticks.latest(at("2026-11-21T22:09:59.999Z"))).toBe(at("2026-11-21T22:00:00Z"));
  expect(ticks.next(at("2026-11-21T22:10:00Z"))).toBe(at("2026-11-21T22:20:00Z"));
});

test("a weekly tick keeps to the wall clock of its zone when that changes", () => {
  const ticks = cronTicks("0 3 * * 1", "Europe/Zurich");
  expect(ticks.next(at("2026-10-20T00:00:00Z"))).toBe(at("2026-10-26T02:00:00Z"));
  expect(ticks.next(at("2026-10-13T00:00:00Z"))).toBe(at("2026-10-19T01:00:00Z"));
});

test("an hour that does not exist and an hour that exists twice make one tick each", () => {
  const ticks = cronTicks("30 2 * * *", "Europe/Zurich");
  const from = (day: string) => [ticks.next(at(day)), ticks.next(ticks.next(at(day)) ?? 0)];
  expect(from("2026-03-28T12:00:00Z")).toEqual([at("2026-03-29T01:00:00Z"), at("2026-03-30T00:30:00Z")]);
  expect(from("2026-10-24T12:00:00Z")).toEqual([at("2026-10-25T00:30:00Z"), at("2026-10-26T01:30:00Z")]);
});

test("a wrong expression and an unknown zone say so at once", () => {
  expect(() => cronTicks("99 * * * *")).toThrow(/minute/);
  expect(() => cronTicks("* * *")).toThrow(/five/);
  expect(() => cronTicks("* * * * *", "Mars/Base")).toThrow(/Mars\/Base/);
});
