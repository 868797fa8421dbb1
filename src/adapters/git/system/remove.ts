import { chmod, readdir, rm, rmdir, unlink } from "node:fs/promises";
import { join } from "node:path";

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

/** Without asking first what each file is, as `rm` does: half the price. */
async function removeAll(dir: string): Promise<void> {
  const entries = await readdir(dir, { withFileTypes: true });
  await Promise.all(
    entries.map((entry) => {
      const path = join(dir, entry.name);
      return entry.isDirectory() ? removeAll(path) : unlink(path);
    }),
  );
  await rmdir(dir);
}

/** Makes every folder below writable again. */
async function unlock(dir: string): Promise<void> {
  await chmod(dir, OWNER_ONLY);
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    if (entry.isDirectory()) await unlock(join(dir, entry.name));
  }
}
