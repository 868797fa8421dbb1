import { readdirSync, rmdirSync, unlinkSync } from "node:fs";
import { chmod, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as othersTurn } from "node:timers/promises";

const OWNER_ONLY = 0o700;

/** Removes a folder, also one whose folders a test made read-only; links are removed and never followed. */
export async function remove(dir: string): Promise<void> {
  try {
    await removeAll(dir);
    return;
  } catch {
    // Something is in the way, or nothing is there: the careful ways tell.
  }
  try {
    await rm(dir, { recursive: true, force: true });
  } catch {
    await unlock(dir);
    await rm(dir, { recursive: true, force: true });
  }
}

/** Folder by folder, each in one go: several times cheaper than a question and an answer for every file. */
async function removeAll(dir: string): Promise<void> {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) await removeAll(path);
    else unlinkSync(path);
  }
  rmdirSync(dir);
  await othersTurn();
}

/** Makes every folder below writable again. */
async function unlock(dir: string): Promise<void> {
  await chmod(dir, OWNER_ONLY);
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    if (entry.isDirectory()) await unlock(join(dir, entry.name));
  }
}
