import type { JournalEntry } from "../domain/event.ts";

/** How often a correction was applied, as the facts tell it. */
export interface CorrectionCount {
  /** Places that it has changed. */
  readonly times: number;
  /** Runs in which it changed something, oldest first. */
  readonly runs: readonly string[];
  /** Milliseconds since 1970; undefined when it never was. */
  readonly lastAt: number | undefined;
  /** Tasks for which it was left out, because what it wrote was refused again. */
  readonly suspended: number;
}

export const NEVER_APPLIED: CorrectionCount = { times: 0, runs: [], lastAt: undefined, suspended: 0 };

/** Counts of all corrections by id; `entries` in the order of writing. */
export function correctionCounts(entries: readonly JournalEntry[]): ReadonlyMap<string, CorrectionCount> {
  const counts = new Map<string, CorrectionCount>();
  for (const { event, run, at } of entries) {
    if (event.type === "correction-suspended") {
      const before = counts.get(event.correction) ?? NEVER_APPLIED;
      counts.set(event.correction, { ...before, suspended: before.suspended + 1 });
    }
    if (event.type !== "corrected") continue;
    for (const { id, times } of event.corrections) {
      const before = counts.get(id) ?? NEVER_APPLIED;
      const runs = before.runs.includes(run) ? before.runs : [...before.runs, run];
      counts.set(id, { ...before, times: before.times + times, runs, lastAt: at });
    }
  }
  return counts;
}
