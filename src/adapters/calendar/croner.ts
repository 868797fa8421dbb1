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
  // `previousRuns` leaves its own moment out.
  const latest = (at: number) => cron.previousRuns(1, new Date(at + 1))[0]?.getTime();
  const next = (at: number) => cron.nextRun(new Date(at))?.getTime();
  if (next(0) === undefined) throw new Error("there is no such day");
  // Between two ticks the answers stay the same, and a daemon asks often.
  let between: { readonly latest: number | undefined; readonly next: number | undefined } | undefined;
  const around = (at: number) => {
    const isInside = between && at >= (between.latest ?? at + 1) && at < (between.next ?? at);
    if (!isInside) between = { latest: latest(at), next: next(at) };
    return between;
  };
  return { latest: (at) => around(at)?.latest, next: (at) => around(at)?.next };
}
