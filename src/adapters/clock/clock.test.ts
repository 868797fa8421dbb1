import { describe, expect, test } from "vitest";
import { clockContract } from "./clock.contract.ts";
import { manualClock } from "./manual.ts";
import { systemClock } from "./system.ts";

describe("the system clock", () => {
  clockContract(systemClock);

  test("a sleeper is woken by an abort that comes later", async () => {
    const clock = systemClock();
    const controller = new AbortController();
    const before = clock.now();
    setTimeout(() => controller.abort(), 10);
    await clock.sleep(60_000, controller.signal);
    expect(clock.now() - before).toBeLessThan(5_000);
  });
});

describe("the manual clock", () => {
  clockContract(manualClock);

  test("it moves when it is told to, also backwards", () => {
    const clock = manualClock(1_000);
    clock.advance(500);
    expect(clock.now()).toBe(1_500);
    clock.set(10);
    expect(clock.now()).toBe(10);
  });
});
