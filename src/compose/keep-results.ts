import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { JournalStore } from "../adapters/journal/store.ts";
import type { JournalEntry } from "../domain/event.ts";
import { foldEntry } from "../views/fold-run.ts";
import { type ResultRow, resultsText } from "../views/result-row.ts";
import { foldResult, NO_RESULTS, type RunResults } from "../views/results.ts";
import { EMPTY_RUN, type RunView } from "../views/run-view.ts";
import { workingMemory, workingMemoryText } from "../views/working-memory.ts";

/** Files that follow the journal while something runs. */
export interface KeptResults {
  /** Writes what is still to be written. Never throws: the files are made anew from the journal when something runs next. */
  end(): Promise<void>;
}

/**
 * Keeps `results.tsv` and `working-memory.json` in the state folder up to date. They are a fold of the journal and of nothing
 * else: what a killed process did not write is written by the next one, and nothing twice. The older runs are read when
 * the first question is on its way, so that no start waits for them.
 */
export function keepResults(stateDir: string, store: JournalStore): KeptResults {
  const kept: Kept = { stateDir, store, results: new Map(), view: EMPTY_RUN, seq: 0, written: new Map() };
  let queue: JournalEntry[] = [];
  let working: Promise<void> | undefined;
  let wake: () => void = () => undefined;
  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PAUSE);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const work = async () => {
    const entries = queue;
    queue = [];
    await follow(kept, entries).catch(() => undefined);
  };
  const workOn = async () => {
    await pause();
    while (queue.length > 0) {
      await work();
      await pause();
    }
    working = undefined;
  };
  const unwatch = store.watch((entry) => {
    queue.push(entry);
    if (kept.seq > 0 || entry.event.type === "asked") working ??= workOn();
  });
  return {
    async end() {
      unwatch();
      const rest = queue;
      queue = [];
      wake();
      await working;
      queue = rest;
      if (rest.length > 0) await work();
    },
  };
}

/** Milliseconds between two writings: what changes meanwhile is written once. */
const PAUSE = 200;

interface Kept {
  readonly stateDir: string;
  readonly store: JournalStore;
  /** By run, oldest first. */
  readonly results: Map<string, RunResults>;
  /** The run that was written to last. */
  view: RunView;
  /** The newest fact that is folded in; 0 before the journal was read. */
  seq: number;
  /** What stands in each file. */
  readonly written: Map<string, string>;
}

async function follow(kept: Kept, entries: readonly JournalEntry[]): Promise<void> {
  const fresh = kept.seq === 0 ? await kept.store.entriesAfter(0) : entries;
  const newest = fresh.at(-1)?.run;
  if (newest !== undefined && newest !== kept.view.run) await turnTo(newest, fresh, kept);
  for (const entry of fresh.filter(({ seq }) => seq > kept.seq)) {
    kept.results.set(entry.run, foldResult(kept.results.get(entry.run) ?? NO_RESULTS, entry));
    if (entry.run === newest) kept.view = foldEntry(kept.view, entry);
    kept.seq = entry.seq;
  }
  const rows: ResultRow[] = [...kept.results.values()].flatMap((results) => results.rows);
  await write("results.tsv", resultsText(rows), kept);
  await write("working-memory.json", workingMemoryText(workingMemory(kept.view, rows)), kept);
}

/** Another run is worked on now: its view is what its facts up to here say. */
async function turnTo(run: string, fresh: readonly JournalEntry[], kept: Kept): Promise<void> {
  const first = fresh.find(({ seq }) => seq > kept.seq)?.seq ?? 0;
  const before = (await kept.store.open(run).entries()).filter(({ seq }) => seq < first);
  kept.view = before.reduce(foldEntry, EMPTY_RUN);
}

/** Whole or not at all; a part that a killed process left behind is replaced or removed. */
async function write(name: string, text: string, { stateDir, written }: Kept): Promise<void> {
  const path = join(stateDir, name);
  const part = `${path}.part`;
  if (!written.has(name)) await rm(part, { force: true });
  const before = written.get(name) ?? (await readFile(path, "utf8").catch(() => undefined));
  if (before !== text) {
    await writeFile(part, text);
    await rename(part, path);
  }
  written.set(name, text);
}
