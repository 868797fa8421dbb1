import { splitDiff } from "../domain/brief-diff.ts";
import { costOf } from "../domain/budget.ts";
import { COMPARED_ROLES } from "../domain/compared-models.ts";
import type { Event, JournalEntry } from "../domain/event.ts";
import type { Price } from "../domain/model-config.ts";
import type { PlanHeader } from "../domain/plan.ts";
import { type ColumnScore, columnScores, type JudgedColumn, type PointScore } from "../domain/rubric.ts";
import { foldRun } from "./fold-run.ts";
import type { Tokens } from "./run-view.ts";

/** What several models made of one frozen plan. */
export interface Comparison {
  readonly id: string;
  readonly title: string;
  readonly spec?: string | undefined;
  readonly base: { readonly commit: string; readonly branch?: string | undefined };
  readonly plans: readonly { readonly plan: string; readonly tasks: number; readonly criteria: number }[];
  /** The run in which the plan was made and the results were judged. */
  readonly run: string;
  /** Whose the plan is, and who judged the results. */
  readonly architect: string;
  readonly judge: string;
  readonly independence: string;
  /** The one server that all compared models were asked through. */
  readonly samePath?: string | undefined;
  readonly rows: readonly ComparisonRow[];
}

export interface ComparisonRow {
  readonly model: string;
  /** Undefined until its run has begun. */
  readonly run?: string | undefined;
  readonly branch?: string | undefined;
  /** `missing` before its run, `open`, the kind of the run's outcome, or `failed` when it could not begin. */
  readonly state: string;
  readonly reason: string;
  readonly tasks: { readonly landed: number; readonly attempted: number; readonly planned: number };
  /** Answers of the makers. */
  readonly attempts: number;
  /** Time at work. */
  readonly milliseconds: number;
  /** Of the makers alone; `counted: false`: some are estimates. */
  readonly tokens: Tokens & { readonly counted: boolean };
  /** Of the makers alone, in US dollars; undefined when nobody knows the price. */
  readonly money?: number | undefined;
  readonly refusals: Readonly<Record<string, number>>;
  /** Undefined when the workflow has no reviewer. */
  readonly criteria?: { readonly met: number; readonly total: number } | undefined;
  /** Share of held-out checks that pass, 0 to 1; `null`: not measured. */
  readonly heldOut: number | null;
  readonly diff: DiffSize;
  readonly judged: Judged;
  /** Folder with its difference and its report, inside the comparison's. */
  readonly kept?: string | undefined;
}

export interface DiffSize {
  readonly files: number;
  readonly added: number;
  readonly removed: number;
}

export type Judged =
  | { readonly kind: "not judged"; readonly reason: string }
  | {
      readonly kind: "judged";
      readonly columns: Readonly<Record<JudgedColumn, ColumnScore>>;
      readonly points: readonly PointScore[];
    };

/** What a row is made of beside the facts of its run. */
export interface RowFacts {
  readonly model: string;
  readonly run: string | undefined;
  readonly entries: readonly JournalEntry[];
  readonly plans: readonly PlanHeader[];
  readonly price: Price | undefined;
  readonly isReviewed: boolean;
  /** What has landed, without the plan. */
  readonly diff: string;
  readonly judged: Judged;
  /** Why its run could not begin or go on. */
  readonly failure?: string | undefined;
  readonly kept?: string | undefined;
}

/** One model's row, from what its run has written down. */
export function comparisonRow(facts: RowFacts): ComparisonRow {
  const { model, run, entries, plans, price, failure, diff, judged, kept } = facts;
  const view = foldRun(entries);
  const answers = entries.flatMap(({ event }) => (event.type === "answered" && isMaker(event.role) ? [event] : []));
  const state = entries.length === 0 ? "missing" : view.state;
  const begun = view.tasks.filter((task) =>
    entries.some(({ event }) => event.type === "task-started" && event.task === task.id),
  );
  return {
    model,
    run,
    branch: view.plans.at(-1)?.branch,
    state: failure === undefined ? state : "failed",
    reason: failure ?? view.reason,
    tasks: { landed: view.landed.length, attempted: begun.length, planned: plans.flatMap(({ tasks }) => tasks).length },
    attempts: answers.length,
    milliseconds: view.activeMilliseconds,
    tokens: {
      input: sum(answers.map(({ usage }) => usage.input)),
      output: sum(answers.map(({ usage }) => usage.output)),
      cached: sum(answers.map(({ usage }) => usage.cached)),
      counted: answers.every(({ usage }) => usage.counted),
    },
    money: price === undefined ? undefined : sum(answers.map(({ usage }) => costOf(usage, price))),
    refusals: view.totals.refusalsByGate,
    criteria: facts.isReviewed ? criteriaOf(plans, entries) : undefined,
    heldOut: null,
    diff: diffSize(diff),
    judged,
    kept,
  };
}

function isMaker(role: string): boolean {
  return (COMPARED_ROLES as readonly string[]).includes(role);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Criteria that the reviewer's last word on each task calls met, of all criteria of the plan. */
function criteriaOf(plans: readonly PlanHeader[], entries: readonly JournalEntry[]) {
  const tasks = plans.flatMap((plan) => plan.tasks);
  const met = tasks.map(({ id, accept }) => {
    const reviews = entries.flatMap(({ event }) => (isReviewOf(id, event) ? [event.score] : []));
    // A score is 100 x met / total, rounded down.
    return Math.ceil(((reviews.at(-1) ?? 0) * accept.length) / 100);
  });
  return { met: sum(met), total: sum(tasks.map(({ accept }) => accept.length)) };
}

function isReviewOf(task: string, event: Event): event is Extract<Event, { type: "reviewed" }> {
  return event.type === "reviewed" && event.judge === "reviewer" && event.task === task;
}

/** A unified diff without the changes of these paths. */
export function withoutPaths(diff: string, paths: readonly string[]): string {
  return [...splitDiff(diff)].flatMap(([path, text]) => (paths.includes(path) ? [] : [text])).join("");
}

export function diffSize(diff: string): DiffSize {
  const pieces = [...splitDiff(diff).values()];
  const count = (mark: "+" | "-") =>
    sum(pieces.map((piece) => bodyOf(piece).filter((line) => line.startsWith(mark)).length));
  return { files: pieces.length, added: count("+"), removed: count("-") };
}

/** The lines of a file's change below its header. */
function bodyOf(piece: string): readonly string[] {
  const lines = piece.split("\n");
  const at = lines.findIndex((line) => line.startsWith("@@"));
  return at < 0 ? [] : lines.slice(at);
}

/** The scores of a judgement. */
export function judgedBy(points: readonly PointScore[]): Judged {
  return { kind: "judged", columns: columnScores(points), points };
}
