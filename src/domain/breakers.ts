import { z } from "zod";
import type { Event, JournalEntry } from "./event.ts";
import type { IncidentReport } from "./incident.ts";
import type { Limits } from "./limits.ts";
import { findingsText } from "./moves.ts";
import { failingSet } from "./oscillation.ts";
import type { Finding, Refusal } from "./verdict.ts";

/** What the breakers of a task look at, as it was when a refusal was answered. */
export const BreakerSight = z.strictObject({
  /** Time in which neither the tree nor the failing set changed and no model and no suite was at work. */
  stalledMilliseconds: z.number(),
  /** Files outside scope that were proposed in the run so far, each once. */
  escaped: z.array(z.string()),
});
export type BreakerSight = z.infer<typeof BreakerSight>;

/** Looks at the facts of a run so far; `now` in milliseconds since 1970. */
export function breakerSight(entries: readonly JournalEntry[], task: string, now: number): BreakerSight {
  return { stalledMilliseconds: stalledFor(entries, task, now), escaped: [...escapedIn(entries)] };
}

/** Steps in which a model loads, streams or is waited for, or tests and commands run. */
const AT_WORK = /^(?:ask|see\/(?:suite|command|checks|exam|derivation))\//;

/** Milliseconds in which nobody was at work since the task's tree or its failing set last changed. */
export function stalledFor(entries: readonly JournalEntry[], task: string, now: number): number {
  const working = new Set<string>();
  let [idle, last] = [0, entries[0]?.at ?? now];
  let standing = "";
  for (const { at, event } of entries) {
    if (working.size === 0 && event.type !== "run-resumed") idle += Math.max(0, at - last);
    last = at;
    follow(working, event);
    const stands = standOf(event, task);
    if (stands !== undefined && stands !== standing) [standing, idle] = [stands, 0];
  }
  return idle + (working.size === 0 ? Math.max(0, now - last) : 0);
}

function follow(working: Set<string>, event: Event): void {
  if (event.type === "step-started" && AT_WORK.test(event.step)) working.add(event.step);
  if (event.type === "step-completed") working.delete(event.step);
  if (event.type === "run-resumed" || event.type === "run-ended") working.clear();
}

/** What a fact says about where the task stands: its tree, or the set of what fails; undefined: nothing. */
function standOf(event: Event, task: string): string | undefined {
  if (event.type === "step-completed" && event.step.startsWith(`answer/${task}/`)) return treeIn(event.result);
  if (!("task" in event) || event.task !== task) return undefined;
  if (event.type === "gate-refused")
    return failingSet({ gate: event.gate, findings: event.findings as readonly Finding[] });
  if (event.type === "proposal-refused")
    return failingSet({ gate: "door", findings: event.findings as readonly Finding[] });
  if (event.type === "tests-begun-anew") return `${event.type} ${event.number}`;
  if (event.type === "task-started" || event.type === "task-reopened") return event.type;
  return undefined;
}

const Admitted = z.object({ work: z.object({ trees: z.object({ work: z.string() }) }) });

function treeIn(result: unknown): string | undefined {
  return Admitted.safeParse(result).data?.work.trees.work;
}

/** Rules of the door that a path outside of the task breaks. */
const ESCAPES = /^door\/(?:out-of-scope|path|protected|infrastructure)$/;

function escapedIn(entries: readonly JournalEntry[]): ReadonlySet<string> {
  const findings = entries.flatMap(({ event }) => (event.type === "proposal-refused" ? event.findings : []));
  return new Set(findings.flatMap(({ rule, path, message }) => (ESCAPES.test(rule) ? [path ?? message] : [])));
}

/** A breaker that has tripped. */
export interface Tripped {
  readonly incident: IncidentReport;
  /** Why the task ends here; undefined: it goes on once the line does. */
  readonly ends: string | undefined;
}

export interface Tripping {
  readonly run: string;
  readonly task: string;
  readonly answers: number;
  readonly refusal: Refusal;
  /** Tests that were to be changed; see `tampering`. */
  readonly tampered: readonly string[] | undefined;
  readonly tree: string;
}

/** The breaker that trips, the gravest first. */
export function tripped(sight: BreakerSight, about: Tripping, limits: Limits): Tripped | undefined {
  return tamperingTripped(about) ?? escapeTripped(sight, about, limits) ?? stallTripped(sight, about, limits);
}

function tamperingTripped(about: Tripping): Tripped | undefined {
  if (about.tampered === undefined) return undefined;
  const files = about.tampered.join(", ");
  const problem = `Tests that stand were to be changed in ${about.task}: ${files}. Nothing of it was written.`;
  return {
    incident: { ...reportOf(about), key: `tampering/${about.task}/${about.answers}`, kind: "tampering", problem },
    ends: undefined,
  };
}

/** Only the proposal that brings the count there trips it: `limits.scopeEscapes` files, and as many again. */
function escapeTripped({ escaped }: BreakerSight, about: Tripping, limits: Limits): Tripped | undefined {
  const own = about.refusal.findings.some(({ rule }) => ESCAPES.test(rule));
  const often = Math.floor(escaped.length / limits.scopeEscapes);
  if (often === 0 || !own) return undefined;
  const problem = `${escaped.length} different files outside scope were proposed in this run: review the plan, which may name too few files or the wrong ones. Nothing of it was written.`;
  const incident = { ...reportOf(about), key: `scope-escape/${often}`, kind: "scope-escape", problem } as const;
  return { incident: { ...incident, evidence: [...escaped, ...incident.evidence] }, ends: undefined };
}

function stallTripped({ stalledMilliseconds }: BreakerSight, about: Tripping, limits: Limits): Tripped | undefined {
  const minutes = stalledMilliseconds / 60_000;
  if (minutes < limits.noProgressMinutes) return undefined;
  const problem = `no progress for ${Math.floor(minutes * 10) / 10} minutes: neither its tree nor what fails in it has changed`;
  const key = `no-progress/${about.task}/${about.answers}`;
  const incident = {
    ...reportOf(about),
    key,
    kind: "no-progress",
    stops: false,
    problem: `${about.task}: ${problem}`,
  } as const;
  return { incident, ends: problem };
}

function reportOf({ run, task, refusal, tree }: Tripping) {
  const failures = refusal.findings;
  return { run, task, stops: true, at: refusal.gate, evidence: [findingsText(failures)], failures, tree };
}
