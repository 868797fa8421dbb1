import { z } from "zod";

export const FINDING_KINDS = ["bug", "debt", "missing-docs", "missing-tests", "refactor"] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export const GRADES = ["high", "medium", "low"] as const;
export type Grade = (typeof GRADES)[number];

export const EFFORTS = ["small", "medium", "large"] as const;
export type Effort = (typeof EFFORTS)[number];

/** What is worth what: the four grades of a finding. */
export interface Weights {
  readonly impact: Grade;
  readonly effort: Effort;
  /** Of mending it. */
  readonly risk: Grade;
  readonly confidence: Grade;
}

/** Something that is wrong at one place, before anybody has looked whether the place is there. */
export interface Claimed extends Weights {
  readonly kind: FindingKind;
  readonly file: string;
  /** 1-based, inclusive. */
  readonly lines: { readonly from: number; readonly to: number };
  readonly quote: string;
  readonly claim: string;
}

/** A finding whose lines are there, without secrets. */
export const AuditFinding = z.strictObject({
  id: z.string(),
  /** A tool's name, or `auditor`. */
  by: z.string(),
  kind: z.enum(FINDING_KINDS),
  file: z.string(),
  lines: z.strictObject({ from: z.int(), to: z.int() }),
  quote: z.string(),
  claim: z.string(),
  impact: z.enum(GRADES),
  effort: z.enum(EFFORTS),
  risk: z.enum(GRADES),
  confidence: z.enum(GRADES),
  leverage: z.number(),
});
export type AuditFinding = z.infer<typeof AuditFinding>;

/** `src/price.ts:12-15`, or one line's number. */
export function placeOf({ file, lines }: Pick<Claimed, "file" | "lines">): string {
  return `${file}:${lines.from}${lines.to > lines.from ? `-${lines.to}` : ""}`;
}

const IMPACT: Readonly<Record<Grade, number>> = { high: 9, medium: 3, low: 1 };
const CONFIDENCE: Readonly<Record<Grade, number>> = { high: 1, medium: 0.7, low: 0.3 };
const EFFORT: Readonly<Record<Effort, number>> = { small: 1, medium: 2, large: 4 };
const RISK: Readonly<Record<Grade, number>> = { low: 1, medium: 1.25, high: 1.6 };

/** Impact times confidence, by effort and the risk of mending: from 0.05 to 9, two decimals. */
export function leverageOf({ impact, confidence, effort, risk }: Weights): number {
  return Math.round((100 * IMPACT[impact] * CONFIDENCE[confidence]) / (EFFORT[effort] * RISK[risk])) / 100;
}

/** The most leverage first; among equals bugs first, then by place, so that the order is always the same. */
export function ranked<Finding extends Claimed>(findings: readonly Finding[]): readonly Finding[] {
  const order = ["bug", "missing-tests", "debt", "refactor", "missing-docs"];
  return [...findings].sort(
    (a, b) =>
      leverageOf(b) - leverageOf(a) ||
      order.indexOf(a.kind) - order.indexOf(b.kind) ||
      (a.file < b.file ? -1 : Number(a.file > b.file)) ||
      a.lines.from - b.lines.from,
  );
}
