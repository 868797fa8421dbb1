import { digestOf } from "../../../domain/digest.ts";
import type { JournalEntry } from "../../../domain/event.ts";
import type { Clock, Journal } from "../../../engine/ports.ts";
import { brokenJournal, eventOfText, type JournalStore, type RunRow, textOfEvent, unknownRun } from "../store.ts";

interface Shelf {
  readonly clock: Clock;
  readonly runs: Map<string, Omit<RunRow, "outcome">>;
  readonly facts: {
    readonly seq: number;
    readonly at: number;
    readonly run: string;
    readonly key: string;
    readonly text: string;
  }[];
  readonly memo: Map<string, string>;
  readonly blobs: Map<string, string>;
  readonly listeners: Set<(entry: JournalEntry) => void>;
}

/** A journal that lives as long as the process. It keeps texts, so that nobody can change a fact through a reference. */
export function openMemoryStore(clock: Clock): JournalStore {
  const shelf: Shelf = { clock, runs: new Map(), facts: [], memo: new Map(), blobs: new Map(), listeners: new Set() };
  return {
    async create(run) {
      if (!shelf.runs.has(run.id)) shelf.runs.set(run.id, run);
      return journalOf(shelf, run.id);
    },
    open: (runId) => journalOf(shelf, runId),
    runs: async () => [...shelf.runs.values()].map((run) => ({ ...run, outcome: outcomeOf(shelf, run.id) })),
    entriesAfter: async (seq) => shelf.facts.filter((fact) => fact.seq > seq).map(entryOf),
    watch(listener) {
      shelf.listeners.add(listener);
      return () => void shelf.listeners.delete(listener);
    },
    close: () => shelf.listeners.clear(),
  };
}

function journalOf(shelf: Shelf, run: string): Journal {
  const own = () => {
    if (!shelf.runs.has(run)) throw unknownRun(run);
    return shelf.facts.filter((fact) => fact.run === run);
  };
  return {
    run,
    async append(key, event) {
      if (own().some((fact) => fact.key === key)) return;
      const fact = { seq: shelf.facts.length + 1, at: shelf.clock.now(), run, key, text: textOfEvent(event) };
      shelf.facts.push(fact);
      for (const listener of shelf.listeners) listener(entryOf(fact));
    },
    async find(key) {
      const fact = own().find((candidate) => candidate.key === key);
      return fact && entryOf(fact).event;
    },
    since: async (at) => shelf.facts.filter((fact) => fact.at >= at).map(entryOf),
    entries: async () => own().map(entryOf),
    async recall(digest) {
      const text = shelf.memo.get(digest);
      return text === undefined ? undefined : JSON.parse(text);
    },
    async remember(digest, _kind, result) {
      shelf.memo.set(digest, JSON.stringify(result));
    },
    async putBlob(text) {
      const name = digestOf(text);
      shelf.blobs.set(name, text);
      return name;
    },
    async getBlob(sha256) {
      const text = shelf.blobs.get(sha256);
      if (text === undefined) throw brokenJournal(`The blob ${sha256} is missing.`);
      return text;
    },
  };
}

function entryOf(fact: Shelf["facts"][number]): JournalEntry {
  const { seq, at, run, key, text } = fact;
  return { seq, at, run, key, event: eventOfText(text, `Fact ${seq}`) };
}

function outcomeOf(shelf: Shelf, run: string): string | undefined {
  const turns = shelf.facts.filter((fact) => fact.run === run).map((fact) => entryOf(fact).event);
  const last = turns.findLast((event) => event.type === "run-ended" || event.type === "run-resumed");
  return last?.type === "run-ended" ? last.outcome : undefined;
}
