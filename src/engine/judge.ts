import { judgeBrief } from "../briefs/task-briefs.ts";
import type { TaskState } from "../domain/gate.ts";
import {
  type ChecklistReply,
  judgeSchema,
  parseChecklist,
  parseReview,
  type ReviewReply,
} from "../domain/judge-replies.ts";
import type { Need } from "../domain/need.ts";
import { reviewedFact } from "../domain/reviewed-fact.ts";
import { noVerdict } from "../domain/run-failures.ts";
import { firstQuestion, type JudgeRound } from "../domain/standing.ts";
import { ask } from "./ask.ts";
import type { TaskContext } from "./context.ts";

type JudgementNeed = Extract<Need, { see: "judgement" }>;

/** A judgement is made for a state; `rounds` are the task's earlier ones, and the new one is added to them. */
export interface JudgeLook {
  readonly state: TaskState;
  readonly context: TaskContext;
  readonly rounds: JudgeRound[];
}

/**
 * What the reviewer or the checker says of the difference, once per patch: a clean rebase is not paid for twice. A reply
 * that is unusable or contradicts itself is asked for again with the reason; a judge that cannot judge is never a pass.
 * @throws StepFailure `model-unusable` when no reply could be used.
 */
export async function judgement(need: JudgementNeed, look: JudgeLook): Promise<ReviewReply | ChecklistReply> {
  const { state, context } = look;
  const patch = (await context.repository.git.patchId(need.from, need.to)).slice(0, 16);
  const first = firstQuestion(need.judge, patch, look.rounds);
  const problems: string[] = [];
  for (let replies = 1; replies <= context.config.limits.judgeReplies; replies++) {
    const brief = await judgeBrief(need, look, problems);
    const attempt = first + replies - 1;
    const reply = await ask(
      { task: state.task.id, role: need.judge, attempt, ...brief, schema: judgeSchema(need.judge) },
      context,
    );
    const parsed = need.judge === "reviewer" ? parseReview(reply.text, state.task.accept) : parseChecklist(reply.text);
    if (parsed.kind === "usable") {
      look.rounds.push({ judge: need.judge, patch, first, replies });
      await report(need, look, { patch, reply: parsed.reply });
      return parsed.reply;
    }
    problems.push(...parsed.problems);
  }
  throw noVerdict(need.judge, problems.at(-1));
}

async function report(
  need: JudgementNeed,
  { state, context }: JudgeLook,
  said: { patch: string; reply: ReviewReply | ChecklistReply },
): Promise<void> {
  const key = `reviewed/${state.task.id}/${need.judge}/${said.patch}`;
  await context.ports.journal.append(key, reviewedFact(need.judge, said.reply, state));
}
