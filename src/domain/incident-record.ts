import { z } from "zod";
import { FAILURE_TYPES } from "./failure-class.ts";
import { CATEGORIES } from "./failure-text.ts";
import { INCIDENT_KINDS } from "./incident.ts";

/** Longest output that an incident keeps, in characters. */
export const OUTPUT_LIMIT = 2_400;

const Failure = z.object({
  rule: z.string(),
  answers: z.string(),
  message: z.string(),
  path: z.string().optional(),
  line: z.number().optional(),
  evidence: z.string().optional(),
});

/** evidence.json: what happened. Never changed after it was written. */
export const Evidence = z.object({
  format: z.literal(1),
  id: z.string(),
  key: z.string(),
  run: z.string(),
  task: z.string().optional(),
  kind: z.enum(INCIDENT_KINDS),
  stops: z.boolean(),
  at: z.string(),
  problem: z.string(),
  /** Milliseconds since 1970, and the same for people. */
  openedAt: z.number(),
  opened: z.string(),
  git: z.object({ branch: z.string().optional(), head: z.string().optional(), status: z.array(z.string()) }),
  /** Tree on which it was seen; absent: the tree of `git.head`. */
  tree: z.string().optional(),
  failures: z.array(Failure),
  output: z.string().max(OUTPUT_LIMIT),
});
export type Evidence = z.infer<typeof Evidence>;

export const ROOT_CAUSES = ["process defect", "tool gap", "knowledge gap", "design flaw", "spec omission"] as const;
export type RootCause = (typeof ROOT_CAUSES)[number];

const Ran = z.object({
  kind: z.literal("command"),
  command: z.string(),
  /** Tree on which the mill ran it. */
  tree: z.string(),
  exitCode: z.number(),
  output: z.string(),
  /** Exit code on HEAD, for an answer that is marked proven. */
  exitCodeNow: z.number().optional(),
});

const Quoted = z.object({
  kind: z.literal("quote"),
  path: z.string(),
  line: z.number(),
  quote: z.string(),
  /** Tree in which the mill found it. */
  tree: z.string(),
});

export const Verification = z.discriminatedUnion("kind", [Ran, Quoted]);
export type Verification = z.infer<typeof Verification>;

/** One answer of the Five Whys, with what the mill itself saw. */
export const Why = z.object({
  answer: z.string(),
  verification: Verification,
  /** How the failure came or went with the cause; absent: the answer is verified, not proven. */
  proven: z.enum(["reproduces", "removes"]).optional(),
  /** Set on the answer that is the root cause. */
  category: z.enum(ROOT_CAUSES).optional(),
});
export type Why = z.infer<typeof Why>;

/** analysis.json: what is behind it. */
export const Analysis = z.object({
  category: z.enum(CATEGORIES),
  /** 0 to 1: how sure the mill is of the category; 0 where nothing says what is behind it. */
  confidence: z.number(),
  type: z.enum(FAILURE_TYPES),
  signature: z.string(),
  whys: z.array(Why),
});
export type Analysis = z.infer<typeof Analysis>;

export const LEVELS = {
  L1: "make it impossible",
  L2: "detect it",
  L3: "document it",
  L4: "alert",
} as const;
export type Level = keyof typeof LEVELS;

/** One thing that was changed so that it does not come back. */
export const Action = z.object({
  level: z.enum(["L1", "L2", "L3", "L4"]),
  what: z.string(),
  /** A path in the repository. */
  artefact: z.string(),
  /** Where it changed; absent: HEAD. */
  commit: z.string().optional(),
});
export type Action = z.infer<typeof Action>;

/** closed.json: who closed it, and on what. */
export const Closing = z.object({
  closedAt: z.number(),
  closed: z.string(),
  approvedBy: z.string().optional(),
  hypothesis: z.string().optional(),
});
export type Closing = z.infer<typeof Closing>;

/** An incident as its folder tells it. */
export interface Incident {
  readonly id: string;
  readonly evidence: Evidence;
  readonly analysis: Analysis;
  readonly actions: readonly Action[];
  /** Texts of report.md and of what a person writes beside it, by file name; a missing file is absent. */
  readonly documents: Readonly<Record<string, string>>;
  /** Absent while it is open. */
  readonly closing?: Closing;
}
