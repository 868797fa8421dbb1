import type { Answered, MakerRole } from "./answered.ts";
import { answeredTo, instructedBy } from "./answered-entry.ts";
import type { Told } from "./brief-retry.ts";
import type { Config } from "./config.ts";
import { weakened } from "./drift.ts";
import type { TaskState } from "./gate.ts";
import { attemptsOf } from "./moves.ts";
import type { TaskOutcome } from "./outcome.ts";
import { doorRefusal, impossibleRefusal } from "./refused-answer.ts";
import type { AnswerResult } from "./step-shapes.ts";
import type { Task } from "./task.ts";
import type { ToolProfile } from "./tool-profile.ts";
import type { Refusal } from "./verdict.ts";
import type { Workflow } from "./workflow.ts";

/** One judgement of a patch: its replies are the judge's questions `first` to `first + replies - 1` in this task. */
export interface JudgeRound {
  readonly judge: string;
  readonly patch: string;
  readonly first: number;
  readonly replies: number;
}

/** Where a task stands: folded from step results and nothing else. */
export interface Standing {
  readonly state: TaskState;
  readonly history: readonly Answered[];
  /** Times that the gates have judged. */
  readonly judged: number;
  /** What the door said of the last proposal, when it said no: nothing changed, so the gates need not be asked again. */
  readonly atDoor: Refusal | undefined;
  /** True while the work is what the mill moved to a new base, and no maker has answered since. */
  readonly rebased: boolean;
  readonly rounds: JudgeRound[];
  /** What each maker was told last, so that its next question begins like it. Grows as makers are asked. */
  readonly told: Map<string, Told>;
  /** What the architect or the orchestrator added. */
  readonly advice: string | undefined;
  /** What was tried before, for the maker that begins anew. */
  readonly diagnosis: { readonly role: MakerRole; readonly text: string } | undefined;
  /** Corrections that are left out for the rest of the task. */
  readonly suspended: readonly string[];
  /** The task as the plan says it, or as a person has edited it since. */
  readonly planned: Task;
  /** How many models each maker can be, as it was when the task began or last came back. */
  readonly models: Readonly<Record<string, number>>;
}

/** What a task is begun with. */
export interface Surroundings {
  readonly config: Config;
  readonly workflow: Workflow;
  readonly branch: string;
  readonly repository: { readonly config: Config; readonly toolchain: { readonly profile: ToolProfile } };
}

/** A task that nobody has answered for yet, on the head of its branch. */
export function beginning(
  task: Task,
  head: { readonly commit: string; readonly tree: string },
  { config, workflow, branch, repository }: Surroundings,
): Standing {
  const state: TaskState = {
    task,
    work: { base: head, tests: [], code: [], trees: { red: head.tree, work: head.tree } },
    workflow,
    config: { ...repository.config, limits: config.limits, review: config.review },
    profile: repository.toolchain.profile,
    branch,
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
    advice: undefined,
    diagnosis: undefined,
    suspended: [],
    planned: task,
    models: {},
  };
}

/** Where the task stands with a maker's answer. */
export function answeredWith<Kept extends Standing>(
  result: AnswerResult,
  asked: { readonly role: MakerRole; readonly rung: number },
  refusal: Refusal,
  standing: Kept,
): Kept {
  const history = [...standing.history, answeredTo(refusal, asked, result, standing.state)];
  const state = { ...standing.state, asked: [...standing.state.asked, refusal.gate] };
  // What is asked only once is over with any answer: one that cannot be used leaves the work as it stands.
  if (result.kind !== "admitted" && refusal.gate === "discriminates")
    return { ...standing, history, state, atDoor: undefined };
  if (result.kind === "refused") {
    const atDoor = doorRefusal(result.findings, refusal, attemptsOf(asked.role, history));
    return { ...standing, history, state, atDoor };
  }
  if (result.kind === "impossible") return { ...standing, history, atDoor: impossibleRefusal(result.reason) };
  return { ...standing, history, atDoor: undefined, rebased: false, state: { ...state, work: result.work } };
}

/** Where the task stands after the word of whoever instructs the makers: every count starts again; a revised task begins again. */
export function revised<Kept extends Standing>(
  standing: Kept,
  by: "architect" | "orchestrator" | "person",
  revision?: { readonly task: Task; readonly advice: string; readonly context: Surroundings },
): Kept {
  const history = [...standing.history, instructedBy(by)];
  if (revision === undefined) return { ...standing, history };
  const fresh = beginning(revision.task, standing.state.work.base, revision.context);
  const { judged, rounds, state, planned, models, suspended } = standing;
  const own = { planned, models, suspended, judged, history, rounds, advice: revision.advice };
  return { ...standing, ...fresh, ...own, state: { ...fresh.state, reading: state.reading } };
}

/** A maker's question that has its answer: the gates judge again, and the maker goes on with it. */
export function afterQuestion<Kept extends Standing>(standing: Kept): Kept {
  return standing.atDoor?.gate === "question" ? { ...standing, atDoor: undefined } : standing;
}

/** A revised task counts unless it takes away from what was agreed: that is for a person to say. */
export function agreed<Kept extends Standing>(
  revision: { readonly task: Task; readonly advice: string },
  by: "architect" | "orchestrator",
  standing: Kept,
  context: Surroundings,
): Kept | TaskOutcome {
  const lost = weakened(standing.state.task.accept, revision.task.accept);
  if (lost.length === 0) return revised(standing, by, { ...revision, context });
  return { kind: "waiting", drift: true, reason: `The ${by} would take away from what was agreed: ${lost.join("; ")}` };
}

/** The number of the first question of this role about `patch`: the one it had when it was asked, else the next one. */
export function firstQuestion(judge: string, patch: string, rounds: readonly JudgeRound[]): number {
  const own = rounds.filter((round) => round.judge === judge);
  const same = own.find((round) => round.patch === patch);
  if (same) return same.first;
  return 1 + Math.max(0, ...own.map((round) => round.first + round.replies - 1));
}
