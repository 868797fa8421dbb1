import { Cron } from "croner";
import type { Ticks } from "../../domain/schedule/tick.ts";

/**
 * The moments of a cron expression of five fields, in a time zone (default: the machine's). Nothing is started by it.
 * @throws Error that says what is wrong with the expression or the zone
 */
export function cronTicks(expression: string, timezone?: string): Ticks {
  const cron = new Cron(expression.trim(), {
    paused: true,
    mode: "5-part",
    ...(timezone === undefined ? {} : { timezone }),
  });
  const ticks: Ticks = {
    // `previousRuns` leaves its own moment out.
    latest: (at) => cron.previousRuns(1, new Date(at + 1))[0]?.getTime(),
    next: (at) => cron.nextRun(new Date(at))?.getTime(),
  };
  if (ticks.next(0) === undefined) throw new Error("there is no such day");
  return ticks;
}
