import { mkdir, readdir, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { ModelReply, ModelRequest } from "../../../domain/model-call.ts";
import { StepFailure } from "../../../domain/step-failure.ts";
import type { Clock } from "../../../engine/ports.ts";
import { type Backend, estimatedUsage } from "../backend.ts";
import { cancelled } from "../call-watch.ts";
import { splitFrontMatter, withFrontMatter } from "../front-matter.ts";
import { fileNamePart, requestDigest, requestText } from "../request-text.ts";
import { writeWhole } from "../write-whole.ts";

export interface Mailbox {
  readonly dir: string;
  /** What answers when the reply does not say; `mailbox`, or the part after `mailbox/` in the config. */
  readonly model: string;
  readonly clock: Clock;
  readonly replyKilobytes: number;
  /** Tells a person where the request lies and where the reply goes; called once a request. */
  readonly onWaiting?: (waiting: Waiting) => void;
}

export interface Waiting {
  readonly task: string;
  readonly role: string;
  readonly attempt: number;
  /** Paths of the two files. */
  readonly request: string;
  readonly reply: string;
}

const POLL_MILLISECONDS = 250;

/** A person or a program answers by putting a file beside each request; there is no time limit. */
export function mailbox(options: Mailbox): Backend {
  return {
    async ask(request, signal) {
      if (signal?.aborted) throw cancelled();
      const place = await post(options.dir, request);
      const { task, role, attempt } = request;
      options.onWaiting?.({ task, role, attempt, request: place.request, reply: place.reply });
      const text = await replyAt(place.reply, options, signal);
      return readReply(text, options.model, request);
    },
  };
}

interface Place {
  readonly request: string;
  readonly reply: string;
}

/** Puts the request into the folder, unless this very request of this run lies there already. */
async function post(dir: string, request: ModelRequest): Promise<Place> {
  const name = `${fileNamePart(request.task)}-${request.role}-${request.attempt}`;
  const files = await list(dir);
  for (const file of files.filter((file) => nameOf(file) === name)) {
    const number = file.slice(0, file.indexOf("-"));
    const place = placeOf(dir, `${number}-${name}`);
    if (await holds(place.request, request)) return place;
    await supersede(dir, place);
  }
  const number = String(Math.max(0, ...files.map(numberOf)) + 1).padStart(2, "0");
  const place = placeOf(dir, `${number}-${name}`);
  await writeWhole(place.request, letter(request, `${number}-${name}.reply.md`));
  return place;
}

function placeOf(dir: string, name: string): Place {
  return { request: join(dir, `${name}.request.md`), reply: join(dir, `${name}.reply.md`) };
}

async function list(dir: string): Promise<readonly string[]> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw unreadable(dir, error);
  });
  return names.filter((name) => /^\d+-.*[.]request[.]md$/.test(name)).sort((a, b) => numberOf(a) - numberOf(b));
}

function numberOf(file: string): number {
  return Number.parseInt(file, 10);
}

/** Task, role and attempt of a request's file. */
function nameOf(file: string): string {
  return file.replace(/^\d+-/, "").replace(/[.]request[.]md$/, "");
}

async function holds(path: string, request: ModelRequest): Promise<boolean> {
  const { header } = splitFrontMatter(await readFile(path, "utf8"));
  const there = z.object({ run: z.string(), digest: z.string() }).safeParse(header);
  return there.success && there.data.run === request.run && there.data.digest === requestDigest(request);
}

async function supersede(dir: string, place: Place): Promise<void> {
  const old = join(dir, "superseded");
  await mkdir(old, { recursive: true });
  const taken = new Set(await readdir(old));
  for (const path of [place.request, place.reply]) {
    const name = path.slice(dir.length + 1);
    await rename(path, join(old, freeName(name, taken))).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw unreadable(path, error);
    });
  }
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let copy = 2; taken.has(free); copy += 1) free = name.replace(/[.](request|reply)[.]md$/, `.${copy}.$1.md`);
  return free;
}

function letter(request: ModelRequest, reply: string): string {
  const { run, task, role, attempt, model } = request;
  const header = { run, task, role, attempt, model, reply, digest: requestDigest(request) };
  return withFrontMatter(header, `\n${requestText(request)}`);
}

/** Waits for a reply that is there, not empty, and has stopped growing. */
async function replyAt(path: string, options: Mailbox, signal: AbortSignal | undefined): Promise<string> {
  for (let before = await stampOf(path); ; ) {
    await options.clock.sleep(POLL_MILLISECONDS, signal);
    if (signal?.aborted) throw cancelled();
    const now = await stampOf(path);
    if (now !== undefined && now === before) {
      const text = await readWhole(path, options.replyKilobytes);
      if (text.trim() !== "") return text;
    }
    before = now;
  }
}

/** Size and time of a file that holds something. */
async function stampOf(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() && found.size > 0 ? `${found.size} ${found.mtimeMs}` : undefined;
}

async function readWhole(path: string, kilobytes: number): Promise<string> {
  const { size } = await stat(path);
  if (size > kilobytes * 1024) {
    throw new StepFailure(`the reply ${path} is larger than ${kilobytes} KB`, {
      code: "model-unusable",
      remedy: "ask",
      hint: "Shorten the file and resume the run, or raise limits.replyKilobytes in millwright.yaml.",
    });
  }
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw unreadable(path, error);
  });
  return text.replace(/^\uFEFF/, "");
}

const Declared = z.strictObject({ model: z.string().min(1) });

/** A front matter with nothing but `model` says who answers; any other belongs to the reply itself, as in a plan. */
function readReply(text: string, model: string, request: ModelRequest): ModelReply {
  const { header, body } = splitFrontMatter(text);
  const declared = Declared.safeParse(header);
  const reply = declared.success ? body.replace(/^\r?\n/, "") : text;
  return {
    text: reply,
    model: declared.success ? declared.data.model : model,
    usage: estimatedUsage(request, reply),
    finish: "stop",
  };
}

function unreadable(path: string, cause: NodeJS.ErrnoException): StepFailure {
  return new StepFailure(`the mailbox could not be used: ${path} (${cause.code ?? cause.message})`, {
    code: "environment",
    remedy: "ask",
    hint: "Make the mailbox folder one that may be read and written, then resume the run.",
    cause,
  });
}
