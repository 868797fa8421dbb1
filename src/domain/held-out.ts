import { z } from "zod";
import { parseWith } from "./judge-replies.ts";
import type { Criterion } from "./task.ts";

/** What must come out of a call: a value as JSON, or an error. */
export const Expectation = z
  .object({
    value: z.unknown().optional(),
    error: z.object({ type: z.string().min(1).optional(), message: z.string().min(1).optional() }).optional(),
  })
  .refine((one) => one.error === undefined || one.value === undefined, "either `value` or `error`")
  .refine((one) => one.error !== undefined || "value" in one, "`value` or `error` is missing");
export type Expectation = z.infer<typeof Expectation>;

/** One held-out check, as data: the mill writes the test. */
export const HeldOutCheck = z.object({
  criterion: z.string(),
  imports: z
    .array(z.string().regex(/^[^#\s]+#[A-Za-z_$][\w$]*$/, "path#name"))
    .min(1)
    .max(12),
  setup: z.array(z.string().max(400)).max(20).default([]),
  call: z.string().min(1).max(600),
  expected: Expectation,
});
export type HeldOutCheck = z.infer<typeof HeldOutCheck>;

/** The examiner's reply. */
export const ExamReply = z.object({ checks: z.array(z.unknown()).max(100) });

/** The second examiner's reply: what it derives for each call, or that the criterion does not say. */
export const DerivationReply = z.object({
  answers: z.array(
    z.object({ check: z.int().min(1), expected: Expectation.optional(), unsure: z.boolean().optional() }),
  ),
});

/** The shapes that a server may hold the examiners to. */
export const examShape: unknown = z.toJSONSchema(z.object({ checks: z.array(HeldOutCheck) }), { io: "input" });
export const derivationShape: unknown = z.toJSONSchema(DerivationReply, { io: "input" });

/** A check that can be tried, under the number by which everybody speaks of it. */
export interface NumberedCheck extends HeldOutCheck {
  readonly number: number;
}

/** A check without what the examiner expects of it: all that a second model is told. */
export type AskedCheck = Omit<NumberedCheck, "expected">;

/** What the examiner wrote: checks that can be tried, and why others cannot. */
export interface Exam {
  readonly checks: readonly NumberedCheck[];
  readonly problems: readonly string[];
}

/** Reads the examiner's reply; a check that cannot be used is left out with the reason, the others stay. At most `most` are kept. */
export function readExam(text: string, criteria: readonly Criterion[], most: number): Exam {
  const parsed = parseWith(text, ExamReply);
  if (parsed.kind === "unusable") return { checks: [], problems: parsed.problems };
  const checks: NumberedCheck[] = [];
  const problems: string[] = [];
  for (const [index, one] of parsed.reply.checks.slice(0, most).entries()) {
    const read = HeldOutCheck.safeParse(one);
    const problem = read.success ? checkProblem(read.data, criteria) : issueOf(read.error);
    if (read.success && problem === undefined) checks.push({ ...read.data, number: index + 1 });
    else problems.push(`check ${index + 1}: ${problem}`);
  }
  return { checks, problems };
}

function issueOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return `${issue?.path.join(".") || "the check"}: ${issue?.message ?? "cannot be read"}`;
}

function checkProblem(check: HeldOutCheck, criteria: readonly Criterion[]): string | undefined {
  if (!criteria.some(({ id }) => id === check.criterion)) return `${check.criterion} is no criterion of this task`;
  const lines = [...check.setup, check.call];
  if (lines.some((line) => line.includes("\n"))) return "a line holds a line break";
  return lines.some((line) => /\bprocess\.(?:exit|kill)\b|\bos\._?exit\b|\bsys\.exit\b/.test(line))
    ? "it ends the process"
    : undefined;
}

/** What the second examiner derived, by number; empty when its reply cannot be used. */
export function readDerivation(text: string): ReadonlyMap<number, Expectation> {
  const parsed = parseWith(text, DerivationReply);
  if (parsed.kind === "unusable") return new Map();
  const sure = parsed.reply.answers.filter((answer) => answer.unsure !== true);
  return new Map(sure.flatMap(({ check, expected }) => (expected === undefined ? [] : [[check, expected] as const])));
}

/** True when two derivations, made apart, come to the same. */
export function agree(one: Expectation, other: Expectation): boolean {
  if (one.error !== undefined && other.error !== undefined)
    return one.error.type === other.error.type && plainText(one.error.message) === plainText(other.error.message);
  return one.error === undefined && other.error === undefined && sameValue(one.value, other.value);
}

function plainText(text: string | undefined): string | undefined {
  return text?.replace(/\s+/g, " ").trim();
}

function sameValue(one: unknown, other: unknown): boolean {
  if (typeof one === "number" && typeof other === "number")
    return Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(one), Math.abs(other));
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [left, right] = [Object.entries(one), new Map(Object.entries(other))];
  return left.length === right.size && left.every(([key, value]) => right.has(key) && sameValue(value, right.get(key)));
}

/** An expectation in words, for people. */
export function expectationText({ value, error }: Expectation): string {
  if (error === undefined) return JSON.stringify(value ?? null);
  return `${error.type ?? "an error"}${error.message === undefined ? "" : ` "${error.message}"`}`;
}
