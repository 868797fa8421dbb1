import { z } from "zod";
import { APPROVAL_GATES, type ApprovalGate } from "./approval-gate.ts";

/** Where a person may be asked: before a plan is pursued, before a task lands, before a branch of a person's moves. */
export const APPROVAL_STAGES = ["plan", "task", "result"] as const;
export type ApprovalStage = (typeof APPROVAL_STAGES)[number];

const stage = (value: ApprovalGate, description: string) => z.enum(APPROVAL_GATES).default(value).meta({ description });

/** `approvals:` of the config. */
export const Approvals = z
  .strictObject({
    plan: stage("auto", "Before the architect's plan is pursued; one that a person hands in needs no word."),
    task: stage("auto", "Before a task lands on `loop/<plan>`."),
    result: stage("human", "Before `land` of the config moves a branch; `--land` in a person's command is their word."),
  })
  .prefault({})
  .meta({
    description:
      "Whose word lets a stage pass: `human`, `auto-judge` (the role `approver`) or `auto`. `millwright gates` changes it while a run goes on.",
  });
export type Approvals = z.infer<typeof Approvals>;

const Stage = z.enum(APPROVAL_STAGES);

/** What a word is asked for, named by the digest of exactly that: what has changed since is another thing. */
const subject = {
  stage: Stage,
  /** Task that it is about, for stage `task`. */
  about: z.string().optional(),
  /** A tree for a task, a commit for a result, the digest of its text for a plan. */
  digest: z.string(),
  /** Stable id of a task's difference: a clean rebase keeps it, and with it the word. */
  patch: z.string().optional(),
  /** Trees of which the difference is what would happen. */
  from: z.string().optional(),
  to: z.string().optional(),
  /** Name of the trees' repository; absent: the main one. */
  repo: z.string().optional(),
  /** Blob with the plans' text. */
  text: z.string().optional(),
};
const ApprovalSubject = z.object(subject);
export type ApprovalSubject = Readonly<z.infer<typeof ApprovalSubject>>;

const word = {
  decision: z.enum(["approved", "rejected"]),
  by: z.string(),
  note: z.string(),
  /** Of a rejection: no further answer of a maker is wanted. */
  end: z.boolean().optional(),
  /** True for a model's word. */
  judged: z.boolean().optional(),
};
/** What was said of a subject, and by whom. */
export const ApprovalWord = z.strictObject(word);
export type ApprovalWord = Readonly<z.infer<typeof ApprovalWord>>;

/** The fact that somebody's word is wanted. */
const ApprovalAsked = z.object({
  type: z.literal("approval-asked"),
  ...subject,
  gate: z.enum(APPROVAL_GATES),
});
/** The fact that it was given. */
const ApprovalGiven = z.object({ type: z.literal("approval-given"), ...subject, ...word });
/** The fact that a person has changed whose word lets stages pass. */
const GatesChanged = z.object({
  type: z.literal("gates-changed"),
  by: z.string(),
  gates: z.partialRecord(Stage, z.enum(APPROVAL_GATES)),
});

/** A person lets a run go on although its spec has changed; the run keeps the spec that it began with. */
const SpecApproved = z.object({
  type: z.literal("spec-approved"),
  by: z.string(),
  path: z.string(),
  from: z.string(),
  to: z.string(),
});

/** What people say while a run goes on, as facts. */
export const APPROVAL_FACTS = [SpecApproved, ApprovalAsked, ApprovalGiven, GatesChanged] as const;

/** Where a subject stands: a word was given, or somebody has to give it. */
export type Standing =
  | { readonly kind: "given"; readonly word: ApprovalWord }
  | { readonly kind: "wanted"; readonly gate: Exclude<ApprovalGate, "auto"> };
