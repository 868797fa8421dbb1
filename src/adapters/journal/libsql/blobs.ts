import { createHash } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { brokenJournal } from "../store.ts";
import { onDisk } from "./disk-failure.ts";

/** Texts as files named by their SHA-256; a file is either whole or not there. */
export interface Blobs {
  put(text: string): string;
  get(sha256: string): string;
}

export function openBlobs(dir: string): Blobs {
  let written = 0;
  return {
    put: (text) =>
      onDisk(dir, () => {
        const bytes = Buffer.from(text, "utf8");
        const name = sha256Of(bytes);
        const path = join(dir, name);
        if (sha256OfFile(path) === name) return name;
        mkdirSync(dir, { recursive: true });
        written += 1;
        writeWhole(path, join(dir, `.${process.pid}-${written}.tmp`), bytes);
        syncFolder(dir);
        return name;
      }),
    get(sha256) {
      if (!/^[0-9a-f]{64}$/.test(sha256)) throw brokenJournal(`"${sha256}" is not the name of a blob.`);
      const bytes = bytesOf(join(dir, sha256));
      if (bytes === undefined) throw brokenJournal(`The blob ${sha256} is missing.`);
      if (sha256Of(bytes) !== sha256) throw brokenJournal(`The blob ${sha256} has been changed.`);
      return bytes.toString("utf8");
    },
  };
}

function writeWhole(path: string, draft: string, bytes: Uint8Array): void {
  try {
    const file = openSync(draft, "w", 0o600);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** A rename is durable once its folder is. Where folders cannot be opened (Windows), the system decides. */
function syncFolder(dir: string): void {
  if (process.platform === "win32") return;
  const folder = openSync(dir, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function sha256OfFile(path: string): string | undefined {
  const bytes = bytesOf(path);
  return bytes && sha256Of(bytes);
}

function bytesOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
