import type { Answered } from "./answered.ts";
import type { ActiveCorrection } from "./correction.ts";
import { digestOfValue } from "./digest.ts";
import type { JournalEntry } from "./event.ts";
import type { Task } from "./task.ts";

/** What could matter for a task that rests, by name, in a form that is equal as long as nothing has changed. */
export type Matters = Readonly<Record<string, string>>;

/** The roles of which another model could matter. */
export const MAKER_ROLES = ["tester", "developer", "documenter"] as const;

/** What a task rests on: its text in the plan, the corrections that are switched on, the models of its makers. */
export function mattersOf(
  planned: Task,
  corrections: readonly ActiveCorrection[],
  models: (role: (typeof MAKER_ROLES)[number]) => readonly string[],
): Matters {
  const named = corrections.map(({ id, digest }) => `${id} ${digest.slice(0, 12)}`);
  return {
    task: digestOfValue(planned).slice(0, 16),
    corrections: named.sort().join(", "),
    ...Object.fromEntries(MAKER_ROLES.map((role) => [`${role}'s models`, models(role).join(", then ")])),
  };
}

/** A task that stopped without landing and has not come back since. */
export interface Resting {
  readonly task: string;
  readonly outcome: string;
  readonly reason: string;
  readonly answers: number;
  readonly matters: Matters;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** The tasks of a run that rest, in the order in which they stopped. */
export function restingIn(entries: readonly JournalEntry[]): readonly Resting[] {
  const resting = new Map<string, Resting>();
  for (const { at, event } of entries) {
    if (event.type === "task-rests") resting.set(event.task, { ...event, since: at });
    if (event.type === "task-reopened" || event.type === "landed") resting.delete(event.task);
  }
  return [...resting.values()];
}

/** The key of the fact that lets a task go on from where it rests. */
export function reopeningKey(task: string, answers: number): string {
  return `reopened/${task}/${answers}`;
}

/** What has changed since a task rests, one line each; none: it rests on. */
export function changesSince(before: Matters, now: Matters): readonly string[] {
  return Object.keys(now).flatMap((name) => {
    const [was, is] = [before[name] ?? "", now[name] ?? ""];
    if (was === is) return [];
    if (name === "task") return ["the plan's text of it has changed"];
    if (name === "corrections") return [correctionsText(was, is)];
    return [`the ${name} are ${is || "nobody"} and were ${was || "nobody"}`];
  });
}

function correctionsText(was: string, is: string): string {
  const [before, now] = [was, is].map((text) => text.split(", ").filter((one) => one !== ""));
  const idOf = (named: string) => named.split(" ")[0] ?? "";
  const had = new Set(before?.map(idOf));
  const fresh = (now ?? []).filter((one) => !before?.includes(one)).map(idOf);
  const gone = [...had].filter((id) => !now?.map(idOf).includes(id));
  const lines = [
    ...fresh.map((id) => (had.has(id) ? `the correction ${id} has changed` : `the correction ${id} is new`)),
    ...gone.map((id) => `the correction ${id} is off`),
  ];
  return lines.join(", ");
}

/** What would let a resting task come back, for the person who asked for it in vain. */
export function restsText({ task, reason }: Resting, run: string, since: string): string {
  return [
    `${task} rests: nothing that could matter has changed since ${since} (${reason}).`,
    "What would count: a new or changed correction, another text of the task in the plan, another model for a maker,",
    `or your word: millwright resume ${run} --retry ${task} "what to do differently".`,
  ].join(" ");
}

/** Times that a task has come back so far. */
export function comebacksIn(history: readonly Answered[]): number {
  return history.filter((answer) => answer.role === "person").length;
}
