import { replanBrief } from "../briefs/replan-brief.ts";
import { instructedBy } from "../domain/answered-entry.ts";
import { weakened } from "../domain/drift.ts";
import type { TaskOutcome } from "../domain/outcome.ts";
import type { Task } from "../domain/task.ts";
import { parseTaskRevision } from "../domain/task-revision.ts";
import { ask } from "./ask.ts";
import type { TaskContext } from "./context.ts";
import { begin, type Delivery } from "./delivery.ts";

/**
 * A maker said `impossible`, or a plan fault was found late: the architect revises the task once, and the task begins
 * again with what the architect adds; or it hands the question to a person.
 */
export async function replanTask(
  reason: string,
  delivery: Delivery,
  context: TaskContext,
): Promise<Delivery | TaskOutcome> {
  const { state } = delivery;
  const attempt = 1 + delivery.history.filter((answer) => answer.role === "architect").length;
  const reply = await ask(
    { task: state.task.id, role: "architect", attempt, ...(await replanBrief(reason, delivery, context)) },
    context,
  );
  const revision = parseTaskRevision(reply.text, state.task);
  if (revision.kind === "person")
    return { kind: "waiting", reason: `${reason} The architect asks a person: ${revision.reason}` };
  if (revision.kind === "problems")
    return {
      kind: "waiting",
      reason: `${reason} The architect's revision could not be used: ${revision.problems.join("; ")}`,
    };
  return agreed(revision, "architect", delivery, context);
}

/** A revised task counts unless it takes away from what was agreed: that is for a person to say. */
export function agreed(
  revision: { readonly task: Task; readonly advice: string },
  by: "architect" | "orchestrator",
  delivery: Delivery,
  context: TaskContext,
): Delivery | TaskOutcome {
  const lost = weakened(delivery.state.task.accept, revision.task.accept);
  if (lost.length === 0) return revised(delivery, by, { ...revision, context });
  return { kind: "waiting", drift: true, reason: `The ${by} would take away from what was agreed: ${lost.join("; ")}` };
}

/** The delivery after the word of whoever instructs the makers: every count starts again; a revised task begins again. */
export function revised(
  delivery: Delivery,
  by: "architect" | "orchestrator" | "person",
  revision?: { readonly task: Task; readonly advice: string; readonly context: TaskContext },
): Delivery {
  const history = [...delivery.history, instructedBy(by)];
  if (revision === undefined) return { ...delivery, history };
  const fresh = begin(revision.task, delivery.state.work.base, revision.context);
  const { judged, rounds, state, planned, models } = delivery;
  return {
    ...fresh,
    planned,
    models,
    judged,
    history,
    rounds,
    advice: revision.advice,
    state: { ...fresh.state, reading: state.reading },
  };
}
