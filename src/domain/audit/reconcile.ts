import { isGlob } from "../paths.ts";
import type { Plan } from "../plan.ts";
import { quotedLines, verified } from "./verify-finding.ts";

/** What has become of a plan since it was made, and what is proposed. */
export interface PlanCheck {
  readonly plan: string;
  readonly path: string;
  /** `fits`: run it as it is. `refresh`: it still holds, at other lines or another base. `stale`: it should not be run. */
  readonly verdict: "fits" | "refresh" | "stale";
  readonly notes: readonly string[];
  /** Written to the plan's file. */
  readonly applied: boolean;
}

/** What the code looks like now. */
export interface CodeNow {
  readonly head: string;
  readonly files: readonly string[];
  text(path: string): string | undefined;
  /** Commits since the plan's base; undefined when the base is gone. */
  readonly commits: number | undefined;
  /** Paths that have changed since the plan's base. */
  readonly changed: readonly string[];
  /** Goal checks that hold now, as they are told; undefined when nobody has looked. */
  readonly goal: { readonly met: readonly string[]; readonly unmet: readonly string[] } | undefined;
}

/** Whether a plan still fits the code: its files, its evidence, its goal, its base. */
export function checkPlan(plan: Plan, path: string, now: CodeNow): Omit<PlanCheck, "applied"> {
  const gone = goneFiles(plan, now);
  const evidence = evidenceNow(plan, now);
  const lost = evidence.filter(({ state }) => state === "gone");
  const moved = evidence.filter(({ state }) => state === "moved");
  const isMet = now.goal !== undefined && now.goal.met.length > 0 && now.goal.unmet.length === 0;
  const allLost = evidence.length > 0 && lost.length === evidence.length;
  const notes = [
    ...gone.map((file) => `${file} is gone, and ${plan.plan} wants to change it.`),
    ...lost.map(({ id, file }) => `${id}: the quoted lines are no longer in ${file}.`),
    ...moved.map(({ id, file, from }) => `${id}: the quoted lines are now at ${file}:${from}.`),
    ...(isMet && (allLost || evidence.length === 0) ? [`The goal is met already: ${now.goal?.met.join("; ")}.`] : []),
    ...baseNotes(plan, now),
  ];
  const isStale = gone.length > 0 || allLost || (isMet && evidence.length === 0 && hasOwnGoal(plan));
  const hasMoved = lost.length + moved.length > 0 || plan.base !== now.head;
  const holds = hasMoved ? "refresh" : "fits";
  const verdict = isStale ? "stale" : holds;
  return { plan: plan.plan, path, verdict, notes };
}

/** A goal that only runs commands may have been met before the plan: tests that pass say nothing of it. */
function hasOwnGoal({ goal }: Plan): boolean {
  return goal.some((check) => "file" in check);
}

function goneFiles({ tasks }: Plan, { files }: CodeNow): readonly string[] {
  const there = new Set(files);
  const made = new Set(tasks.flatMap(({ creates }) => creates.map((text) => text.slice(0, text.lastIndexOf("#")))));
  const named = tasks.flatMap((task) => [
    ...task.deletes,
    ...task.moves.map(({ from }) => from),
    ...task.lines.map((text) => text.slice(0, text.lastIndexOf(":"))),
    // A file that a task is to write may be new; one that it refactors may not.
    ...(task.kind === "refactor" ? task.files : []),
  ]);
  return [...new Set(named)].filter((path) => !isGlob(path) && !there.has(path) && !made.has(path));
}

interface Seen {
  readonly id: string;
  readonly file: string;
  readonly state: "there" | "moved" | "gone";
  readonly from: number;
  readonly to: number;
}

function evidenceNow({ audit }: Plan, now: CodeNow): readonly Seen[] {
  return (audit?.evidence ?? []).map(({ id, file, lines, quote, claim }): Seen => {
    const [from = 1, to = from] = lines.split("-").map(Number);
    if (quotedLines(quote).length === 0)
      return { id, file, state: now.text(file) === undefined ? "gone" : "there", from, to };
    const grades = { impact: "low", effort: "small", risk: "low", confidence: "low" } as const;
    const found = verified({ kind: "debt", file, lines: { from, to }, quote, claim, ...grades }, now.text(file));
    if (found.kind === "dropped") return { id, file, state: "gone", from, to };
    return { id, file, state: found.moved ? "moved" : "there", ...found.finding.lines };
  });
}

function baseNotes({ base, tasks, audit }: Plan, { head, commits, changed }: CodeNow): readonly string[] {
  if (base === head) return [];
  if (commits === undefined) return [`Its base ${base.slice(0, 10)} is gone.`];
  const own = new Set([
    ...tasks.flatMap(({ files, tests }) => [...files, ...tests]),
    ...(audit?.evidence ?? []).map(({ file }) => file),
  ]);
  const touched = changed.filter((path) => own.has(path));
  const what =
    touched.length === 0 ? "none of its files has changed" : `changed since: ${touched.slice(0, 6).join(", ")}`;
  return [`The code is ${commits} commit${commits === 1 ? "" : "s"} further than its base; ${what}.`];
}

/** The plan as it should be for the code of now: its base, and where its evidence stands. Evidence that is gone stays as it was told. */
export function refreshedPlan(plan: Plan, now: CodeNow): Plan {
  if (!plan.audit) return { ...plan, base: now.head };
  const seen = new Map(evidenceNow(plan, now).map((one) => [one.id, one]));
  const evidence = plan.audit.evidence
    .filter(({ id }) => seen.get(id)?.state !== "gone")
    .map((one) => ({ ...one, lines: `${seen.get(one.id)?.from}-${seen.get(one.id)?.to}` }));
  return { ...plan, base: now.head, audit: { ...plan.audit, evidence } };
}

/** The plan's text with a line of its front matter added or replaced, so that a person's diff shows that line alone. */
export function withRejection(
  text: string,
  rejected: { readonly reason: string; readonly by: string; readonly on: string },
): string {
  const line = `rejected: { reason: ${JSON.stringify(rejected.reason)}, by: ${JSON.stringify(rejected.by)}, on: ${JSON.stringify(rejected.on)} }`;
  const lines = text.split("\n");
  const start = lines.findIndex((one) => /^---[ \t]*\r?$/.test(one));
  if (start < 0) return text;
  return [...lines.slice(0, start + 1), line, ...lines.slice(start + 1)].join("\n");
}
