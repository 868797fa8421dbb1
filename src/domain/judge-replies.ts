import { z } from "zod";
import type { Criterion } from "./task.ts";

const CriterionAnswer = z.object({
  id: z.string(),
  met: z.boolean(),
  evidence: z.string().default(""),
  reason: z.string().default(""),
  answers: z.enum(["developer", "tester"]).optional(),
});

/** The reviewer's answers, criterion by criterion. It gives no score and no verdict: both are computed. */
export const ReviewReply = z.object({
  criteria: z.array(CriterionAnswer),
  findings: z
    .array(z.object({ message: z.string(), path: z.string().optional(), line: z.number().optional() }))
    .default([]),
  summary: z.string().default(""),
});
export type ReviewReply = z.infer<typeof ReviewReply>;

const Decision = z.enum(["APPROVE", "REJECT"]);
const HeadingAnswer = z.object({ decision: Decision, reasons: z.array(z.string().regex(/\S/, "say why")).min(1) });

/** The checker's five headings; one REJECT rejects. */
export const ChecklistReply = z.object({
  headings: z.object({
    scope: HeadingAnswer,
    tests: HeadingAnswer,
    quality: HeadingAnswer,
    spec: HeadingAnswer,
    documentation: HeadingAnswer,
  }),
});
export type ChecklistReply = z.infer<typeof ChecklistReply>;

/** The goal-checker's word, with what it rests on. */
export const GoalReply = z.object({
  decision: z.enum(["MET", "NOT MET"]),
  evidence: z.array(z.string().regex(/\S/, "say what was seen")).min(1),
});
export type GoalReply = z.infer<typeof GoalReply>;

/** A judge's reply that can be used, or what exactly was wrong with it. */
export type JudgeReply<Reply> =
  | { readonly kind: "usable"; readonly reply: Reply }
  | { readonly kind: "unusable"; readonly problems: readonly string[] };

/** JSON Schema of a judge's reply, for servers that can hold a model to one. */
export function judgeSchema(judge: "reviewer" | "checker" | "goal-checker"): unknown {
  const schemas = { reviewer: ReviewReply, checker: ChecklistReply, "goal-checker": GoalReply };
  return z.toJSONSchema(schemas[judge], { io: "input" });
}

/** Reads a review; one that leaves a criterion out, answers it twice differently or contradicts itself is unusable. */
export function parseReview(text: string, criteria: readonly Criterion[]): JudgeReply<ReviewReply> {
  const parsed = parseWith(text, ReviewReply);
  if (parsed.kind === "unusable") return parsed;
  const problems = contradictionsIn(parsed.reply, criteria);
  return problems.length > 0 ? { kind: "unusable", problems } : parsed;
}

/** Reads a checklist. */
export function parseChecklist(text: string): JudgeReply<ChecklistReply> {
  return parseWith(text, ChecklistReply);
}

/** Reads the goal-checker's answer. */
export function parseGoal(text: string): JudgeReply<GoalReply> {
  return parseWith(text, GoalReply);
}

/** 100 x met / total, rounded to whole points; met without evidence counts as unmet. */
export function reviewScore(reply: ReviewReply, criteria: readonly Criterion[]): number {
  const met = criteria.filter((criterion) =>
    reply.criteria.some((answer) => answer.id === criterion.id && answer.met && answer.evidence.trim() !== ""),
  );
  return Math.floor((100 * met.length) / Math.max(1, criteria.length));
}

function contradictionsIn(reply: ReviewReply, criteria: readonly Criterion[]): readonly string[] {
  return [...idProblems(reply, criteria), ...reply.criteria.flatMap(answerProblems), ...summaryProblems(reply)];
}

