import { statfs } from "node:fs/promises";
import { freemem } from "node:os";

/** Bytes of memory that a new process can have; counts the limit of a container. */
export function availableMemory(): number {
  const available = (process as { availableMemory?: () => number }).availableMemory?.();
  return available ?? freemem();
}

/** Bytes that can still be written to the file system of a folder that exists. */
export async function freeDisk(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}

/** `4.7 GB` (10^9 bytes), or `12 MB` below one. */
export function gigabytes(bytes: number): string {
  return bytes < 1e9 ? `${Math.max(1, Math.round(bytes / 1e6))} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
