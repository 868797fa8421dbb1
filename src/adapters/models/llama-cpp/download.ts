import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { StepFailure } from "../../../domain/step-failure.ts";
import { cancelled } from "../call-watch.ts";
import type { HubFile } from "./hub.ts";
import { freeDisk, gigabytes } from "./machine.ts";

/** How far a download is. */
export interface Progress {
  readonly name: string;
  readonly bytes: number;
  readonly total: number;
  /** Bytes a second since it began or went on. */
  readonly rate: number;
  /** Seconds that are left at this rate; undefined when nobody knows. */
  readonly left: number | undefined;
}

export interface Download {
  readonly file: HubFile;
  /** Absolute path; until it is whole and checked it is `<to>.part`. */
  readonly to: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  onProgress?(progress: Progress): void;
  /** Bytes that can still be written to a folder. Default: what the system says. */
  readonly free?: ((dir: string) => Promise<number>) | undefined;
  /** Silence after which a connection counts as broken, in seconds. Default: 60. */
  readonly silenceSeconds?: number | undefined;
}

/** Tries in a row that bring no byte. */
const TRIES = 4;
/** Room that is left on the disk. */
const MARGIN = 64 * 1024 * 1024;

/**
 * Fetches a file: goes on where an earlier try stopped, checks its SHA-256, and gives it its name only then.
 * @throws StepFailure `disk-full` before it begins or on the way; `environment` when the connection is lost again and again
 * (what came is kept), the checksum is wrong (what came is removed), or the hub refuses; `cancelled`
 */
export async function download(job: Download): Promise<void> {
  const part = `${job.to}.part`;
  await mkdir(dirname(job.to), { recursive: true });
  await checkDisk(job, await sizeOf(part));
  for (let tries = 1; (await sizeOf(part)) !== job.file.bytes; tries += 1) {
    const before = await sizeOf(part);
    const problem = await fetchRest(job, part, before);
    if (problem === undefined) continue;
    if ((await sizeOf(part)) > before) tries = 1;
    if (tries >= TRIES) throw interrupted(job, await sizeOf(part), problem);
    await wait(250 * tries, undefined, { signal: job.signal }).catch(() => {
      throw cancelled();
    });
  }
  await checkSum(job, part);
  await rename(part, job.to);
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

async function checkDisk({ file, to, free = freeDisk }: Download, there: number): Promise<void> {
  const needed = file.bytes - there + MARGIN;
  const left = await free(dirname(to));
  if (left < needed)
    throw diskFull(
      `${file.name} needs ${gigabytes(needed)} on the disk of ${dirname(to)}, and ${gigabytes(left)} are free`,
    );
}

function diskFull(message: string): StepFailure {
  return new StepFailure(message, {
    code: "disk-full",
    remedy: "ask",
    hint: "Make room, choose a smaller model or quantisation, or set XDG_DATA_HOME to a folder on a larger disk.",
  });
}

/** Fetches from `from` to the end, as far as it goes; answers what broke the connection. @throws StepFailure when no other try would help */
async function fetchRest(job: Download, part: string, from: number): Promise<string | undefined> {
  const line = new AbortController();
  const cancel = () => line.abort(cancelled());
  if (job.signal?.aborted) throw cancelled();
  job.signal?.addEventListener("abort", cancel, { once: true });
  try {
    return await receive(job, part, { from, line });
  } catch (error) {
    if (error instanceof StepFailure) throw error;
    if (job.signal?.aborted) throw cancelled();
    if ((error as { code?: unknown }).code === "ENOSPC") throw diskFull(`the disk is full at ${job.to}`);
    return line.signal.aborted ? "it fell silent" : messageOf(error);
  } finally {
    job.signal?.removeEventListener("abort", cancel);
  }
}

interface Line {
  readonly from: number;
  readonly line: AbortController;
}

async function receive(job: Download, part: string, { from, line }: Line): Promise<string | undefined> {
  // A part that is longer than the file can only be another file's.
  const range: Record<string, string> = from > 0 && from < job.file.bytes ? { range: `bytes=${from}-` } : {};
  const silence = setTimeout(() => line.abort(), (job.silenceSeconds ?? 60) * 1000);
  try {
    const response = await fetch(job.file.url, { headers: { ...job.headers, ...range }, signal: line.signal });
    if (response.status === 416) await rm(part, { force: true });
    if (response.status >= 500 || response.status === 429 || response.status === 416)
      return `the server answered ${response.status}`;
    if (!response.ok || response.body === null) throw refused(job, response.status);
    const start = response.status === 206 ? from : 0;
    await keep(response.body, { part, start, heard: () => silence.refresh(), met: meterOf(job, start) });
    return (await sizeOf(part)) === job.file.bytes ? undefined : "the connection ended early";
  } finally {
    clearTimeout(silence);
  }
}

interface Keeping {
  readonly part: string;
  readonly start: number;
  heard(): void;
  met(bytes: number): void;
}

async function keep(body: AsyncIterable<Uint8Array>, { part, start, heard, met }: Keeping): Promise<void> {
  const file = await open(part, start > 0 ? "a" : "w");
  try {
    for await (const piece of body) {
      heard();
      await file.write(piece);
      met(piece.length);
    }
  } finally {
    await file.close();
  }
}

function meterOf({ file, onProgress }: Download, start: number): (bytes: number) => void {
  const began = performance.now();
  let [bytes, told] = [start, 0];
  return (more) => {
    bytes += more;
    const now = performance.now();
    if (now - told < 100 && bytes < file.bytes) return;
    told = now;
    const rate = ((bytes - start) * 1000) / Math.max(1, now - began);
    const left = rate > 0 ? (file.bytes - bytes) / rate : undefined;
    onProgress?.({ name: file.name, bytes, total: file.bytes, rate, left });
  };
}

async function checkSum({ file, to }: Download, part: string): Promise<void> {
  if (file.sha256 === undefined) return;
  const hash: Hash = createHash("sha256");
  for await (const piece of createReadStream(part)) hash.update(piece as Buffer);
  const sum = hash.digest("hex");
  if (sum === file.sha256) return;
  await rm(part, { force: true });
  throw new StepFailure(
    `what came as ${to} has the wrong checksum, and was removed: SHA-256 ${sum}, expected ${file.sha256}`,
    {
      code: "environment",
      remedy: "retry",
      hint: "Fetch it again. If it happens twice, something between here and the hub changes files.",
    },
  );
}

function refused({ file }: Download, status: number): StepFailure {
  const gated = status === 401 || status === 403;
  return new StepFailure(`${file.url} answered ${status}`, {
    code: "environment",
    remedy: "ask",
    hint: gated
      ? "Its licence has to be accepted at the hub: do so, and set HF_TOKEN to a token of yours."
      : "The hub listed the file and does not give it; try again later or choose another quantisation.",
  });
}

function interrupted({ file }: Download, there: number, problem: string): StepFailure {
  return new StepFailure(`${file.name} could not be fetched to its end: ${problem}`, {
    code: "environment",
    remedy: "retry",
    hint: `Try again: ${gigabytes(there)} of ${gigabytes(file.bytes)} are kept, and the next try goes on from there.`,
  });
}

function messageOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message?: string };
  return cause?.code ?? cause?.message ?? message ?? String(error);
}
