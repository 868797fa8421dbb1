import { researchMoveBrief } from "../../briefs/research-briefs.ts";
import { digestOfValue } from "../../domain/digest.ts";
import type { Design } from "../../domain/research/design.ts";
import { type MoveReply, moveSchema, parseMove } from "../../domain/research/judging.ts";
import { noVerdict } from "../../domain/run-failures.ts";
import { ask } from "../../engine/ask.ts";
import type { RunContext } from "../../engine/context.ts";
import type { StageError, StageProblem } from "./world.ts";

/** Asks the orchestrator for one of the moves; prose is asked again, a few times. @throws StepFailure `model-unusable` */
export async function askOrchestrator(
  problem: StageProblem & { readonly design: Design },
  about: { readonly task: string; readonly first: number },
  context: RunContext,
): Promise<MoveReply> {
  const role = "research-orchestrator";
  const { judgeReplies } = context.config.limits;
  const problems: string[] = [];
  for (let reply = 0; reply < judgeReplies; reply++) {
    const brief = await researchMoveBrief(problem, problems, context);
    const question = { task: about.task, role, attempt: about.first + reply, ...brief } as const;
    const answer = await ask({ ...question, schema: moveSchema(problem.moves) }, context);
    const parsed = parseMove(answer.text, problem.moves);
    if (parsed.kind === "usable") return parsed.reply;
    problems.splice(0, problems.length, ...parsed.problems);
  }
  throw noVerdict(role, problems.at(-1));
}

/** Writes a line of `logs/errors.log`; the same line in the same place again changes nothing. */
export async function noteError(entry: StageError, where: string, { ports }: RunContext): Promise<void> {
  const { stage, subject, error, resolution } = entry;
  const fact = { type: "research-error", stage, subject, error: error.slice(0, 4000), resolution } as const;
  await ports.journal.append(`research-error/${where}/${digestOfValue(fact).slice(0, 16)}`, fact);
}
