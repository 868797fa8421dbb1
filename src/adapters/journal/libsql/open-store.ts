import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import type { JournalEntry } from "../../../domain/event.ts";
import type { Clock, Journal } from "../../../engine/ports.ts";
import { eventOfText, type JournalStore, parsedJson, type RunRow, textOfEvent, unknownRun } from "../store.ts";
import { type Blobs, openBlobs } from "./blobs.ts";
import { onDisk } from "./disk-failure.ts";
import { upgrade } from "./schema.ts";

const BUSY_MILLISECONDS = 10_000;

/** Name of the journal's file inside the state folder. */
const JOURNAL_FILE = "journal.db";

interface Shelf {
  readonly database: Database.Database;
  readonly path: string;
  readonly blobs: Blobs;
  readonly clock: Pick<Clock, "now">;
  readonly listeners: Set<(entry: JournalEntry) => void>;
}

/**
 * Opens the journal of a repository, one SQLite file in `stateDir`, made when missing. A fact is on the disk when its
 * append has resolved; other processes may read at the same time.
 * @throws InputError when a newer version wrote it; StepFailure `journal-broken`, `disk-full`, `environment`
 */
export function openStore(stateDir: string, clock: Pick<Clock, "now"> = Date): JournalStore {
  const path = join(stateDir, JOURNAL_FILE);
  const database = onDisk(path, () => {
    mkdirSync(stateDir, { recursive: true });
    ignoreFolder(stateDir);
    return openDatabase(path);
  });
  const shelf: Shelf = { database, path, blobs: openBlobs(join(stateDir, "blobs")), clock, listeners: new Set() };
  return {
    async create(run) {
      const insert = "INSERT OR IGNORE INTO runs (id, title, created_at) VALUES (?, ?, ?)";
      onDisk(path, () => database.prepare(insert).run(run.id, run.title, Math.floor(run.createdAt)));
      return journalOf(shelf, run.id);
    },
    open: (runId) => journalOf(shelf, runId),
    runs: async () => onDisk(path, () => runRows(database)),
    entriesAfter: async (seq) => readEntries(shelf, "WHERE seq > ?", seq),
    watch(listener) {
      shelf.listeners.add(listener);
      return () => void shelf.listeners.delete(listener);
    },
    close() {
      shelf.listeners.clear();
      database.close();
    },
  };
}

function openDatabase(path: string): Database.Database {
  const database = new Database(path, { timeout: BUSY_MILLISECONDS });
  try {
    database.prepare("PRAGMA journal_mode = WAL").get();
    database.exec("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
    upgrade(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The state folder ignores itself, so that no repository ever commits it. */
function ignoreFolder(stateDir: string): void {
  try {
    writeFileSync(join(stateDir, ".gitignore"), "*\n", { flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}

function journalOf(shelf: Shelf, run: string): Journal {
  const { database, path, blobs } = shelf;
  return {
    run,
    append: async (key, event) => append(shelf, run, key, textOfEvent(event)),
    async find(key) {
      return readEntries(shelf, "WHERE run = ? AND key = ?", run, key)[0]?.event;
    },
    async entries() {
      mustExist(shelf, run);
      return readEntries(shelf, "WHERE run = ?", run);
    },
    since: async (at) => readEntries(shelf, "WHERE at >= ?", at),
    async recall(digest) {
      const select = "SELECT result FROM memo WHERE digest = ?";
      const row = onDisk(path, () => database.prepare(select).get(digest)) as { readonly result: string } | undefined;
      return row && parsedJson(row.result, `The observation ${digest}`);
    },
    async remember(digest, kind, result) {
      const insert = "INSERT OR REPLACE INTO memo (digest, kind, result) VALUES (?, ?, ?)";
      onDisk(path, () => database.prepare(insert).run(digest, kind, JSON.stringify(result)));
    },
    putBlob: async (text) => blobs.put(text),
    getBlob: async (sha256) => blobs.get(sha256),
  };
}

function append(shelf: Shelf, run: string, key: string, text: string): void {
  mustExist(shelf, run);
  const at = Math.floor(shelf.clock.now());
  const insert = "INSERT OR IGNORE INTO facts (at, run, key, type, event) VALUES (?, ?, ?, ?, ?)";
  const { type } = JSON.parse(text) as { readonly type: string };
  const done = onDisk(shelf.path, () => shelf.database.prepare(insert).run(at, run, key, type, text));
  if (done.changes === 0) return;
  const entry = { seq: Number(done.lastInsertRowid), at, run, key, event: eventOfText(text, key) };
  for (const listener of shelf.listeners) listener(entry);
}

function mustExist(shelf: Shelf, run: string): void {
  const row = onDisk(shelf.path, () => shelf.database.prepare("SELECT 1 FROM runs WHERE id = ?").get(run));
  if (row === undefined) throw unknownRun(run);
}

function readEntries(shelf: Shelf, where: string, ...values: readonly (string | number)[]): readonly JournalEntry[] {
  const select = `SELECT seq, at, run, key, event FROM facts ${where} ORDER BY seq`;
  const rows = onDisk(shelf.path, () => shelf.database.prepare(select).all(...values)) as readonly FactRow[];
  return rows.map(({ event, ...row }) => ({ ...row, event: eventOfText(event, `Fact ${row.seq} of ${shelf.path}`) }));
}

interface FactRow {
  readonly seq: number;
  readonly at: number;
  readonly run: string;
  readonly key: string;
  readonly event: string;
}

/** A run is open again from the moment in which it is resumed. */
function runRows(database: Database.Database): readonly RunRow[] {
  const rows = database.prepare(`
    SELECT id, title, created_at AS createdAt, (
      SELECT CASE facts.type WHEN 'run-ended' THEN json_extract(facts.event, '$.outcome') END
      FROM facts WHERE facts.run = runs.id AND facts.type IN ('run-ended', 'run-resumed')
      ORDER BY seq DESC LIMIT 1
    ) AS outcome
    FROM runs ORDER BY rowid`);
  return (rows.all() as (Omit<RunRow, "outcome"> & { readonly outcome: string | null })[]).map((row) => ({
    ...row,
    outcome: row.outcome ?? undefined,
  }));
}
