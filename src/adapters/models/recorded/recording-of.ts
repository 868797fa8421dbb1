import { mkdir, readdir, readFile, rename, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ModelReply, ModelRequest } from "../../../domain/model-call.ts";
import type { Clock } from "../../../engine/ports.ts";
import type { Backend } from "../backend.ts";
import { splitFrontMatter, withFrontMatter } from "../front-matter.ts";
import { requestDigest } from "../request-text.ts";
import { writeWhole } from "../write-whole.ts";
import { type RecordingHeader, recordedPaths, writtenReply, writtenRequest } from "./recording.ts";

export interface RecordingPlace {
  readonly dir: string;
  readonly clock: Clock;
  /** Written to `recording.md` with the first reply; the date is added. */
  readonly header: Omit<RecordingHeader, "date">;
}

/** A backend whose requests and replies are written down, so that the run can be replayed. */
export function recordingOf(backend: Backend, place: RecordingPlace): Backend {
  return {
    async ask(request, signal) {
      const reply = await backend.ask(request, signal);
      await writeDown(place, request, reply);
      return reply;
    },
  };
}

/** The reply is written last: a reply that is there is complete. */
async function writeDown(place: RecordingPlace, request: ModelRequest, reply: ModelReply): Promise<void> {
  const now = new Date(place.clock.now()).toISOString();
  await writeHeader(place, now);
  const paths = recordedPaths(place.dir, request);
  await keepOther(paths.reply, request);
  await writeWhole(paths.request, writtenRequest(request));
  await writeWhole(paths.reply, writtenReply(request, reply, now));
}

async function writeHeader(place: RecordingPlace, now: string): Promise<void> {
  const path = join(place.dir, "recording.md");
  if (await stat(path).catch(() => undefined)) return;
  const { title, answeredBy, independence, note } = place.header;
  await writeWhole(path, withFrontMatter({ title, answeredBy, date: now.slice(0, 10), independence, note }, ""));
}

/** A reply to another request of the same name is moved aside, never overwritten. */
async function keepOther(path: string, request: ModelRequest): Promise<void> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  const header = text === undefined ? undefined : splitFrontMatter(text).header;
  if (text === undefined || (header as { request?: unknown } | undefined)?.request === requestDigest(request)) return;
  const old = join(path, "..", "superseded");
  await mkdir(old, { recursive: true });
  const count = (await readdir(old)).length + 1;
  await rename(path, join(old, `${count}-${basename(path)}`));
}
