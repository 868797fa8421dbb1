import type { Config } from "./config.ts";
import type { Need, Seen } from "./need.ts";
import type { Task, TaskKind } from "./task.ts";
import type { ToolProfile } from "./tool-profile.ts";
import type { Verdict } from "./verdict.ts";
import type { Work } from "./work.ts";
import type { GateEntry, Workflow } from "./workflow.ts";

/** Everything a gate may judge by, beside what it asks to see. */
export interface TaskState {
  readonly task: Task;
  readonly work: Work;
  readonly workflow: Workflow;
  readonly config: Config;
  readonly profile: ToolProfile;
  /** The integration branch, `loop/<plan>`. */
  readonly branch: string;
  /** Counts the readings of moving things, so that each is a step of its own. */
  readonly reading: number;
  /** Gates whose refusal a maker has answered in this task: some ask only once. */
  readonly asked: readonly string[];
}

/** A pure judgement over observations of the work. */
export interface Gate {
  readonly name: string;
  /** The kinds of task it is made for. */
  readonly kinds: readonly TaskKind[];
  /** False for a task of such a kind that there is nothing to judge in; absent: every one concerns it. */
  concerns?(task: Pick<Task, "accept">): boolean;
  /**
   * What it needs to see. Called again with what has been seen until it asks for nothing new, so a later need may depend
   * on an earlier observation. Must end: every call asks for a superset of the call before.
   */
  needs(state: TaskState, seen: Seen, entry: GateEntry): readonly Need[];
  /** Called once all needs are seen. */
  judge(state: TaskState, seen: Seen, entry: GateEntry): Verdict;
}
