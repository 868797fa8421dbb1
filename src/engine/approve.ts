import { approvalBrief } from "../briefs/approval-brief.ts";
import { firstApproval, standingOf } from "../domain/approval-standing.ts";
import { approvalNeeded, approvalSchema, askedFact, judgedFact, parseApproval } from "../domain/approval-texts.ts";
import type { ApprovalSubject, ApprovalWord } from "../domain/approvals.ts";
import { noVerdict } from "../domain/run-failures.ts";
import { ask } from "./ask.ts";
import type { RunContext } from "./context.ts";

/**
 * The word on exactly this: a person's, a model's in their place, or nobody's where none is wanted. A moving thing: call it
 * inside a step. @throws StepFailure `approval-needed` when a person has not spoken yet
 */
export async function wordOn(subject: ApprovalSubject, context: RunContext): Promise<ApprovalWord> {
  const { ports, config } = context;
  const entries = await ports.journal.entries();
  const standing = standingOf(subject, entries, config.approvals);
  if (standing.kind === "given") return standing.word;
  await ports.journal.append(...askedFact(subject, standing.gate));
  if (standing.gate === "human") throw approvalNeeded(subject, ports.journal.run);
  const replies = config.limits.judgeReplies;
  const word = await judged(subject, firstApproval(subject, entries, replies), context);
  await ports.journal.append(...judgedFact(subject, word));
  return word;
}

async function judged(subject: ApprovalSubject, first: number, context: RunContext): Promise<ApprovalWord> {
  const problems: string[] = [];
  for (let attempt = first; attempt < first + context.config.limits.judgeReplies; attempt++) {
    const brief = await approvalBrief(subject, problems, context);
    const task = subject.about ?? (subject.stage === "plan" ? "plan" : "goal");
    const reply = await ask({ task, role: "approver", attempt, ...brief, schema: approvalSchema() }, context);
    const parsed = parseApproval(reply.text, reply.model);
    if (parsed.kind === "usable") return parsed.reply;
    problems.push(...parsed.problems);
  }
  throw noVerdict("approver", problems.at(-1));
}
