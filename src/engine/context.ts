import type { Reservation } from "../domain/budget.ts";
import type { Config } from "../domain/config.ts";
import type { Plan } from "../domain/plan.ts";
import type { Spec } from "../domain/spec.ts";
import type { CommitId } from "../domain/work.ts";
import type { Workflow } from "../domain/workflow.ts";
import type { Ports, Repository } from "./ports.ts";
import type { Turn } from "./turns.ts";

/** What a run froze at its start. */
export interface RunInputs {
  readonly spec: Spec;
  /** Plans that a person handed in; absent: the architect makes them. */
  readonly plans?: readonly Plan[];
  /** Names of those plans that are done already and lie below the base. */
  readonly delivered?: readonly string[];
  readonly config: Config;
  readonly workflow: Workflow;
  readonly base: { readonly commit: CommitId; readonly branch?: string };
  /** Seconds since 1970: the date of every commit that the run makes, counted up. */
  readonly startedAt: number;
  readonly version: string;
}

/** A run on its way. */
export interface RunContext extends RunInputs {
  readonly ports: Ports;
  /** What the questions on their way may cost. */
  readonly purse: Purse;
}

/** Reservations that are open, and how many have been let go: tasks that are worked on at once share one budget. */
export interface Purse {
  readonly pending: Set<Reservation>;
  released: number;
}

/** A task on its way: the run, its plan, its repository and the branch it lands on. */
export interface TaskContext extends RunContext {
  readonly plan: Plan;
  readonly repository: Repository;
  readonly branch: string;
  /** The task's place in the run: dates its commits. */
  readonly position: number;
  /** The turn to move the branch: tasks that are worked on at once land one after the other. */
  readonly turn: Turn;
}
