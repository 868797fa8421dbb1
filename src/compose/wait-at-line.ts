import { lineStopped } from "../domain/line-stopped.ts";
import type { RunOutcome } from "../domain/outcome.ts";
import type { Journal, Line } from "../engine/ports.ts";

/** The outcome of a run that may not begin or go on, written into its journal; undefined while the line runs. */
export async function waitAtLine(line: Line, journal: Journal): Promise<RunOutcome | undefined> {
  const stopped = lineStopped(await line.stopped());
  if (stopped === undefined) return undefined;
  const reason = `${stopped.message.replace(/[^.!?]$/, "$&.")} ${stopped.hint}`;
  const outcome = { kind: "waiting", reason } as const;
  const last = (await journal.entries()).findLast(({ event }) => event.type === "run-ended")?.event;
  // What has ended stays as it ended.
  if (last?.type === "run-ended" && ["stuck", "done"].includes(last.outcome)) return outcome;
  let count = 1;
  while (await journal.find(`paused/${count}`)) count++;
  await journal.append(`paused/${count}`, { type: "run-ended", outcome: "waiting", reason });
  return outcome;
}
