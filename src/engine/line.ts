import type { IncidentReport } from "../domain/incident.ts";
import { lineStopped } from "../domain/line-stopped.ts";
import type { RunContext } from "./context.ts";

/** A moving thing: call it inside a step. @throws StepFailure `line-stopped` while an incident stops the line */
export async function passLine({ ports }: RunContext): Promise<void> {
  const stopped = lineStopped(await ports.line.stopped());
  if (stopped) throw stopped;
}

/** Opens or files an incident, once, and says so in the journal. */
export async function report(incident: IncidentReport, { ports }: RunContext): Promise<void> {
  const { key, kind, at, problem, task, stops } = incident;
  const about = { incident: await ports.line.report(incident), kind, at, problem, ...(task ? { about: task } : {}) };
  await ports.journal.append(`incident/${key}`, { type: stops ? "incident-opened" : "incident-filed", ...about });
}
