import { AFTER_MERGE, LOOPS, type Loop, type Schedule } from "../../domain/schedule/schedule-config.ts";
import type { Timetable, When } from "../../domain/schedule/tick.ts";
import { InputError } from "../../domain/step-failure.ts";

/**
 * The schedule of the config, ready to be asked.
 * @throws InputError with every expression that is none, and an unknown time zone
 */
export async function timetableOf(schedule: Schedule): Promise<Timetable> {
  const { cronTicks } = await import("../../adapters/calendar/croner.ts");
  const problems: string[] = [];
  const whenOf = (loop: Loop): When => {
    const text = schedule[loop];
    if (text === "off") return { kind: "off" };
    if (text === AFTER_MERGE) return { kind: "after-merge" };
    try {
      return { kind: "ticks", ticks: cronTicks(text, schedule.timezone) };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      problems.push(`schedule.${loop}: "${text}" is no cron expression that ever fires: ${why}`);
      return { kind: "off" };
    }
  };
  const loops = Object.fromEntries(LOOPS.map((loop) => [loop, whenOf(loop)])) as Record<Loop, When>;
  if (problems.length > 0) throw new InputError(problems);
  return { loops, missed: schedule.missed };
}
