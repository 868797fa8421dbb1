import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { JournalStore } from "../adapters/journal/store.ts";
import { logPage } from "../views/log-page.ts";

/**
 * Writes a page into `log/` of the state folder for each task that is aborted without progress: beside the person's files,
 * whose checkout the mill leaves alone. The answer ends it once all pages are written; what cannot be written is not.
 */
export function keepLog(stateDir: string, store: JournalStore): { end(): Promise<void> } {
  let writing = Promise.resolve();
  const unwatch = store.watch(({ run, seq, event }) => {
    if (event.type !== "incident-filed" || event.kind !== "no-progress") return;
    writing = writing.then(() => write(stateDir, store, { run, seq })).catch(() => undefined);
  });
  return {
    async end() {
      unwatch();
      await writing;
    },
  };
}

async function write(stateDir: string, store: JournalStore, at: { run: string; seq: number }): Promise<void> {
  const entries = (await store.open(at.run).entries()).filter(({ seq }) => seq <= at.seq);
  const page = logPage(entries);
  if (page === undefined) return;
  const dir = join(stateDir, "log");
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, `${page.name}.part`), page.text);
  await rename(join(dir, `${page.name}.part`), join(dir, page.name));
}