function idProblems(reply: ReviewReply, criteria: readonly Criterion[]): readonly string[] {
  const known = criteria.map((criterion) => criterion.id);
  const unknown = reply.criteria
    .filter((answer) => !known.includes(answer.id))
    .map((answer) => `${answer.id} is no criterion of this task; there are: ${known.join(", ")}.`);
  const counted = known.flatMap((id) => {
    const times = reply.criteria.filter((answer) => answer.id === id).length;
    if (times === 0) return [`${id} is not answered.`];
    return times > 1 ? [`${id} is answered ${times} times; answer it once.`] : [];
  });
  return [...unknown, ...counted];
}

/** Words about the criterion itself, not about what the code does with missing or failing things. */
const SAYS_UNMET =
  /\b(?:is|are|was) (?:not (?:yet )?|un)(?:met|satisfied|fulfilled|implemented)\b|\bnot (?:yet |fully )?(?:met|satisfied|fulfilled)\b|\bunmet\b|\b(?:does|do) not (?:meet|satisfy|fulfil) (?:the|this) (?:criterion|requirement)|\b(?:criterion|requirement) (?:fails|failed)\b/i;
const SAYS_MET =
  /(?<!\bnot )(?<!\bif )(?<!\bwould be )\b(?:fully|completely|clearly|is|are) (?:met|satisfied|fulfilled)\b(?! (?:if|when|once|only))/i;

function answerProblems({ id, met, reason }: ReviewReply["criteria"][number]): readonly string[] {
  const quoted = `"${reason.slice(0, 200)}"`;
  if (met && SAYS_UNMET.test(reason)) return [`${id} says met: true, but its reason says it is not: ${quoted}.`];
  if (met) return [];
  if (reason.trim() === "") return [`${id} says met: false without a reason.`];
  const contradicts = SAYS_MET.test(reason) && !SAYS_UNMET.test(reason);
  return contradicts ? [`${id} says met: false, but its reason says it is met: ${quoted}.`] : [];
}

function summaryProblems({ criteria, summary }: ReviewReply): readonly string[] {
  const unmet = criteria.filter((answer) => !answer.met).map((answer) => answer.id);
  const approves =
    /\b(?:all (?:the )?criteria (?:are |were |have been )?(?:met|pass(?:ed)?|satisfied)|approved)\b/i.test(summary);
  const denies = /\b(?:not all|cannot be approved|not (?:be )?approved|rejected)\b/i.test(summary);
  if (unmet.length > 0 && approves && !denies)
    return [
      `The summary approves, but ${unmet.join(", ")} say met: false. Decide per criterion; the verdict is computed.`,
    ];
  if (unmet.length === 0 && criteria.length > 0 && /\brejected\b/i.test(summary) && !approves)
    return ["The summary rejects, but every criterion says met: true. Say which one is not met."];
  return [];
}

/** Reads one JSON object of this shape; thoughts before it and a fence around it are left out. */
export function parseWith<Reply>(text: string, schema: z.ZodType<Reply>): JudgeReply<Reply> {
  const json = jsonIn(withoutThoughts(text));
  if (json === undefined)
    return { kind: "unusable", problems: ["Answer with one JSON object and nothing else; none was found."] };
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return { kind: "unusable", problems: [`The JSON cannot be read: ${(error as Error).message}`] };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { kind: "usable", reply: parsed.data };
  return {
    kind: "unusable",
    problems: parsed.error.issues.map((issue) => `${issue.path.join(".") || "the object"}: ${issue.message}`),
  };
}

function withoutThoughts(text: string): string {
  const start = text.trimStart();
  const end = start.startsWith("<think>") ? start.indexOf("</think>") : -1;
  return end < 0 ? text : start.slice(end + "</think>".length);
}

/** The whole text, or the one fenced block in it; anything else is prose. */
function jsonIn(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.startsWith("{") && trimmed.endsWith("}")) return trimmed;
  const fences = [...trimmed.matchAll(/^```(?:json)?[ \t]*\n([\s\S]*?)\n```[ \t]*$/gm)];
  const only = fences.length === 1 ? fences[0]?.[1]?.trim() : undefined;
  return only?.startsWith("{") ? only : undefined;
}
