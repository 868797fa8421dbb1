import { StepFailure } from "../../../domain/step-failure.ts";
import { plainMessage } from "./source-text.ts";

/** A tool that crashed or could not be started: never an empty pass. */
export function cannotRun(tool: string, why: string, hint: string, cause?: unknown): StepFailure {
  return new StepFailure(`${tool} cannot run: ${plainMessage(why) || "it said nothing"}`, {
    code: "tool-cannot-run",
    remedy: "ask",
    hint,
    cause,
  });
}

/** What an unknown thrown thing says. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
