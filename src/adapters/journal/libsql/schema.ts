import type { Database } from "libsql";
import { InputError } from "../../../domain/step-failure.ts";

/** Step n turns a journal of version n into one of version n + 1. Old steps never change. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE runs (id TEXT PRIMARY KEY, title TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT;
   CREATE TABLE facts (
     seq INTEGER PRIMARY KEY,
     at INTEGER NOT NULL,
     run TEXT NOT NULL REFERENCES runs (id),
     key TEXT NOT NULL,
     type TEXT NOT NULL,
     event TEXT NOT NULL,
     UNIQUE (run, key)
   ) STRICT;
   CREATE TABLE memo (digest TEXT PRIMARY KEY, kind TEXT NOT NULL, result TEXT NOT NULL) STRICT;`,
];

/**
 * Brings the journal to this version's schema, in one transaction.
 * @throws InputError when a newer version has written it; nothing is changed then.
 */
export function upgrade(database: Database, migrations: readonly string[] = MIGRATIONS): void {
  if (versionOf(database) === migrations.length) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    const version = versionOf(database); // another process may have upgraded it while this one waited
    if (version > migrations.length) throw newerJournal(version, migrations.length);
    for (const migration of migrations.slice(version)) database.exec(migration);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    database.exec("COMMIT");
  } catch (error) {
    if (database.inTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function versionOf(database: Database): number {
  const row = database.prepare("PRAGMA user_version").get() as { readonly user_version: number };
  return row.user_version;
}

function newerJournal(version: number, known: number): InputError {
  return new InputError([
    `The journal in .millwright was written by a newer millwright (format ${version}; this one knows ${known}). ` +
      "Update millwright (npm install millwright@latest), or move .millwright away to start without its runs.",
  ]);
}
