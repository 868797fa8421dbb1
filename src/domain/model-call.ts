import { z } from "zod";

export const ROLES = [
  "architect",
  "orchestrator",
  "tester",
  "developer",
  "documenter",
  "reviewer",
  "checker",
  "goal-checker",
  /** Writes held-out checks from the criteria alone. */
  "examiner",
  /** Derives from a criterion what a held-out check's call must answer, without seeing what the examiner expects. */
  "second-examiner",
  /** Looks at finished work of several models beside each other; no run asks it. */
  "judge",
  /** Reads a whole repository and says what is wrong in it, with the lines; no run asks it but an audit. */
  "auditor",
  /** Speaks in a person's place where a gate of `approvals:` is `auto-judge`. */
  "approver",
  /** Answers questions from the wiki and finds pages that contradict each other; no run of a task asks it. */
  "librarian",
  /** Reviews an experiment's code against its plan; no run but one of `research` asks it, nor the next two. */
  "research-reviewer",
  "research-judge",
  "research-orchestrator",
] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

/** What answers for a role. */
export interface ModelIdentity {
  /** As written in the config, e.g. `ollama/qwen2.5-coder:14b`. */
  readonly name: string;
  /** The model itself, however it is reached: two names with one identity are one model. */
  readonly identity: string;
  readonly vendor: string;
}

/** One question to a model. */
export interface ModelRequest {
  readonly run: string;
  /** Task id, or `plan` / `goal`. */
  readonly task: string;
  readonly role: Role;
  /** 1 for a role's first question in this task. */
  readonly attempt: number;
  readonly model: string;
  /** Stable part first (role, knowledge), so that prompt caches hit; the rest in `user`. */
  readonly system: string;
  readonly user: string;
  /** JSON Schema of the reply, for judges; absent: free text. */
  readonly schema?: unknown;
  /** Seconds until the call is given up. */
  readonly seconds: number;
  /** Longest reply, in tokens; absent: the backend's own limit. */
  readonly answerTokens?: number;
  readonly temperature?: number;
  /** Length of the beginning of `user`, in characters, that this role's next question in this task will share. */
  readonly stable?: number;
  /** Where a maker's edits apply: an agent works in a copy of this tree. Absent for judges. */
  readonly workspace?: Workspace;
}

/** What an agent gets to work on. */
export interface Workspace {
  /** The repository of the task; undefined names the main one. */
  readonly repository: string | undefined;
  readonly tree: string;
  /** Globs of what the task lets this maker write. */
  readonly scope: readonly string[];
}

export const Usage = z.strictObject({
  input: z.number().int().nonnegative(),
  output: z.number().int().nonnegative(),
  cached: z.number().int().nonnegative(),
  /** False when the backend gave no counts and these are estimates (characters / 4). */
  counted: z.boolean(),
});
export type Usage = z.infer<typeof Usage>;

export const ModelReply = z.strictObject({
  text: z.string(),
  /** The model that answered, as the backend names it. */
  model: z.string(),
  usage: Usage,
  finish: z.enum(["stop", "length", "other"]),
  /** Set by the recorded backend when the request is not the one that was recorded. */
  drifted: z.boolean().optional(),
});
export type ModelReply = z.infer<typeof ModelReply>;
