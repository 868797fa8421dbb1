import type { RemainingTask } from "./andon-meta.ts";
import type { Event, JournalEntry } from "./event.ts";
import type { IncidentReport } from "./incident.ts";
import type { Limits } from "./limits.ts";

type Fact = Pick<JournalEntry, "run" | "event">;
type PatternLimits = Pick<Limits, "metaFailures" | "metaGates" | "metaCycles">;

/** What the failures of a repository come to, when they come to more than themselves. */
export interface Pattern {
  readonly rule: "failures" | "gates" | "cycles";
  readonly problem: string;
  readonly evidence: readonly string[];
}

/**
 * Three tasks in a row that ended without landing, two gates that stopped the line in one run, or two fixes that were
 * followed by another failure. Facts of all runs, oldest first; a replay and a comparison are nobody's failure; what a closed Meta-Andon has
 * answered is not counted again, and while one is open there is no second one. Refusals inside a task never count.
 */
export function patternIn(facts: readonly Fact[], run: string, limits: PatternLimits): Pattern | undefined {
  const real = withoutReplays(facts);
  const from = real.findLastIndex(({ event }) => event.type === "incident-closed" && event.kind === "meta-andon") + 1;
  const since = real.slice(from);
  if (since.some(({ event }) => event.type === "incident-opened" && event.kind === "meta-andon")) return undefined;
  return failuresIn(since, limits) ?? gatesIn(since, run, limits) ?? cyclesIn(since, limits);
}

function withoutReplays(facts: readonly Fact[]): readonly Fact[] {
  const replays = new Set(
    facts.flatMap(({ run, event }) =>
      event.type === "run-started" && (event.replayed || event.compared) ? [run] : [],
    ),
  );
  return facts.filter(({ run }) => !replays.has(run));
}

type Ended = Extract<Event, { type: "task-ended" }>;

/** A task that only waited for another one, or that somebody else's work made needless, has not failed. */
function failuresIn(facts: readonly Fact[], { metaFailures }: PatternLimits): Pattern | undefined {
  const row = new Map<string, Ended>();
  for (const { run, event } of facts) {
    if (event.type === "landed") row.clear();
    if (event.type === "task-ended" && event.outcome === "stuck") row.set(`${run}/${event.task}`, event);
  }
  if (row.size < metaFailures) return undefined;
  return {
    rule: "failures",
    problem: `${row.size} tasks one after the other ended without landing`,
    evidence: [...row].map(([name, { reason }]) => `${name}: ${reason}`),
  };
}

type Opened = Extract<Event, { type: "incident-opened" }>;

function openingsIn(facts: readonly Fact[]): readonly Opened[] {
  return facts.flatMap(({ event }) => (event.type === "incident-opened" && event.kind !== "meta-andon" ? [event] : []));
}

function gatesIn(facts: readonly Fact[], run: string, { metaGates }: PatternLimits): Pattern | undefined {
  const opened = openingsIn(facts.filter((fact) => fact.run === run));
  const places = [...new Set(opened.map(({ at }) => at))];
  if (places.length < metaGates) return undefined;
  return {
    rule: "gates",
    problem: `one run stopped the line at ${places.length} different gates: ${places.join(", ")}`,
    evidence: opened.map(({ incident, at, problem }) => `${incident} at ${at}: ${problem}`),
  };
}

/** Each incident that came after a closed one, with nothing landed between, says that the fix was not the end of it. */
function cyclesIn(facts: readonly Fact[], { metaCycles }: PatternLimits): Pattern | undefined {
  let closed: string | undefined;
  let cycles: string[] = [];
  for (const { event } of facts) {
    if (event.type === "landed") [closed, cycles] = [undefined, []];
    if (event.type === "incident-closed") closed = event.incident;
    if (event.type !== "incident-opened" || event.kind === "meta-andon" || closed === undefined) continue;
    cycles.push(`${closed} was closed, then ${event.incident} at ${event.at}: ${event.problem}`);
    closed = undefined;
  }
  if (cycles.length < metaCycles) return undefined;
  return {
    rule: "cycles",
    problem: `${cycles.length} fixes were followed by another failure before anything landed`,
    evidence: cycles,
  };
}

/** The incident that a pattern is. */
export function metaIncident(pattern: Pattern, run: string, remaining: readonly RemainingTask[]): IncidentReport {
  return {
    key: `meta-andon/${pattern.rule}/${pattern.evidence.length}/${pattern.evidence.at(-1) ?? ""}`.slice(0, 200),
    run,
    task: undefined,
    kind: "meta-andon",
    stops: true,
    at: "meta-andon",
    problem: `Meta-Andon: ${pattern.problem}`,
    evidence: [...pattern.evidence, ...remaining.map(({ task, title }) => `remaining: ${task} ${title}`)],
  };
}

/** Tasks of a run's plans that have not landed, in the order of the plans. */
export function remainingIn(facts: readonly Fact[], run: string): readonly RemainingTask[] {
  const tasks = new Map<string, RemainingTask>();
  for (const fact of facts) {
    if (fact.run !== run) continue;
    const { event } = fact;
    if (event.type === "plan-accepted")
      for (const { id, title } of event.tasks) tasks.set(id, { task: id, title, reason: "" });
    if (event.type === "landed") tasks.delete(event.task);
    if (event.type === "task-ended") settle(tasks, event);
  }
  return [...tasks.values()];
}

function settle(tasks: Map<string, RemainingTask>, { task, outcome, reason }: Ended): void {
  const known = tasks.get(task);
  if (outcome === "superseded") tasks.delete(task);
  else if (known !== undefined) tasks.set(task, { ...known, reason });
}
