import { replanBrief } from "../briefs/replan-brief.ts";
import type { TaskOutcome } from "../domain/outcome.ts";
import { agreed } from "../domain/standing.ts";
import { parseTaskRevision } from "../domain/task-revision.ts";
import { ask } from "./ask.ts";
import type { TaskContext } from "./context.ts";
import type { Delivery } from "./delivery.ts";

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
