import type { Event } from "./event.ts";
import type { TaskState } from "./gate.ts";
import { type ChecklistReply, type ReviewReply, reviewScore } from "./judge-replies.ts";

/** What a judge's reply comes to, as a fact: the score and the decision are computed. */
export function reviewedFact(judge: string, reply: ReviewReply | ChecklistReply, state: TaskState): Event {
  const isReview = "criteria" in reply;
  const { score, reasons } = isReview ? scored(reply, state) : headed(reply);
  return {
    type: "reviewed",
    task: state.task.id,
    judge,
    decision: score >= (isReview ? state.config.review.threshold : 100) ? "APPROVE" : "REJECT",
    score,
    reasons: [...reasons],
    ...(isReview ? { criteria: reply.criteria.map(answered) } : {}),
  };
}

function answered({ id, met, evidence, reason }: ReviewReply["criteria"][number]) {
  return { id, met, evidence: (met ? evidence : reason).slice(0, 300) };
}

function scored(reply: ReviewReply, { task }: TaskState): { score: number; reasons: readonly string[] } {
  const unmet = reply.criteria.filter((answer) => !answer.met).map((answer) => `${answer.id}: ${answer.reason}`);
  return { score: reviewScore(reply, task.accept), reasons: unmet };
}

function headed(reply: ChecklistReply): { score: number; reasons: readonly string[] } {
  const headings = Object.entries(reply.headings);
  const rejected = headings.filter(([, answer]) => answer.decision === "REJECT");
  const score = Math.round((100 * (headings.length - rejected.length)) / headings.length);
  return { score, reasons: rejected.map(([heading, answer]) => `${heading}: ${answer.reasons.join("; ")}`) };
}
