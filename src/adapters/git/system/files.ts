import { copyFile, lstat, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const LOCK_MILLISECONDS = 1_000;
const LOOK_AGAIN_MILLISECONDS = 25;

/** Makes a folder and those above it. Node's own way says "no such file" when the disk is read-only. */
export async function makeFolder(dir: string, mode = 0o777): Promise<void> {
  try {
    await mkdir(dir, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && (await stat(dir)).isDirectory()) return;
    if (code !== "ENOENT" || dirname(dir) === dir) throw error;
    await makeFolder(dirname(dir));
    await mkdir(dir, { mode });
  }
}

/** Writes a file whole or not at all; leaves it alone when it already says so. */
export async function put(path: string, text: string): Promise<void> {
  if ((await readFile(path, "utf8").catch(() => undefined)) === text) return;
  const fresh = `${path}.${process.pid}.new`;
  await rm(fresh, { force: true });
  await writeFile(fresh, text, { flag: "wx" });
  await rename(fresh, path);
}

/**
 * Copies a file with its time of change, and answers whether there was one. Git trusts an index entry that is older than the
 * index: in a copy that looks younger, an edit made in the second the index was written would go unseen.
 */
export async function copyKeepingTime(from: string, to: string): Promise<boolean> {
  try {
    const { atime, mtime } = await stat(from);
    await copyFile(from, to);
    await utimes(to, atime, mtime);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** Removes a lock file that a killed process left; one whose owner lives goes away by itself first. */
export async function clearLock(path: string): Promise<void> {
  for (let waited = 0; waited < LOCK_MILLISECONDS; waited += LOOK_AGAIN_MILLISECONDS) {
    const there = await lstat(path).catch(() => undefined);
    if (there === undefined) return;
    if (Date.now() - there.mtimeMs > LOCK_MILLISECONDS) break;
    await sleep(LOOK_AGAIN_MILLISECONDS);
  }
  await rm(path, { force: true });
}

/** Removes what a dead process left under `<pid>-…` in a folder of ours. */
export async function clearAfterTheDead(dir: string): Promise<void> {
  const names = await readdir(dir).catch(() => []);
  const dead = names.filter((name) => !isAlive(Number.parseInt(name, 10)));
  await Promise.all(dead.map((name) => rm(join(dir, name), { recursive: true, force: true })));
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
