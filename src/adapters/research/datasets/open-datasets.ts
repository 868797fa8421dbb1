import { createHash, randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, copyFile, link, lstat, mkdir, rename, rm, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { digestOfValue } from "../../../domain/digest.ts";
import { type DatasetWish, sourceOf, wrongDataset } from "../../../domain/research/dataset.ts";

export interface DatasetRoom {
  /** Folder that datasets are kept in, by checksum. */
  readonly cacheDir: string;
  /** A clean export of the repository: where sources that are paths are. */
  readonly folder: string;
  /** Why this address may not be asked; undefined: it may. */
  refusedAddress(url: string): string | undefined;
  /** Bytes that can still be written to a folder. Default: what the system says. */
  readonly free?: ((dir: string) => Promise<number>) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Seconds of silence after which a connection counts as broken. Default: 60. */
  readonly silenceSeconds?: number | undefined;
}

/** A read-only file with the right size and checksum; or what is wrong and what to do about it. */
export type Fetched =
  | { readonly kind: "there"; readonly path: string; readonly from: "cache" | "source" }
  | { readonly kind: "refused"; readonly message: string };

/** Room that is left on the disk. */
const MARGIN = 16 * 1024 * 1024;
const TRIES = 3;

/** The dataset's file, fetched at most once; what is in the cache is measured again, and thrown away when it was changed. */
export async function fetchDataset(wish: DatasetWish, room: DatasetRoom): Promise<Fetched> {
  const path = join(room.cacheDir, wish.sha256);
  if (await isWhole(wish, path)) return { kind: "there", path, from: "cache" };
  await mkdir(room.cacheDir, { recursive: true });
  const left = await (room.free ?? freeBytes)(room.cacheDir);
  if (left < wish.bytes + MARGIN) return refused(noRoom(wish, left));
  const part = join(room.cacheDir, `${wish.sha256}.part-${randomBytes(4).toString("hex")}`);
  try {
    const problem = await obtain(wish, part, room);
    if (problem !== undefined) return refused(problem);
    const wrong = wrongDataset(wish, { bytes: (await stat(part)).size, sha256: await checksum(part) });
    if (wrong !== undefined) return refused(wrong);
    await chmod(part, 0o444);
    await rename(part, path);
    return { kind: "there", path, from: "source" };
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOSPC") return refused(noRoom(wish, 0));
    throw error;
  } finally {
    await rm(part, { force: true });
  }
}

function refused(message: string): Fetched {
  return { kind: "refused", message };
}

async function isWhole(wish: DatasetWish, path: string): Promise<boolean> {
  const seen = await stat(path).catch(() => undefined);
  if (seen === undefined) return false;
  if (seen.size === wish.bytes && (await checksum(path)) === wish.sha256) return true;
  await rm(path, { force: true });
  return false;
}

function noRoom({ name, bytes }: DatasetWish, left: number): string {
  return `Dataset ${name} has ${bytes} bytes, and ${Math.max(0, Math.floor(left))} bytes are free on the disk of .millwright/cache. Make room, or move the repository to a larger disk, then resume.`;
}

async function freeBytes(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}

/** The SHA-256 of a file. */
export async function checksum(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** Writes the source to `to`; answers why it could not be had. */
async function obtain(wish: DatasetWish, to: string, room: DatasetRoom): Promise<string | undefined> {
  const source = sourceOf(wish);
  switch (source.kind) {
    case "repository":
      return copied(wish, join(room.folder, source.path), to);
    case "file":
      return copied(wish, fileURLToPath(source.url), to);
    case "http":
      return downloaded(wish, to, room);
  }
}

async function copied(wish: DatasetWish, from: string, to: string): Promise<string | undefined> {
  const seen = await lstat(from).catch(() => undefined);
  if (!seen?.isFile())
    return `Dataset ${wish.name}: ${wish.source} is ${seen === undefined ? "not there" : "no plain file"}. Commit the file or correct \`source\` in the plan.`;
  if (seen.size !== wish.bytes) return wrongDataset(wish, { bytes: seen.size, sha256: "" });
  await copyFile(from, to);
  return undefined;
}

async function downloaded(wish: DatasetWish, to: string, room: DatasetRoom): Promise<string | undefined> {
  const policy = room.refusedAddress(wish.source);
  if (policy !== undefined) return `Dataset ${wish.name}: ${policy}`;
  for (let tries = 1; ; tries++) {
    const got = await download(wish, to, room);
    if (got.kind === "done") return undefined;
    if (got.kind === "final" || tries >= TRIES) return `Dataset ${wish.name}: ${got.why}`;
    await wait(250 * tries, undefined, { signal: room.signal });
  }
}

type Download = { readonly kind: "done" } | { readonly kind: "again" | "final"; readonly why: string };

async function download(wish: DatasetWish, to: string, room: DatasetRoom): Promise<Download> {
  const line = new AbortController();
  const silence = setTimeout(() => line.abort(), 1000 * (room.silenceSeconds ?? 60));
  const signal = room.signal === undefined ? line.signal : AbortSignal.any([line.signal, room.signal]);
  try {
    const response = await fetch(wish.source, { signal });
    if (!response.ok || response.body === null) return statusAnswer(wish, response.status);
    const length = response.headers.get("content-length");
    const isPlain = response.headers.get("content-encoding") === null;
    if (isPlain && length !== null && Number(length) !== wish.bytes)
      return { kind: "final", why: wrongDataset(wish, { bytes: Number(length), sha256: "" }) ?? "" };
    await pipeline(
      Readable.fromWeb(response.body),
      atMost(wish.bytes, () => silence.refresh()),
      createWriteStream(to),
    );
    return { kind: "done" };
  } catch (error) {
    room.signal?.throwIfAborted();
    return unfetched(wish, error, line.signal.aborted);
  } finally {
    clearTimeout(silence);
  }
}

function unfetched({ source, bytes }: DatasetWish, error: unknown, isSilent: boolean): Download {
  if ((error as { code?: unknown }).code === "ENOSPC") throw error;
  if (error instanceof TooLong)
    return {
      kind: "final",
      why: `${source} sends more than the ${bytes} bytes that the plan says; nothing of it is used.`,
    };
  const cause = isSilent ? "it fell silent" : causeOf(error);
  const why = `${source} could not be fetched: ${cause}. Check the address and the network, then resume.`;
  return { kind: "again", why };
}

function statusAnswer(wish: DatasetWish, status: number): Download {
  const kind = status >= 500 || status === 429 ? "again" : "final";
  return {
    kind,
    why: `${wish.source} answers with status ${status}. Correct \`source\` in the plan, or fetch the file by hand and name its path.`,
  };
}

class TooLong extends Error {}

function atMost(most: number, heard: () => void): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      heard();
      bytes += chunk.length;
      if (bytes > most) done(new TooLong());
      else done(null, chunk);
    },
  });
}

function causeOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { message?: string; code?: string } };
  return (cause?.code ?? cause?.message ?? message ?? String(error)).slice(0, 200);
}

/** One folder with all datasets under their names: what is mounted. Files are linked where the disk can, else copied. */
export async function gatherDatasets(
  files: readonly { readonly name: string; readonly path: string; readonly sha256: string }[],
  cacheDir: string,
): Promise<string> {
  const folder = join(
    cacheDir,
    "sets",
    digestOfValue(files.map(({ name, sha256 }) => ({ name, sha256 }))).slice(0, 32),
  );
  for (const { name, path } of files) {
    const to = join(folder, name);
    await mkdir(dirname(to), { recursive: true });
    await rm(to, { force: true });
    await link(path, to).catch(() => copyFile(path, to));
    await chmod(to, 0o444);
  }
  return folder;
}
