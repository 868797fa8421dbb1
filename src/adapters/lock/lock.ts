import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { z } from "zod";
import { StepFailure } from "../../domain/step-failure.ts";
import type { Clock } from "../../engine/ports.ts";

const Owner = z.object({ pid: z.number(), startedAt: z.string(), command: z.string() });
type Owner = z.infer<typeof Owner>;

/** The right to run something in a repository. It ends with `release` or with the process, whichever comes first. */
export interface RepositoryLock {
  release(): void;
}

/**
 * Takes the lock of a repository. It is an open transaction, which the system ends with its process: a killed owner
 * holds nothing.
 * @throws StepFailure `environment` that names the owner when another process has it, or when the folder refuses.
 */
export async function acquireLock(
  stateDir: string,
  owner: { readonly command: string },
  clock: Clock,
): Promise<RepositoryLock> {
  const database = openDatabase(stateDir);
  const ownerFile = join(stateDir, "lock.json");
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw unusable(stateDir, error);
    throw taken(await ownerOf(ownerFile, clock), error);
  }
  writeOwner(ownerFile, { pid: process.pid, startedAt: new Date(clock.now()).toISOString(), command: owner.command });
  return { release: () => release(database, ownerFile) };
}

/** True while the process that took the lock last lives and has not let go of it. Takes nothing. */
export function isHeld(stateDir: string): boolean {
  const owner = readOwner(join(stateDir, "lock.json"));
  return owner !== undefined && isAlive(owner.pid);
}

/** The process that took the lock last, if it left its name. */
export function ownerPid(stateDir: string): number | undefined {
  return readOwner(join(stateDir, "lock.json"))?.pid;
}

function openDatabase(stateDir: string): Database.Database {
  try {
    mkdirSync(stateDir, { recursive: true });
    return new Database(join(stateDir, "lock.db"));
  } catch (error) {
    throw unusable(stateDir, error);
  }
}

function release(database: Database.Database, ownerFile: string): void {
  if (!database.open) return;
  rmSync(ownerFile, { force: true });
  database.exec("ROLLBACK");
  database.close();
}

/** Who has the lock is only told to people: a full disk does not undo the lock. */
function writeOwner(ownerFile: string, owner: Owner): void {
  try {
    writeFileSync(`${ownerFile}.tmp`, JSON.stringify(owner));
    renameSync(`${ownerFile}.tmp`, ownerFile);
  } catch {
    rmSync(ownerFile, { force: true });
  }
}

/** The owner writes its name a moment after it took the lock; until then a dead owner's name may stand there. */
async function ownerOf(ownerFile: string, clock: Clock): Promise<Owner | undefined> {
  for (let look = 0; look < 5; look += 1) {
    const owner = readOwner(ownerFile);
    if (owner && isAlive(owner.pid)) return owner;
    await clock.sleep(50);
  }
  return undefined;
}

function readOwner(ownerFile: string): Owner | undefined {
  try {
    return Owner.parse(JSON.parse(readFileSync(ownerFile, "utf8")));
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && /^SQLITE_(BUSY|LOCKED)/.test(String(error.code));
}

function taken(owner: Owner | undefined, cause: unknown): StepFailure {
  const who = owner ? `process ${owner.pid} (${owner.command}, since ${owner.startedAt})` : "another process";
  return new StepFailure(`Another millwright is at work in this repository: ${who}.`, {
    code: "environment",
    remedy: "stop",
    hint: owner
      ? `Wait for it, or stop it with: kill -INT ${owner.pid} (its run can be resumed).`
      : "Wait a moment and try again; `ps` shows the other millwright.",
    cause,
  });
}

function unusable(stateDir: string, cause: unknown): StepFailure {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StepFailure(`The lock in ${stateDir} cannot be taken: ${reason}`, {
    code: "environment",
    remedy: "stop",
    hint: "Make the folder writable for this user and try again.",
    cause,
  });
}
