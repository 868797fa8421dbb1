import { z } from "zod";
import { Task } from "./task.ts";

/** An objective check of the goal: a command that exits 0, or a file that is there and holds a text. */
export const GoalCheck = z.union([
  z.strictObject({ run: z.string().min(1) }),
  z.strictObject({ file: z.string().min(1), contains: z.string().optional() }),
]);
export type GoalCheck = z.infer<typeof GoalCheck>;

/** What an audit saw, as the plan that answers it keeps it: enough to look whether it is still so. */
export const AuditEvidence = z.strictObject({
  id: z.string(),
  kind: z.string(),
  file: z.string(),
  lines: z.string().meta({ description: "`from-to`, 1-based, at the plan's base." }),
  quote: z.string().meta({ description: "What stood there; secrets are taken out." }),
  claim: z.string(),
});
export type AuditEvidence = z.infer<typeof AuditEvidence>;

/** The front matter of a plan file. */
export const PlanHeader = z.strictObject({
  plan: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, "lower-case letters, digits and hyphens"),
  title: z.string().min(3),
  spec: z.strictObject({
    path: z.string().optional(),
    digest: z.string().meta({ description: "SHA-256 of the spec's text; `run` says when it has drifted." }),
  }),
  base: z.string().meta({ description: "The commit this plan was made for." }),
  audit: z
    .strictObject({
      id: z.string().meta({ description: "The audit that wrote the plan." }),
      made: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "a date, YYYY-MM-DD"),
      leverage: z.number().meta({ description: "What the plan is worth against what it costs; higher comes first." }),
      evidence: z.array(AuditEvidence).min(1),
    })
    .optional(),
  rejected: z
    .strictObject({ reason: z.string().min(1), by: z.string(), on: z.string() })
    .optional()
    .meta({ description: "A person does not want it: it is not run, and no audit proposes it again." }),
  needs: z.array(z.string()).default([]).meta({ description: "Names of linked plans that are pursued first." }),
  goal: z.array(GoalCheck).default([]),
  tasks: z.array(Task).min(1),
});
export type PlanHeader = z.infer<typeof PlanHeader>;

/** Ordered tasks with dependencies: a Markdown file with YAML front matter. */
export interface Plan extends PlanHeader {
  /** The Markdown below the front matter: context, risks, stop conditions. */
  readonly body: string;
}
