import { z } from "zod";
import type { ApprovalGate } from "./approval-gate.ts";
import { approvalKey } from "./approval-standing.ts";
import type { ApprovalSubject, ApprovalWord } from "./approvals.ts";
import type { Event } from "./event.ts";
import type { TaskState } from "./gate.ts";
import { type JudgeReply, parseWith } from "./judge-replies.ts";
import { StepFailure } from "./step-failure.ts";
import type { Answerer, Finding, Refusal } from "./verdict.ts";

/** The approver's reply; its word counts like a person's where the gate is `auto-judge`. */
export const ApprovalReply = z.object({
  decision: z.enum(["APPROVE", "REJECT"]),
  reasons: z.array(z.string().regex(/\S/, "say why")).min(1),
});

/** JSON Schema of the approver's reply, for servers that can hold a model to one. */
export function approvalSchema(): unknown {
  return z.toJSONSchema(ApprovalReply, { io: "input" });
}

/** Reads the approver's reply as the word of this model. */
export function parseApproval(text: string, model: string): JudgeReply<ApprovalWord> {
  const parsed = parseWith(text, ApprovalReply);
  if (parsed.kind === "unusable") return parsed;
  const { decision, reasons } = parsed.reply;
  const note = reasons.join(" ");
  const said = decision === "APPROVE" ? "approved" : "rejected";
  return { kind: "usable", reply: { decision: said, by: `the approver (${model})`, note, judged: true } };
}

/** `T3`, `the plan`, `the result`. */
export function subjectName({ stage, about }: Pick<ApprovalSubject, "stage" | "about">): string {
  return stage === "task" ? (about ?? "the task") : `the ${stage}`;
}

/** A task whose gates have all passed, on its way to land; `patch` is the stable id of its difference. */
export function taskSubject({ task, work }: Pick<TaskState, "task" | "work">, patch: string): ApprovalSubject {
  const { base, trees } = work;
  const repo = task.repo === undefined ? {} : { repo: task.repo };
  return { stage: "task", about: task.id, digest: trees.work, patch, from: base.tree, to: trees.work, ...repo };
}

/** What the approver is asked about, as the head of a part of its question. */
export function subjectTitle({ stage, about }: ApprovalSubject): string {
  if (stage === "plan") return "The plan that would be pursued";
  return stage === "task" ? `What task ${about} would change` : "Everything that would reach a person's branch";
}

/** The fact that somebody's word is wanted, with its key. */
export function askedFact(subject: ApprovalSubject, gate: ApprovalGate): readonly [string, Event] {
  return [`${approvalKey(subject)}/asked/${gate}`, { type: "approval-asked", ...subject, gate }];
}

/** A person has to say whether it goes on. */
export function approvalNeeded(subject: ApprovalSubject, run: string): StepFailure {
  const { stage, about } = subject;
  const what = stage === "task" ? `task --task ${about}` : stage;
  return new StepFailure(`${subjectName(subject)} waits for a person's approval (${subject.digest.slice(0, 10)}).`, {
    code: "approval-needed",
    remedy: "ask",
    hint: `Look at it with \`millwright approve ${run} ${what} --show\`, then say \`millwright approve ${run} ${what}\`, or \`millwright reject ${run} ${what} --note "what is wrong"\`, and \`millwright resume ${run}\`.`,
  });
}

/** True for a failure that only a person's word ends. */
export function isApprovalNeeded(failure: unknown): boolean {
  return failure instanceof StepFailure && failure.code === "approval-needed";
}

/** The fact that a model has given its word, with its key: it gives one on a subject. */
export function judgedFact(subject: ApprovalSubject, word: ApprovalWord): readonly [string, Event] {
  return [`${approvalKey(subject)}/judged`, { type: "approval-given", ...subject, ...word }];
}

/** The fact that a word was given, with its key; `count` numbers the words on one subject. */
export function givenFact(subject: ApprovalSubject, word: ApprovalWord, count: number): readonly [string, Event] {
  return [`${approvalKey(subject)}/given/${count}`, { type: "approval-given", ...subject, ...word }];
}

/** Refused as a whole. */
export function rejected(word: ApprovalWord, answers: Answerer): Refusal {
  return { gate: "approval", findings: [rejection(word, answers)] };
}

/** What a rejection tells whoever made what was rejected. */
export function rejection({ by, note }: ApprovalWord, answers: Answerer): Finding {
  const reason = note.trim() === "" ? ", and does not say why" : `: ${note.trim()}`;
  return { rule: "approval/rejected", answers, message: `Rejected by ${by}${reason}` };
}
