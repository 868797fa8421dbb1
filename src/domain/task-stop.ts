import type { IncidentReport } from "./incident.ts";
import { leading } from "./leading-finding.ts";
import { findingsText } from "./moves.ts";
import type { Refusal } from "./verdict.ts";

/** What a gate says of the base itself: a person repairs it, and `millwright doctor` names the way. Nothing of it is the loop's. */
const ROUTINE = /^(?:green\/base-cut-short|green\/base-fails|red\/base-fails)$/;

/** A task that stopped without landing. */
export interface TaskStop {
  readonly run: string;
  readonly task: string;
  /** Answers that had been given. */
  readonly answers: number;
  readonly outcome: "stuck" | "waiting";
  readonly reason: string;
  /** What waits for a person is a change of what was agreed. */
  readonly drift?: boolean | undefined;
  readonly refusal: Refusal;
  readonly tree: string;
}

/**
 * Deadlock: filed, and the others go on. A person's turn, or a revision that takes away from what was agreed: the line
 * stops, unless the base itself is what they have to repair, or nothing failed and they are only asked a question.
 */
export function incidentOfStop(stop: TaskStop): IncidentReport | undefined {
  const { run, task, answers, outcome, reason, refusal, tree } = stop;
  const first = leading(refusal);
  if (outcome === "waiting" && first?.answers === "person" && ROUTINE.test(first.rule)) return undefined;
  if (outcome === "waiting" && refusal.gate === "question") return undefined;
  return {
    key: `rests/${task}/${answers}`,
    run,
    task,
    kind: kindOf(stop),
    stops: outcome === "waiting",
    at: refusal.gate,
    problem: `${task} ${outcome === "stuck" ? "cannot be done as it stands" : "waits for a person"}: ${reason}`,
    evidence: [findingsText(refusal.findings)],
    failures: refusal.findings,
    tree,
  };
}

function kindOf({ outcome, drift }: TaskStop): IncidentReport["kind"] {
  if (outcome === "stuck") return "deadlock";
  return drift ? "spec-drift" : "escalation";
}

/** The goal is not met after as many rounds as there may be: plan mode. */
export function incidentOfGoal(run: string, rounds: number, unmet: readonly string[]): IncidentReport {
  const problem = `The goal is not met after ${rounds} round(s), though every task has landed.`;
  return { key: "goal", run, task: undefined, kind: "meta-andon", stops: true, at: "goal", problem, evidence: unmet };
}
