import { z } from "zod";
import { GateType } from "./gate-type.ts";
import { StageName } from "./stage.ts";

const FindingFact = z.object({
  rule: z.string(),
  answers: z.string(),
  message: z.string(),
  path: z.string().optional(),
  line: z.number().optional(),
  evidence: z.string().optional(),
});

/** The research branch was opened: it holds the design as the run froze it. */
export const ResearchOpened = z.object({
  type: z.literal("research-opened"),
  branch: z.string(),
  commit: z.string(),
  tree: z.string(),
});

/** A visit of a stage has ended. */
export const ResearchStage = z.object({
  type: z.literal("research-stage"),
  stage: StageName,
  /** 1, 2, 3 … in this run. */
  visit: z.number(),
  outcome: z.enum(["passed", "refused", "skipped"]),
  gate: GateType,
  summary: z.string(),
  findings: z.array(FindingFact),
  /** What a refusing gate wants: back to core, or that somebody thinks anew. */
  wants: z.enum(["revise", "trouble"]).optional(),
  /** Blob of the stage's end. */
  end: z.string(),
  /** Head of the research branch after it. */
  commit: z.string(),
  tree: z.string(),
});
export type ResearchStage = z.infer<typeof ResearchStage>;

/** The coder has answered what a stage refused; the stage looks again. */
export const ResearchFix = z.object({
  type: z.literal("research-fix"),
  stage: StageName,
  number: z.number(),
  outcome: z.enum(["landed", "failed"]),
  reason: z.string(),
  commit: z.string(),
  tree: z.string(),
});
export type ResearchFix = z.infer<typeof ResearchFix>;

export const RESEARCH_MOVES = ["instructions", "re-plan", "person", "revise", "stop"] as const;
export type ResearchMove = (typeof RESEARCH_MOVES)[number];

/** What was decided when a stage could not go on by itself: by the orchestrator, or by a person. */
export const ResearchDecided = z.object({
  type: z.literal("research-decided"),
  stage: StageName,
  number: z.number(),
  move: z.enum(RESEARCH_MOVES),
  words: z.string(),
  by: z.enum(["orchestrator", "person", "architect", "mill"]),
  /** Blob of the tasks that the architect has written anew. */
  tasks: z.string().optional(),
});
export type ResearchDecided = z.infer<typeof ResearchDecided>;

/** A line of `logs/errors.log`. */
export const ResearchError = z.object({
  type: z.literal("research-error"),
  stage: StageName,
  subject: z.string(),
  error: z.string(),
  resolution: z.string(),
});
export type ResearchError = z.infer<typeof ResearchError>;

/** A person has changed whose word lets stages pass. */
export const ResearchGates = z.object({
  type: z.literal("research-gates"),
  by: z.string(),
  gates: z.partialRecord(StageName, GateType),
});
export type ResearchGates = z.infer<typeof ResearchGates>;

/** Every fact that only a research run writes. */
export const RESEARCH_FACTS = [
  ResearchOpened,
  ResearchStage,
  ResearchFix,
  ResearchDecided,
  ResearchError,
  ResearchGates,
] as const;

/** Facts of a research run that decide how it goes on. */
export type ResearchFact = ResearchStage | ResearchFix | ResearchDecided;
