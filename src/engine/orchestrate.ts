import { orchestratorBrief } from "../briefs/replan-brief.ts";
import type { MakerRole } from "../domain/answered.ts";
import { parseOrchestration, saidBy } from "../domain/orchestration.ts";
import type { TaskOutcome } from "../domain/outcome.ts";
import { afterQuestion, agreed, revised } from "../domain/standing.ts";
import { ask } from "./ask.ts";
import type { TaskContext } from "./context.ts";
import type { Delivery } from "./delivery.ts";

/**
 * A maker's ladder has no further rung: the orchestrator gives new instructions, re-plans the task, asks a person, or
 * lets the task rest so that the others go on.
 */
export async function orchestrate(
  move: { readonly role: MakerRole; readonly reason: string },
  delivery: Delivery,
  context: TaskContext,
): Promise<Delivery | TaskOutcome> {
  const { task } = delivery.state;
  const attempt = 1 + delivery.history.filter((answer) => answer.role === "orchestrator").length;
  const { reason } = move;
  const question = {
    task: task.id,
    role: "orchestrator",
    attempt,
    ...(await orchestratorBrief(move, delivery, context)),
  } as const;
  const reply = await ask(question, context);
  const decided = parseOrchestration(reply.text, task);
  const said = saidBy(decided);
  const key = `orchestrated/${task.id}/${attempt}`;
  const fact = { type: "orchestrated", task: task.id, decision: decided.kind, reason, said } as const;
  await context.ports.journal.append(key, fact);
  switch (decided.kind) {
    case "instructions":
      return { ...afterQuestion(revised(delivery, "orchestrator")), advice: decided.text, told: new Map() };
    case "task":
      return agreed(decided, "orchestrator", delivery, context);
    case "person":
      return { kind: "waiting", reason: `${reason} The orchestrator asks a person: ${said}` };
    case "skip":
    case "problems":
      return { kind: "stuck", reason: `${reason} (the orchestrator: ${said})` };
  }
}
