import { stat } from "node:fs/promises";
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

/** Some engines would make a folder that is missing. @throws StepFailure `sandbox-unavailable` that names it. */
export async function mustExist(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await stat(path).catch((error: unknown) => {
      throw unavailable(`there is no ${path}`, "check that the folder exists and may be read", error);
    });
  }
}
