import { z } from "zod";
import { type JudgeReply, parseWith } from "../judge-replies.ts";
import type { Finding } from "../verdict.ts";

/** What the cross-model review looks at, beside obvious bugs. */
export const REVIEW_TOPICS = ["plan", "accumulation", "schedule", "metrics", "bug"] as const;

const Text = (most: number) =>
  z
    .string()
    .regex(/\S/, "say why")
    .transform((text) => text.trim().slice(0, most));

const Topic = z.object({ topic: z.enum(REVIEW_TOPICS), ok: z.boolean(), because: Text(1000) });
const Claim = z.object({
  topic: z.enum(REVIEW_TOPICS),
  path: z.string().min(1),
  quote: Text(1000),
  message: Text(1000),
});

/** The reviewer's reply: each topic once, and what is wrong with the line that shows it. */
export const ResearchReview = z.object({
  topics: z.array(Topic).min(1),
  findings: z.array(Claim).max(20).default([]),
  summary: Text(1000),
});
export type ResearchReview = z.infer<typeof ResearchReview>;

export const JUDGED = ["tests", "design", "correctness", "baselines"] as const;
const Judged = z.object({ ok: z.boolean(), because: Text(1000) });

/** The judge's reply; `wants` only where one of the four is not ok. */
export const ResearchJudgement = z.object({
  tests: Judged,
  design: Judged,
  correctness: Judged,
  baselines: Judged,
  decision: z.enum(["pass", "revise", "trouble"]),
  words: Text(2000),
});
export type ResearchJudgement = z.infer<typeof ResearchJudgement>;

export function judgementSchema(kind: "review" | "judge"): unknown {
  return z.toJSONSchema(kind === "review" ? ResearchReview : ResearchJudgement, { io: "input" });
}

/** Reads a review: every topic once; one that is not ok needs a finding that shows it. */
export function parseResearchReview(text: string): JudgeReply<ResearchReview> {
  const parsed = parseWith(text, ResearchReview);
  if (parsed.kind === "unusable") return parsed;
  const { topics, findings } = parsed.reply;
  const problems = REVIEW_TOPICS.flatMap((topic) => {
    const said = topics.filter((one) => one.topic === topic);
    if (said.length !== 1) return [`The topic ${topic} is answered ${said.length} times; answer it once.`];
    const isShown = findings.some((one) => one.topic === topic);
    return said[0]?.ok === false && !isShown
      ? [`${topic} is not ok, but no finding quotes the line that shows it.`]
      : [];
  });
  return problems.length > 0 ? { kind: "unusable", problems } : parsed;
}

/** Reads a judgement; one that contradicts itself is unusable. */
export function parseJudgement(text: string): JudgeReply<ResearchJudgement> {
  const parsed = parseWith(text, ResearchJudgement);
  if (parsed.kind === "unusable") return parsed;
  const { reply } = parsed;
  const wrong = JUDGED.filter((name) => !reply[name].ok);
  if (reply.decision === "pass" && wrong.length > 0)
    return { kind: "unusable", problems: [`The decision is pass, but ${wrong.join(", ")} say ok: false.`] };
  if (reply.decision !== "pass" && wrong.length === 0)
    return { kind: "unusable", problems: [`The decision is ${reply.decision}, but all four say ok: true.`] };
  return parsed;
}

/** Findings of a review whose quotation stands in the file it names; the others are dropped. */
export function heldFindings(
  { findings }: ResearchReview,
  textOf: (path: string) => string | undefined,
): { readonly held: readonly Finding[]; readonly dropped: readonly string[] } {
  const held: Finding[] = [];
  const dropped: string[] = [];
  for (const { topic, path, quote, message } of findings) {
    const line = lineOf(textOf(path), quote);
    if (line === undefined) dropped.push(`${topic}, ${path}: the quotation does not stand there: ${message}`);
    else held.push({ rule: `review/${topic}`, answers: "developer", message, path, line, evidence: quote });
  }
  return { held, dropped };
}

/** The line on which the quotation begins, spaces aside. */
function lineOf(text: string | undefined, quote: string): number | undefined {
  if (text === undefined) return undefined;
  const lines = text.split("\n").map(squeezed);
  const wanted = quote
    .split("\n")
    .map(squeezed)
    .filter((line) => line !== "");
  if (wanted.length === 0) return undefined;
  const at = lines.findIndex((line, start) => {
    const window = lines
      .slice(start)
      .filter((one) => one !== "")
      .slice(0, wanted.length);
    return (
      line !== "" &&
      window.length === wanted.length &&
      wanted.every((one, index) => (window[index] ?? "").includes(one))
    );
  });
  return at < 0 ? undefined : at + 1;
}

function squeezed(line: string): string {
  return line.replace(/\s+/g, " ").trim();
}

/** What the orchestrator answers about a stage. */
export interface MoveReply {
  readonly move: string;
  readonly words: string;
}

export function moveSchema(moves: readonly string[]): unknown {
  return z.toJSONSchema(moveShape(moves), { io: "input" });
}

export function parseMove(text: string, moves: readonly string[]): JudgeReply<MoveReply> {
  return parseWith(text, moveShape(moves));
}

function moveShape(moves: readonly string[]) {
  const names = moves.map((move) => move.split(":")[0]?.trim() ?? move) as [string, ...string[]];
  return z.object({ move: z.enum(names), words: Text(4000) });
}
