import { StepFailure } from "../../domain/step-failure.ts";

/** The failure of a sandbox that could not be started at all; `fix` is what a person can do, in the imperative. */
export function unavailable(reason: string, fix: string, cause?: unknown): StepFailure {
  const hint = `To mend it: ${fix}.`;
  return new StepFailure(`The sandbox could not be started: ${reason}`, {
    code: "sandbox-unavailable",
    remedy: "stop",
    hint,
    cause,
  });
}
