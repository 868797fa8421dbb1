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

/** Says in the journal of its run that an incident was closed; a person's own reports belong to no run. */
export async function tellJournal(stateDir: string, { id, evidence, closing }: Incident): Promise<void> {
  if (!existsSync(join(stateDir, "journal.db"))) return;
  const store = openStore(stateDir);
  try {
    if (!(await store.runs()).some((run) => run.id === evidence.run)) return;
    const approved = closing?.approvedBy === undefined ? {} : { approvedBy: closing.approvedBy };
    const event = { type: "incident-closed", incident: id, kind: evidence.kind, ...approved } as const;
    await store.open(evidence.run).append(`incident/${evidence.key}/closed`, event);
  } finally {
    store.close();
  }
}
