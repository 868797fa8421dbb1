import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const NAMES = /^mw-agent-(\d+)-/;

/** A new folder of this process below the machine's temporary one; those of processes that died are removed first. */
export async function ownFolder(what: "agent"): Promise<string> {
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const owner = NAMES.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) {
      await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
    }
  }
  return mkdtemp(join(tmpdir(), `mw-${what}-${process.pid}-`));
}

/** Whether a process with this number is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
