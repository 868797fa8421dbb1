import type { Event, JournalEntry } from "../domain/event.ts";
import { classOfStepFailure } from "../domain/failure-class.ts";
import type { Category } from "../domain/failure-text.ts";
import { leading } from "../domain/leading-finding.ts";
import { foldRun } from "./fold-run.ts";
import type { ResultRow } from "./result-row.ts";
import { foldResults } from "./results.ts";
import type { RunView } from "./run-view.ts";

/** What one run contributes to the metrics of its repository. */
export interface ToldRun {
  readonly view: RunView;
  readonly rows: readonly ResultRow[];
  /** Times that the run went on because of a person: it had waited for one, or one let a task come back. */
  readonly interventions: number;
  /** Times that a task's tests began anew. */
  readonly testsAnew: number;
  /** Times that a person said yes to a correction. */
  readonly approvals: number;
  /** Times that a person closed an incident. */
  readonly closings: number;
  /** Who decided: a program, or a model's word. */
  readonly decisions: { readonly program: number; readonly model: number };
  /** Verdicts by gate, in the order in which gates were first heard. */
  readonly verdicts: readonly { readonly gate: string; readonly passed: number; readonly refused: number }[];
  readonly outages: readonly Category[];
}

/** A run for the metrics. Facts of one run, in the order of writing. */
export function toldRun(entries: readonly JournalEntry[]): ToldRun {
  const events = entries.map(({ event }) => event);
  const { rows } = foldResults(entries);
  return {
    view: foldRun(entries),
    rows,
    interventions: interventionsIn(events),
    testsAnew: events.filter(({ type }) => type === "tests-begun-anew").length,
    approvals: events.filter((event) => event.type === "correction-decided" && event.decision === "approved").length,
    closings: events.filter(({ type }) => type === "incident-closed").length,
    decisions: decisionsIn(events),
    verdicts: verdictsIn(events),
    outages: events.flatMap((event) => (event.type === "step-failed" ? [classOfStepFailure(event).category] : [])),
  };
}

/** A person's word, or an edited plan, lets a resting task come back; a run that waited goes on. */
function interventionsIn(events: readonly Event[]): number {
  let waits = false;
  let count = 0;
  for (const event of events) {
    if (event.type === "run-ended") waits = event.outcome === "waiting";
    const speaks = event.type === "task-reopened" && (event.word !== undefined || event.revision !== undefined);
    if (!speaks && !(event.type === "run-resumed" && waits)) continue;
    count += 1;
    waits = false;
  }
  return count;
}

/** Gates whose verdict is a judge's answer, computed. */
const JUDGED = /^(?:review|checklist)$/;

/**
 * A decision is a verdict of a gate or of the door, a plan accepted or refused, a landing, a move up the ladder. A model
 * decides where a judge is asked: review, checklist, goal, orchestrator.
 */
function decisionsIn(events: readonly Event[]): ToldRun["decisions"] {
  const by = events.map(deciderOf);
  return { program: by.filter((one) => one === "program").length, model: by.filter((one) => one === "model").length };
}

function deciderOf(event: Event): "program" | "model" | undefined {
  switch (event.type) {
    case "gate-passed":
    case "gate-refused":
      return JUDGED.test(event.gate) ? "model" : "program";
    case "goal-judged":
    case "orchestrated":
      return "model";
    case "proposal-admitted":
    case "proposal-refused":
    case "plan-accepted":
    case "plan-refused":
    case "landed":
    case "rebased":
    case "escalated":
    case "tests-begun-anew":
      return "program";
    default:
      return undefined;
  }
}

/** A gate that only says whose turn it is has refused nobody's work; that counts as neither. */
function verdictsIn(events: readonly Event[]): ToldRun["verdicts"] {
  const counts = new Map<string, { passed: number; refused: number }>();
  const count = (gate: string, verdict: "passed" | "refused") => {
    const before = counts.get(gate) ?? { passed: 0, refused: 0 };
    counts.set(gate, { ...before, [verdict]: before[verdict] + 1 });
  };
  const called = new Set<string>();
  for (const event of events) {
    if (event.type === "answered") called.add(`${event.task} ${event.role}`);
    if (event.type === "proposal-admitted") count("proposal", "passed");
    if (event.type === "proposal-refused") count("proposal", "refused");
    if (event.type === "gate-passed") count(event.gate, "passed");
    if (event.type === "gate-refused" && called.has(`${event.task} ${leading(event)?.answers}`))
      count(event.gate, "refused");
  }
  return [...counts].map(([gate, counted]) => ({ gate, ...counted }));
}
