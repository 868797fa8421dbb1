import { StepFailure } from "./step-failure.ts";

/** How a task ended. */
export type TaskOutcome =
  | { readonly kind: "landed"; readonly commit: string; readonly tree: string }
  | { readonly kind: "superseded"; readonly reason: string }
  /** `comebacks`: how often it had come back before. */
  | { readonly kind: "stuck"; readonly reason: string; readonly comebacks?: number }
  /** `drift`: what waits is a change of what was agreed. */
  | { readonly kind: "waiting"; readonly reason: string; readonly comebacks?: number; readonly drift?: boolean }
  | { readonly kind: "skipped"; readonly reason: string };

/** How a run ended. */
export type RunOutcome =
  /** `land`: the person's branch that holds the result already. */
  | { readonly kind: "done"; readonly branch: string; readonly land?: string }
  | { readonly kind: "stuck"; readonly reason: string }
  | { readonly kind: "waiting"; readonly reason: string }
  | { readonly kind: "stopped"; readonly reason: string }
  | { readonly kind: "cancelled"; readonly reason: string };

/** What needs the task may begin. */
export function isDelivered(outcome: TaskOutcome | undefined): boolean {
  return outcome?.kind === "landed" || outcome?.kind === "superseded";
}

/** Why a task ended; empty where nothing has to be said. */
export function reasonOf(outcome: TaskOutcome): string {
  return "reason" in outcome ? outcome.reason : "";
}

/** What a person sees when something could not be found out. */
export function outcomeOfFailure(error: unknown): RunOutcome {
  if (!(error instanceof StepFailure)) throw error;
  const reason = `${error.message.replace(/[^.!?]$/, "$&.")} ${error.hint}`;
  if (error.code === "cancelled") return { kind: "cancelled", reason };
  return { kind: error.remedy === "ask" ? "waiting" : "stopped", reason };
}
