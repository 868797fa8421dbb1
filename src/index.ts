/** The public API: open a repository and let the mill run in it. */
export { diagnoseRepository, initRepository, openMill } from "./compose.ts";
export type { JournalEntry } from "./domain/event.ts";
export type { RunOutcome, TaskOutcome } from "./domain/outcome.ts";
export { InputError, StepFailure } from "./domain/step-failure.ts";
export type { Mill, MillFlags, RunEnd, RunRequest, Watch } from "./mill.ts";
