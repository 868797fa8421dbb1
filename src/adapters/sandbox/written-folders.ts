import { readdir, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { SandboxJob } from "../../domain/sandbox-job.ts";

const LOOK_EVERY_MILLISECONDS = 250;
const MEGABYTE = 1024 * 1024;

/** A watch over what a job writes on the host's disk. */
export interface FolderWatch {
  /** Resolves with a sentence when the folders have grown by more than the limit; otherwise never. */
  readonly overflow: Promise<string>;
  end(): void;
}

/**
 * Watches the folders that a job may write. No quota: the disk's free space is looked at four times a second, and only
 * when it has shrunk by the limit are the files that were written since the start added up.
 */
export function watchWrittenFolders(job: SandboxJob): FolderWatch {
  const folders = job.mounts.filter((mount) => mount.access === "write").map((mount) => mount.source);
  const limit = job.limits.diskMegabytes * MEGABYTE;
  const since = Date.now() - 1000;
  const free = Promise.all(folders.map(freeBytes));
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const overflow = new Promise<string>((resolve) => {
    const look = async () => {
      const before = await free;
      const now = await Promise.all(folders.map(freeBytes));
      const shrunk = folders.filter((_, index) => (before[index] ?? 0) - (now[index] ?? 0) > limit);
      const written = await Promise.all(shrunk.map((folder) => bytesWrittenSince(folder, since)));
      const total = written.reduce((sum, bytes) => sum + bytes, 0);
      if (total > limit) resolve(`stopped: wrote more than ${job.limits.diskMegabytes} MB to its folders`);
      else again();
    };
    const again = () => {
      if (ended) return;
      timer = setTimeout(() => void look().catch(again), LOOK_EVERY_MILLISECONDS);
    };
    if (folders.length > 0) again();
  });
  return {
    overflow,
    end: () => {
      ended = true;
      clearTimeout(timer);
    },
  };
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Bytes on disk of the files below a folder that changed after a moment; files that vanish meanwhile count nothing. */
async function bytesWrittenSince(folder: string, moment: number): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  let total = 0;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) total += await bytesWrittenSince(path, moment);
    if (!entry.isFile()) continue;
    const seen = await stat(path).catch(() => undefined);
    if (seen && seen.ctimeMs >= moment) total += seen.blocks * 512;
  }
  return total;
}
