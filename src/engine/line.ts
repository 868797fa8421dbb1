import { metaIncident, patternIn, remainingIn } from "../domain/andon-pattern.ts";
import { wordsInVain } from "../domain/andon-person.ts";
import { routineFix } from "../domain/andon-routine.ts";
import type { IncidentReport } from "../domain/incident.ts";
import { lineStopped } from "../domain/line-stopped.ts";
import { redact } from "../domain/redact.ts";
import type { RunContext } from "./context.ts";

/** A moving thing: call it inside a step. @throws StepFailure `line-stopped` while an incident stops the line */
export async function passLine({ ports }: RunContext): Promise<void> {
  const stopped = lineStopped(await ports.line.stopped());
  if (stopped) throw stopped;
}

/** Opens or files an incident, once, and says so in the journal; what is routine is only noted, with its fix. */
export async function report(incident: IncidentReport, context: RunContext): Promise<void> {
  const { ports } = context;
  const { key, kind, at, task, stops } = incident;
  const problem = redact(incident.problem);
  const fix = routineFix(incident);
  if (fix !== undefined) return ports.journal.append(`routine/${key}`, { type: "notice", message: redact(fix) });
  const about = { incident: await ports.line.report(incident), kind, at, problem, ...(task ? { about: task } : {}) };
  await ports.journal.append(`incident/${key}`, { type: stops ? "incident-opened" : "incident-filed", ...about });
  if (stops && kind !== "meta-andon") await watchPattern(context);
}

/** Failures that come to more than themselves, and a person's words in vain, are incidents of their own. */
export async function watchPattern(context: RunContext): Promise<void> {
  const { journal } = context.ports;
  const facts = await journal.since(0);
  const vain = wordsInVain(facts, journal.run, context.config.limits);
  if (vain) return report(vain, context);
  const pattern = patternIn(facts, journal.run, context.config.limits);
  if (pattern) await report(metaIncident(pattern, journal.run, remainingIn(facts, journal.run)), context);
}
