import { expect, test } from "vitest";
import type { Clock } from "../../engine/ports.ts";

/** What every clock promises. */
export function clockContract(makeClock: () => Clock): void {
  test("time has passed after a sleep", async () => {
    const clock = makeClock();
    const before = clock.now();
    await clock.sleep(20);
    expect(clock.now() - before).toBeGreaterThanOrEqual(19);
  });

  test("an aborted sleep ends early and without an error", async () => {
    const clock = makeClock();
    const controller = new AbortController();
    const before = clock.now();
    controller.abort();
    await clock.sleep(3_600_000, controller.signal);
    expect(clock.now() - before).toBeLessThan(60_000);
  });
}
