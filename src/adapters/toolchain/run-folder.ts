import { createHash } from "node:crypto";
import { mkdtemp, readdir, realpath } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { removeFolder } from "./remove-folder.ts";

/** Containers that share the folder for temporary files have process ids of their own. */
const HOST = createHash("sha256").update(hostname()).digest("hex").slice(0, 6);
const NAME = new RegExp(`^millwright-run-${HOST}-(\\d+)-`);

/** A new folder for what one test run needs beside its export; its name says which process it belongs to. */
export async function makeRunFolder(): Promise<string> {
  return mkdtemp(join(await realpath(tmpdir()), `millwright-run-${HOST}-${process.pid}-`));
}

/** Removes the run folders of processes of this machine that were killed. Never fails: they are only in the way. */
export async function clearRunFolders(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  const dead = names.filter((name) => {
    const pid = NAME.exec(name)?.[1];
    return pid !== undefined && !isAlive(Number(pid));
  });
  await Promise.all(dead.map((name) => removeFolder(join(tmpdir(), name)).catch(() => undefined)));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
