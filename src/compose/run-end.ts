import type { JournalEntry } from "../domain/event.ts";
import type { RunOutcome } from "../domain/outcome.ts";
import type { Glimpse } from "../engine/ports.ts";

/** Where a run is watched from, and from where it is stopped. */
export interface Watch {
  /** Called after each fact is durable, in the order of `seq`; also with the older facts of a resumed run, first. */
  entry(entry: JournalEntry): void;
  glimpse(seen: Glimpse): void;
  /** Aborted when a person wants to stop: the mill ends the step, closes the run as `cancelled` and answers. */
  readonly signal: AbortSignal;
}

export interface RunEnd {
  readonly run: string;
  readonly outcome: RunOutcome;
  /** Changes of the learned rules in AGENTS.md that are proposed; absent: none. */
  readonly rules?: number;
}
