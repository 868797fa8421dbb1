import { researchJudgeBrief, type Shown } from "../../briefs/research-briefs.ts";
import type { JudgeReply } from "../../domain/judge-replies.ts";
import {
  judgementSchema,
  parseJudgement,
  parseResearchReview,
  type ResearchJudgement,
  type ResearchReview,
} from "../../domain/research/judging.ts";
import { STAGES } from "../../domain/research/stages.ts";
import { noVerdict } from "../../domain/run-failures.ts";
import { type Answer, ask } from "../../engine/ask.ts";
import type { RunContext } from "../../engine/context.ts";
import type { StageWork } from "./world.ts";

interface Asked<Reply> {
  readonly reply: Reply;
  /** The model that answered. */
  readonly model: string;
}

/** Asks the reviewer, which is another model than the coder. @throws StepFailure `model-unusable` */
export function askReviewer(work: StageWork): Promise<Asked<ResearchReview>> {
  return asking("research-reviewer", parseResearchReview, work);
}

/** Asks the judge, which sees the evidence and no history. Prose is asked again. @throws StepFailure `model-unusable` */
export function askJudge(work: StageWork): Promise<Asked<ResearchJudgement>> {
  return asking("research-judge", parseJudgement, work);
}

async function asking<Reply>(
  role: "research-reviewer" | "research-judge",
  read: (text: string) => JudgeReply<Reply>,
  work: StageWork,
): Promise<Asked<Reply>> {
  const { context, design, name } = work;
  const from = (await context.ports.repository(undefined).git.resolve(context.base.commit))?.tree ?? work.tree;
  const problems: string[] = [];
  for (let attempt = 1; attempt <= context.config.limits.judgeReplies; attempt++) {
    const shown: Shown = { design, from, to: work.tree, seen: seenBy(role, work), problems };
    const brief = await researchJudgeBrief(role, shown, context);
    const schema = judgementSchema(role === "research-judge" ? "judge" : "review");
    const answer: Answer = await ask({ task: name, role, attempt, ...brief, schema }, context);
    const parsed = read(answer.text);
    if (parsed.kind === "usable") return { reply: parsed.reply, model: answer.model };
    problems.splice(0, problems.length, ...parsed.problems);
  }
  throw noVerdict(role, problems.at(-1));
}

const MOST_REPORT = 4000;

/** What the stages reported; the reviewer's own word is the judge's to see, not the other way round. */
function seenBy(role: string, work: StageWork): string {
  const stages = STAGES.filter((stage) => stage !== "gate" && (stage !== "review" || role === "research-judge"));
  return stages
    .flatMap((stage) => {
      const report = work.reportOf(stage);
      if (report === undefined) return [];
      const text = JSON.stringify(report, null, 1);
      return [`## ${stage}\n\n\`\`\`json\n${text.slice(0, MOST_REPORT)}\n\`\`\``];
    })
    .join("\n\n");
}

/** The name of the model that answers for a role, as the config says it. */
export function modelOf(role: "research-reviewer" | "developer", { ports }: RunContext): string {
  return ports.models.identify(role).identity;
}
