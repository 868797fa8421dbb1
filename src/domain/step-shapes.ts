import { z } from "zod";
import { ApprovalWord } from "./approvals.ts";
import { Usage } from "./model-call.ts";

/** What the journal keeps of a model's answer; the texts are blobs. */
export const AskResult = z.strictObject({
  reply: z.string(),
  request: z.string(),
  /** The model as the config names it; absent in journals of before 0.2. */
  asked: z.string().optional(),
  model: z.string(),
  usage: Usage,
  finish: z.enum(["stop", "length", "other"]),
  drifted: z.boolean(),
});
export type AskResult = z.infer<typeof AskResult>;

const LayerShape = z.array(
  z.strictObject({ path: z.string(), blob: z.string().nullable(), mode: z.enum(["100644", "100755", "120000"]) }),
);

const FindingShape = z
  .strictObject({
    rule: z.string(),
    answers: z.enum(["architect", "orchestrator", "tester", "developer", "documenter", "mill", "person"]),
    message: z.string(),
    path: z.string().optional(),
    line: z.number().optional(),
    evidence: z.string().optional(),
  })
  .transform((finding) => JSON.parse(JSON.stringify(finding)) as import("./verdict.ts").Finding);

export const WorkShape = z.strictObject({
  base: z.strictObject({ commit: z.string(), tree: z.string() }),
  tests: LayerShape,
  code: LayerShape,
  trees: z.strictObject({ red: z.string(), work: z.string() }),
});

const AssessedShape = z
  .array(z.strictObject({ id: z.string(), said: z.enum(["met", "unmet", "not given"]), because: z.string() }))
  .optional();

const CorrectedShape = z
  .strictObject({
    corrections: z.array(z.strictObject({ id: z.string(), path: z.string(), times: z.number() })),
    changes: z
      .array(
        z.strictObject({ id: z.string(), path: z.string(), line: z.number(), before: z.string(), after: z.string() }),
      )
      .optional(),
    notes: z.array(z.string()).optional(),
  })
  .optional();

/** What became of a maker's reply. */
export const AnswerResult = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("admitted"),
    work: WorkShape,
    commit: z.string(),
    paths: z.array(z.string()),
    notes: z.string(),
    assessed: AssessedShape,
    corrected: CorrectedShape,
  }),
  z.strictObject({
    kind: z.literal("refused"),
    findings: z.array(FindingShape),
    tampers: z.array(z.string()).optional(),
    assessed: AssessedShape,
    corrected: CorrectedShape,
  }),
  z.strictObject({ kind: z.literal("impossible"), reason: z.string() }),
]);
export type AnswerResult = z.infer<typeof AnswerResult>;

export const RebaseResult = z.strictObject({ work: WorkShape, conflicts: z.array(z.string()) });

export const LandResult = z.strictObject({
  commit: z.string().nullable(),
  tree: z.string(),
  moved: z.boolean(),
  /** Who does not want it to land, and why. */
  rejected: ApprovalWord.optional(),
});

export const BranchResult = z.strictObject({ branch: z.string(), commit: z.string(), tree: z.string() });

export const CommandResult = z.strictObject({ exitCode: z.number().nullable(), ended: z.string(), output: z.string() });
export type CommandResult = z.infer<typeof CommandResult>;

/** What had come of other tasks when this one began, one line each. */
export const RecentResult = z.strictObject({ lines: z.array(z.string()) });
