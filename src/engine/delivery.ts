import { beginning, type Standing } from "../domain/standing.ts";
import type { Task } from "../domain/task.ts";
import type { TaskContext } from "./context.ts";

/** A task on its way. */
export interface Delivery extends Standing {
  /** The proven work that was offered to be tidied; it stands if what came of that is refused. */
  readonly before?: Delivery;
  /** Resolves when people can see the work; nobody judges by it, so it is awaited only when it has to be over. */
  readonly shown: Promise<void>;
}

export function begin(task: Task, head: { commit: string; tree: string }, context: TaskContext): Delivery {
  return { ...beginning(task, head, context), shown: Promise.resolve() };
}
