import { randomBytes, randomUUID } from "node:crypto";
import { appendFile, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { LoggedNote, ServeNote } from "../../domain/schedule/serve-log.ts";
import { LoggedLine } from "../../domain/schedule/serve-log.ts";
import { ServeState } from "../../domain/schedule/serve-state.ts";

/** That nothing begins until somebody resumes. */
export const Pause = z.strictObject({ since: z.number(), reason: z.string() });
export type Pause = z.infer<typeof Pause>;

/** Where the daemon can be asked; the process that wrote it may be gone. */
export const Address = z.strictObject({ url: z.string(), pid: z.number() });
export type Address = z.infer<typeof Address>;

/** What the daemon and its commands share, under `.millwright/serve/`. */
export interface ServeFiles {
  /** Folder of it all; also of the daemon's own lock. */
  readonly dir: string;
  state(): Promise<ServeState | undefined>;
  keep(state: ServeState): Promise<void>;
  note(note: LoggedNote): Promise<void>;
  /** The newest lines of the log, oldest first. */
  log(lines: number): Promise<readonly LoggedLine[]>;
  pause(): Promise<Pause | undefined>;
  setPause(pause: Pause | undefined): Promise<void>;
  address(): Promise<Address | undefined>;
  setAddress(address: Address | undefined): Promise<void>;
}

/** A log of this size begins anew; one older part is kept. In bytes. */
const LARGEST_LOG = 1024 * 1024;

export function serveFiles(stateDir: string): ServeFiles {
  const dir = join(stateDir, "serve");
  const place = (name: string) => join(dir, name);
  const optional = (name: string, value: object | undefined) =>
    value === undefined ? rm(place(name), { force: true }) : writeWhole(place(name), `${JSON.stringify(value)}\n`);
  return {
    dir,
    state: () => readState(place("state.json")),
    keep: (state) => writeWhole(place("state.json"), `${JSON.stringify(state, null, 2)}\n`),
    note: (note) => appendNote(place("log.jsonl"), note),
    log: (lines) => lastLines(place("log.jsonl"), lines),
    pause: () => read(place("paused.json"), Pause),
    setPause: (pause) => optional("paused.json", pause),
    address: () => read(place("address.json"), Address),
    setAddress: (address) => optional("address.json", address),
  };
}

/** A state that cannot be read is laid aside: then only ticks from now on count. */
async function readState(path: string): Promise<ServeState | undefined> {
  const state = await read(path, ServeState);
  if (state === undefined) await rename(path, `${path}.broken`).catch(() => undefined);
  return state;
}

async function read<Shape extends z.ZodType>(path: string, shape: Shape): Promise<z.infer<Shape> | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return shape.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Nobody ever sees half of it, not even after a power cut. */
async function writeWhole(path: string, text: string, mode = 0o644): Promise<void> {
  const part = `${path}.${randomUUID().slice(0, 8)}.part`;
  await mkdir(dirname(path), { recursive: true });
  try {
    const file = await open(part, "w", mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function appendNote(path: string, note: ServeNote & { at: number }): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LARGEST_LOG) await rename(path, path.replace(/[.]jsonl$/, ".1.jsonl"));
  await appendFile(path, `${JSON.stringify(note)}\n`);
}

async function lastLines(path: string, count: number): Promise<readonly LoggedLine[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  const lines = text.split("\n").slice(-count - 1);
  return lines.flatMap((line) => {
    try {
      return [LoggedLine.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}

/** The token of this repository's loopback servers, made when it is first asked for; only its owner can read the file. */
export async function loopbackToken(stateDir: string): Promise<string> {
  const path = join(stateDir, "token");
  const found = (await readFile(path, "utf8").catch(() => "")).trim();
  if (/^[0-9a-f]{64}$/.test(found)) return found;
  const token = randomBytes(32).toString("hex");
  await writeWhole(path, `${token}\n`, 0o600);
  return token;
}
