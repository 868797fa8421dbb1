import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { JournalStore } from "../adapters/journal/store.ts";
import type { JournalEntry } from "../domain/event.ts";
import { runPage } from "../domain/wiki/run-page.ts";
import { LOG_FOLDER } from "../domain/wiki/wiki-paths.ts";
import { type LogPage, logPage } from "../views/log-page.ts";
import { toldOf } from "./wiki/run-log.ts";

/**
 * Writes a page into `log/` of the state folder for each task that is aborted without progress and each run that fails: beside
 * the person's files, whose checkout the mill leaves alone; the next run that is done files them in the wiki, where there is
 * one. The answer ends it once all pages are written; what cannot be written is not.
 */
export function keepLog(stateDir: string, store: JournalStore): { end(): Promise<void> } {
  let writing = Promise.resolve();
  const unwatch = store.watch(({ run, seq, event }) => {
    const isAborted = event.type === "incident-filed" && event.kind === "no-progress";
    if (!isAborted && !(event.type === "run-ended" && event.outcome === "stuck")) return;
    writing = writing.then(() => write(stateDir, store, { run, seq })).catch(() => undefined);
  });
  return {
    async end() {
      unwatch();
      await writing;
    },
  };
}

/** The page of a run that ended without its goal; none for questions without a run, for replays and for comparisons. */
function failedPage(run: string, entries: readonly JournalEntry[]): LogPage | undefined {
  const ended = entries.at(-1)?.event;
  const started = entries.find(({ event }) => event.type === "run-started")?.event;
  if (ended?.type !== "run-ended" || started?.type !== "run-started" || started.replayed || started.compared)
    return undefined;
  if (!entries.some(({ event }) => event.type === "plan-accepted" || event.type === "plan-refused")) return undefined;
  const { path, text } = runPage(toldOf(run, entries, ended.outcome, ended.reason));
  return { name: path.slice(LOG_FOLDER.length), text };
}

async function write(stateDir: string, store: JournalStore, at: { run: string; seq: number }): Promise<void> {
  const entries = (await store.open(at.run).entries()).filter(({ seq }) => seq <= at.seq);
  const page = logPage(entries) ?? failedPage(at.run, entries);
  if (page === undefined) return;
  const dir = join(stateDir, "log");
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, `${page.name}.part`), page.text);
  await rename(join(dir, `${page.name}.part`), join(dir, page.name));
}
