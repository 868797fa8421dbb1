import type { JournalStore } from "../../adapters/journal/store.ts";
import type { Event, JournalEntry } from "../../domain/event.ts";
import type { Journal } from "../../engine/ports.ts";

/**
 * A journal for judging again what a run recorded: facts stay in memory, so that no run's story changes; blobs and the
 * memo of observations are the real ones, so that what was seen once is not run again.
 */
export function shadowJournal(store: JournalStore, run: string): Journal {
  const real = store.open(run);
  const facts = new Map<string, JournalEntry>();
  return {
    run,
    async append(key: string, event: Event) {
      if (!facts.has(key)) facts.set(key, { seq: facts.size + 1, at: 0, run, key, event });
    },
    find: async (key) => facts.get(key)?.event,
    entries: async () => [...facts.values()],
    since: async () => [],
    recall: (digest) => real.recall(digest),
    remember: (digest, kind, result) => real.remember(digest, kind, result),
    putBlob: (text) => real.putBlob(text),
    getBlob: (sha256) => real.getBlob(sha256),
  };
}
