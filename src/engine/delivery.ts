import type { Answered } from "../domain/answered.ts";
import type { Told } from "../domain/brief-retry.ts";
import type { TaskState } from "../domain/gate.ts";
import type { Task } from "../domain/task.ts";
import type { Refusal } from "../domain/verdict.ts";
import type { TaskContext } from "./context.ts";

/** One judgement of a patch: its replies are the judge's questions `first` to `first + replies - 1` in this task. */
export interface JudgeRound {
  readonly judge: string;
  readonly patch: string;
  readonly first: number;
  readonly replies: number;
}

/** Where a task stands: folded from step results and nothing else. */
export interface Delivery {
  readonly state: TaskState;
  readonly history: readonly Answered[];
  /** Times that the gates have judged. */
  readonly judged: number;
  /** What the door said of the last proposal, when it said no: nothing changed, so the gates need not be asked again. */
  readonly atDoor: Refusal | undefined;
  /** True while the work is what the mill moved to a new base, and no maker has answered since. */
  readonly rebased: boolean;
  /** The proven work that was offered to be tidied; it stands if what came of that is refused. */
  readonly before?: Delivery;
  readonly rounds: JudgeRound[];
  /** What each maker was told last, so that its next question begins like it. Grows as makers are asked. */
  readonly told: Map<string, Told>;
  /** Resolves when people can see the work; nobody judges by it, so it is awaited only when it has to be over. */
  readonly shown: Promise<void>;
  /** What the architect or the orchestrator added. */
  readonly advice: string | undefined;
  /** What was tried on the rungs before, for a maker that begins anew. */
  readonly diagnosis: string | undefined;
  /** The task as the plan says it, or as a person has edited it since. */
  readonly planned: Task;
  /** How many models each maker can be, as it was when the task began or last came back. */
  readonly models: Readonly<Record<string, number>>;
}

/** A task that nobody has answered for yet, on the head of its branch. */
export function begin(task: Task, head: { commit: string; tree: string }, context: TaskContext): Delivery {
  const state: TaskState = {
    task,
    work: { base: head, tests: [], code: [], trees: { red: head.tree, work: head.tree } },
    workflow: context.workflow,
    config: { ...context.repository.config, limits: context.config.limits, review: context.config.review },
    profile: context.repository.toolchain.profile,
    branch: context.branch,
    reading: 1,
    asked: [],
  };
  return {
    state,
    history: [],
    judged: 0,
    atDoor: undefined,
    rebased: false,
    rounds: [],
    told: new Map(),
    shown: Promise.resolve(),
    advice: undefined,
    diagnosis: undefined,
    planned: task,
    models: {},
  };
}
