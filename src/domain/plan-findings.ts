import type { Config } from "./config.ts";
import type { Plan } from "./plan.ts";
import type { Task } from "./task.ts";
import type { ToolProfile } from "./tool-profile.ts";

/** What a plan is judged by, beside its spec. */
export interface PlanFacts {
  /** Every path at the base. */
  readonly files: readonly string[];
  readonly profile: ToolProfile;
  readonly config: Config;
  /** Names of the skills there are; empty when nobody has looked. */
  readonly skills: readonly string[];
}

/** A task, where it works, and the tasks that land before it. */
export interface PlannedTask {
  readonly plan: Plan;
  readonly task: Task;
  /** `elsewhere`: in another repository, of which the facts say nothing. */
  readonly here: "here" | "elsewhere";
  readonly before: readonly Task[];
}

export interface PlanProblem {
  readonly rule: string;
  readonly message: string;
}

/** One thing that is asked of every task by itself. */
export type TaskRule = (planned: PlannedTask, facts: PlanFacts) => readonly PlanProblem[];
