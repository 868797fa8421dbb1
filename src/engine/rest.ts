import { comebacksIn, mattersOf, reopeningKey } from "../domain/comeback.ts";
import type { Event } from "../domain/event.ts";
import { leading } from "../domain/leading-finding.ts";
import type { TaskOutcome } from "../domain/outcome.ts";
import { revised } from "../domain/standing.ts";
import { incidentOfStop } from "../domain/task-stop.ts";
import type { Refusal } from "../domain/verdict.ts";
import { layered } from "./answer.ts";
import type { TaskContext } from "./context.ts";
import type { Delivery } from "./delivery.ts";
import { report } from "./line.ts";

/** A task that would stop without landing: a fact says whether it came back from here; else a person hears of it. */
export async function rest(
  outcome: TaskOutcome,
  refusal: Refusal,
  delivery: Delivery,
  context: TaskContext,
): Promise<Delivery | TaskOutcome> {
  if (outcome.kind !== "stuck" && outcome.kind !== "waiting") return outcome;
  const { history, state, planned } = delivery;
  const { journal, models } = context.ports;
  const about = { task: state.task.id, outcome: outcome.kind, reason: outcome.reason, answers: history.length };
  const active = context.repository.corrections?.active ?? [];
  const matters = mattersOf(planned, active, (role) => models.ladder(role).map(({ name }) => name));
  await journal.append(`rests/${about.task}/${about.answers}`, { type: "task-rests", ...about, matters });
  const fact = await journal.find(reopeningKey(about.task, about.answers));
  if (fact?.type === "task-reopened") return reopened(fact, refusal, delivery, context);
  const incident = incidentOfStop({
    ...about,
    drift: outcome.kind === "waiting" && outcome.drift,
    run: journal.run,
    refusal,
    tree: state.work.trees.work,
  });
  if (incident) await report(incident, context);
  return { ...outcome, comebacks: comebacksIn(history) };
}

type Reopening = Extract<Event, { type: "task-reopened" }>;

/** Every count starts again, and the gates judge again from the first. */
async function reopened(
  { word, revision, anew, models }: Reopening,
  refusal: Refusal,
  delivery: Delivery,
  context: TaskContext,
): Promise<Delivery> {
  const advice = word ?? delivery.advice;
  const again = revised(delivery, "person", revision && { task: revision, advice: advice ?? "", context });
  const { work, workflow } = again.state;
  const tests = leading(refusal)?.answers === workflow.makers.tests ? [] : work.tests;
  return {
    ...again,
    advice,
    atDoor: undefined,
    told: new Map(),
    planned: revision ?? delivery.planned,
    models: Object.fromEntries(Object.entries(models).map(([role, names]) => [role, names.length])),
    state: anew ? { ...again.state, work: await layered({ base: work.base, tests, code: [] }, context) } : again.state,
  };
}
