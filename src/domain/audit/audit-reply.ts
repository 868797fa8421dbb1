import { z } from "zod";
import { type JudgeReply, parseWith } from "../judge-replies.ts";
import { type Claimed, EFFORTS, FINDING_KINDS, GRADES } from "./audit-finding.ts";

const Text = (most: number) =>
  z
    .string()
    .min(1)
    .transform((text) => text.trim().slice(0, most));

const FindingReply = z.object({
  kind: z.enum(FINDING_KINDS),
  file: z.string().min(1),
  lines: z.string().regex(/^\d+\s*(?:[-–]\s*\d+)?$/, "lines like 12-15"),
  quote: Text(2_000),
  claim: Text(1_000),
  impact: z.enum(GRADES),
  effort: z.enum(EFFORTS),
  risk: z.enum(GRADES),
  confidence: z.enum(GRADES),
});

const ConceptReply = z.object({ name: Text(80), meaning: Text(400), file: z.string().min(1), quote: Text(500) });
export type ConceptReply = z.infer<typeof ConceptReply>;

/** The auditor's answer. Whether anything in it is so is seen by the program. */
export const AuditReply = z.object({
  findings: z.array(FindingReply),
  concepts: z.array(ConceptReply).default([]),
});

/** Most findings of one reply that are looked at, and most concepts. */
export const MOST_FINDINGS = 20;
export const MOST_CONCEPTS = 5;

/** What the auditor claims, and how much of it is over the most that is looked at. */
export interface AuditAnswer {
  readonly findings: readonly Claimed[];
  readonly concepts: readonly ConceptReply[];
  readonly over: number;
}

/** JSON Schema of the auditor's reply. */
export function auditSchema(): unknown {
  return z.toJSONSchema(AuditReply, { io: "input" });
}

/** Reads the auditor's reply, or says what is wrong with it. */
export function parseAudit(text: string): JudgeReply<AuditAnswer> {
  const parsed = parseWith(text, AuditReply);
  if (parsed.kind === "unusable") return parsed;
  const { findings, concepts } = parsed.reply;
  const kept = findings.slice(0, MOST_FINDINGS).map(({ lines, ...finding }) => ({ ...finding, lines: linesOf(lines) }));
  const over = Math.max(0, findings.length - MOST_FINDINGS);
  return { kind: "usable", reply: { findings: kept, concepts: concepts.slice(0, MOST_CONCEPTS), over } };
}

function linesOf(text: string): Claimed["lines"] {
  const [first = 1, last = first] = text.split(/[-–]/).map(Number);
  return { from: Math.min(first, last), to: Math.max(first, last) };
}
