import type { Answered, MakerRole } from "./answered.ts";
import type { TaskState } from "./gate.ts";
import { infrastructureFault } from "./infrastructure-fault.ts";
import { headline } from "./moves.ts";
import { failingSet } from "./oscillation.ts";
import { NO_CHANGE, saidByGreen } from "./own-tests.ts";
import { signatureOf } from "./signature.ts";
import type { AnswerResult } from "./step-shapes.ts";
import type { Refusal } from "./verdict.ts";

/** A maker's answer as the task's history keeps it; `state` is the one in which it was asked. */
export function answeredTo(
  refusal: Refusal,
  by: { readonly role: MakerRole; readonly rung: number },
  result: AnswerResult,
  state: TaskState,
): Answered {
  return {
    role: by.role,
    gate: refusal.gate,
    signature: signatureOf(refusal),
    failing: refusal.findings.length,
    outcome: result.kind,
    rung: by.rung,
    said: headline(refusal).slice(0, 300),
    failures: failingSet(refusal),
    green: saidByGreen(refusal, state),
    insists: result.kind === "refused" && result.findings.every(({ rule }) => rule === NO_CHANGE),
    blocked: infrastructureFault(refusal, state)?.path,
    tampers: result.kind === "refused" ? result.tampers : undefined,
    changes: result.kind === "impossible" ? undefined : result.corrected?.changes,
    ...(result.kind === "admitted" ? { tree: result.work.trees.work } : {}),
  };
}

/** Answers of a role, whatever came of them: its last one has this number. */
export function attemptsIn(history: readonly Answered[], role: MakerRole): number {
  return history.filter((answer) => answer.role === role).length;
}

/** The word of whoever instructs the makers, as the task's history keeps it; the mill's own: the tests begin anew. */
export function instructedBy(role: "architect" | "orchestrator" | "person" | "mill"): Answered {
  const signature = signatureOf({ gate: "impossible", findings: [] });
  return { role, gate: "impossible", signature, failing: 0, outcome: "admitted", rung: 0, said: "" };
}
