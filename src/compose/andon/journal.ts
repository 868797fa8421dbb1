import { existsSync } from "node:fs";
import { join } from "node:path";
import { openStore } from "../../adapters/journal/libsql/open-store.ts";
import type { JournalEntry } from "../../domain/event.ts";
import type { Incident } from "../../domain/incident-record.ts";

/** Does something with the facts of all runs; none where nothing ever ran. */
export async function withFacts<Result>(
  stateDir: string,
  work: (facts: readonly JournalEntry[]) => Result,
): Promise<Result> {
  if (!existsSync(join(stateDir, "journal.db"))) return work([]);
  const store = openStore(stateDir);
  try {
    return work(await store.entriesAfter(0));
  } finally {
    store.close();
  }
}

/**
 * Says in the journal of its run that an incident was closed; what belongs to no run, as a person's own reports do, is a fact of the
 * newest one, as a person's other decisions are. Where nothing ever ran nobody counts it.
 */
export async function tellJournal(stateDir: string, { id, evidence, closing }: Incident): Promise<void> {
  if (!existsSync(join(stateDir, "journal.db"))) return;
  const store = openStore(stateDir);
  try {
    const runs = (await store.runs()).map((run) => run.id);
    const isOwn = runs.includes(evidence.run);
    const run = isOwn ? evidence.run : runs.at(-1);
    if (run === undefined) return;
    const approved = closing?.approvedBy === undefined ? {} : { approvedBy: closing.approvedBy };
    const event = { type: "incident-closed", incident: id, kind: evidence.kind, ...approved } as const;
    await store.open(run).append(`incident/${isOwn ? evidence.key : id}/closed`, event);
  } finally {
    store.close();
  }
}
