import { z } from "zod";
import { APPROVAL_FACTS } from "./approvals.ts";
import { ToolCalled } from "./connectors/tool-request.ts";
import { INCIDENT_KINDS } from "./incident.ts";
import { Usage } from "./model-call.ts";
import { RESEARCH_FACTS } from "./research/facts.ts";
import { Task } from "./task.ts";

const FindingShape = z.object({
  rule: z.string(),
  answers: z.string(),
  message: z.string(),
  path: z.string().optional(),
  line: z.number().optional(),
  evidence: z.string().optional(),
  withheld: z.string().optional(),
});

const at = { task: z.string() };
const asked = { ...at, role: z.string(), attempt: z.number(), model: z.string() };

/**
 * The facts of a run. Screens, metrics and resume read the same facts. A fact has a key that is unique in its run, so
 * writing it again after a crash changes nothing.
 */
export const Event = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("run-started"),
    title: z.string(),
    spec: z.object({ path: z.string().optional(), digest: z.string() }),
    workflow: z.string(),
    base: z.object({ commit: z.string(), branch: z.string().optional() }),
    models: z.record(z.string(), z.string()),
    independence: z.string(),
    sandbox: z.string(),
    version: z.string(),
    /** True when recorded replies answered: then nothing was paid. */
    replayed: z.boolean().optional(),
    /** True for one of the runs of a comparison: its failures are results. */
    compared: z.boolean().optional(),
    /** Ids of the corrections that are switched on. */
    corrections: z.array(z.string()).optional(),
  }),
  z.object({ type: z.literal("run-resumed"), pid: z.number(), corrections: z.array(z.string()).optional() }),
  z.object({ type: z.literal("notice"), message: z.string() }),
  z.object({ type: z.literal("step-started"), step: z.string() }),
  z.object({
    type: z.literal("step-completed"),
    step: z.string(),
    result: z.unknown().optional(),
    seconds: z.number().optional(),
  }),
  z.object({
    type: z.literal("step-failed"),
    step: z.string(),
    code: z.string(),
    message: z.string(),
    hint: z.string(),
    remedy: z.string(),
  }),
  z.object({
    type: z.literal("asked"),
    ...asked,
    /** What the question leaves out so that it fits the model's context. */
    dropped: z.array(z.string()).optional(),
    /** What of the mill's memory stands in the question, layer by layer: names and counts. */
    memory: z.array(z.string()).optional(),
  }),
  z.object({ type: z.literal("asked-again"), ...asked }),
  ToolCalled,
  z.object({
    type: z.literal("answered"),
    ...asked,
    usage: Usage,
    drifted: z.boolean().optional(),
    reply: z.string(),
    request: z.string(),
  }),
  z.object({ type: z.literal("plan-refused"), attempt: z.number(), findings: z.array(FindingShape) }),
  z.object({
    type: z.literal("plan-accepted"),
    plan: z.string(),
    path: z.string(),
    branch: z.string(),
    tasks: z.array(z.object({ id: z.string(), title: z.string(), kind: z.string(), needs: z.array(z.string()) })),
  }),
  z.object({
    type: z.literal("task-started"),
    ...at,
    title: z.string(),
    kind: z.string(),
    base: z.string(),
    gates: z.array(z.string()),
    attempts: z.number().optional(),
    /** How many models each maker can be, by role. */
    models: z.record(z.string(), z.number()).optional(),
  }),
  z.object({ type: z.literal("gate-passed"), ...at, gate: z.string(), notes: z.array(z.string()) }),
  z.object({ type: z.literal("gate-refused"), ...at, gate: z.string(), findings: z.array(FindingShape) }),
  /** What corrections made of a proposal before the door judged it; `notes` say which were left out, and why. */
  z.object({
    type: z.literal("corrected"),
    ...at,
    role: z.string(),
    attempt: z.number(),
    corrections: z.array(z.object({ id: z.string(), path: z.string(), times: z.number() })),
    changes: z
      .array(z.object({ id: z.string(), path: z.string(), line: z.number(), before: z.string(), after: z.string() }))
      .optional(),
    notes: z.array(z.string()).optional(),
  }),
  /** A correction is left out for the rest of a task: what it wrote was refused twice in the same way. */
  z.object({
    type: z.literal("correction-suspended"),
    ...at,
    correction: z.string(),
    signature: z.string(),
    reason: z.string(),
  }),
  z.object({
    type: z.literal("proposal-refused"),
    ...at,
    role: z.string(),
    attempt: z.number(),
    findings: z.array(FindingShape),
  }),
  z.object({
    type: z.literal("proposal-admitted"),
    ...at,
    role: z.string(),
    attempt: z.number(),
    commit: z.string(),
    paths: z.array(z.string()),
    notes: z.string(),
  }),
  /** A maker's own word on each criterion, kept beside the judge's. */
  z.object({
    type: z.literal("self-assessed"),
    ...at,
    role: z.string(),
    attempt: z.number(),
    answers: z.array(z.object({ id: z.string(), said: z.enum(["met", "unmet", "not given"]), because: z.string() })),
  }),
  /** A maker goes on with another model or another brief, and why; `rung` counts from 0. */
  z.object({
    type: z.literal("escalated"),
    ...at,
    role: z.string(),
    rung: z.number(),
    model: z.string(),
    reason: z.string(),
  }),
  z.object({
    type: z.literal("orchestrated"),
    ...at,
    decision: z.enum(["instructions", "task", "person", "skip", "problems"]),
    reason: z.string(),
    said: z.string(),
  }),
  /**
   * A task's tests and code are laid aside and the tests begin anew: several answers of the code's maker failed nothing but
   * the task's own new tests, in the same way each time.
   */
  z.object({
    type: z.literal("tests-begun-anew"),
    ...at,
    /** 1, 2, 3 … in this task. */
    number: z.number(),
    /** The maker that is asked again, and its answers that are laid aside. */
    role: z.string(),
    attempts: z.array(z.number()),
    /** The answers of the code's maker that those tests refused. */
    refused: z.object({ role: z.string(), attempts: z.array(z.number()) }),
    reason: z.string(),
    /** What those tests said, as the one who wrote them is told. */
    findings: z.array(FindingShape),
  }),
  z.object({ type: z.literal("impossible"), ...at, role: z.string(), reason: z.string() }),
  z.object({ type: z.literal("rebased"), ...at, from: z.string(), onto: z.string() }),
  z.object({
    type: z.literal("reviewed"),
    ...at,
    judge: z.string(),
    decision: z.enum(["APPROVE", "REJECT"]),
    score: z.number(),
    reasons: z.array(z.string()),
    /** The judge's answer on each criterion; absent for a judge that answers otherwise. */
    criteria: z.array(z.object({ id: z.string(), met: z.boolean(), evidence: z.string() })).optional(),
  }),
  z.object({
    type: z.literal("landed"),
    ...at,
    branch: z.string(),
    commit: z.string(),
    tree: z.string(),
    tests: z.number(),
    paths: z.array(z.string()),
  }),
  /** Something that a person has to hear of: `incident-opened` stops the line, `incident-filed` does not. */
  z.object({
    type: z.literal("incident-opened"),
    incident: z.string(),
    /** Task that it is about. */
    about: z.string().optional(),
    kind: z.enum(INCIDENT_KINDS),
    at: z.string(),
    problem: z.string(),
  }),
  z.object({
    type: z.literal("incident-filed"),
    incident: z.string(),
    about: z.string().optional(),
    kind: z.enum(INCIDENT_KINDS),
    at: z.string(),
    problem: z.string(),
  }),
  z.object({
    type: z.literal("incident-closed"),
    incident: z.string(),
    kind: z.enum(INCIDENT_KINDS),
    approvedBy: z.string().optional(),
  }),
  /** `comebacks`: how often it had come back before; absent when never. */
  z.object({
    type: z.literal("task-ended"),
    ...at,
    outcome: z.string(),
    reason: z.string(),
    comebacks: z.number().optional(),
  }),
  /** A task stops without landing after so many answers; what could matter for it, as it stands now. */
  z.object({
    type: z.literal("task-rests"),
    ...at,
    outcome: z.string(),
    reason: z.string(),
    answers: z.number(),
    matters: z.record(z.string(), z.string()),
  }),
  /** A task that rested goes on, and why. */
  z.object({
    type: z.literal("task-reopened"),
    ...at,
    reason: z.string(),
    /** What a person says to its makers. */
    word: z.string().optional(),
    /** The task as a person has edited it in the plan. */
    revision: Task.optional(),
    /** What was refused is laid aside, so that whoever wrote it proposes it again: corrections look at proposals. */
    anew: z.boolean().optional(),
    /** Models of its makers from now on, by role. */
    models: z.record(z.string(), z.array(z.string())),
  }),
  ...APPROVAL_FACTS,
  ...RESEARCH_FACTS,
  z.object({
    type: z.literal("goal-judged"),
    round: z.number(),
    decision: z.enum(["MET", "NOT MET"]),
    evidence: z.array(z.string()),
  }),
  /** What an audit came to: findings that are so, claims that were dropped, files that nobody read, plans that it wrote. */
  z.object({
    type: z.literal("audited"),
    findings: z.number(),
    dropped: z.number(),
    unread: z.number(),
    plans: z.array(z.object({ plan: z.string(), path: z.string(), leverage: z.number() })),
    refused: z.array(z.string()),
  }),
  /** A person's word on a candidate: a new correction, or the retirement of one. */
  z.object({
    type: z.literal("correction-decided"),
    correction: z.string(),
    kind: z.enum(["new", "retire"]),
    decision: z.enum(["approved", "rejected"]),
  }),
  z.object({
    type: z.literal("run-ended"),
    outcome: z.string(),
    reason: z.string(),
    comebacks: z.number().optional(),
  }),
]);
export type Event = z.infer<typeof Event>;

/** A fact as the journal keeps it. */
export interface JournalEntry {
  /** 1, 2, 3 … in the order of writing, unique in the journal. */
  readonly seq: number;
  /** Milliseconds since 1970, for people; never used to decide. */
  readonly at: number;
  readonly run: string;
  readonly key: string;
  readonly event: Event;
}
