import { readdir, readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { ModelRequest } from "../../../domain/model-call.ts";
import { StepFailure } from "../../../domain/step-failure.ts";
import type { Backend } from "../backend.ts";
import { cancelled } from "../call-watch.ts";
import { requestDigest } from "../request-text.ts";
import { readWritten, recordedPaths, writtenRequest } from "./recording.ts";

export interface Replay {
  readonly dir: string;
  /** What happens when a request is not the one that was recorded: its reply is used and marked, or refused. */
  readonly drift: "report" | "refuse";
}

/** Replays a recording, without a model or a network. */
export function recorded(replay: Replay): Backend {
  return {
    async ask(request, signal) {
      if (signal?.aborted) throw cancelled();
      const paths = recordedPaths(replay.dir, request);
      const text = await readFile(paths.reply, "utf8").catch(() => undefined);
      if (text === undefined) throw await missing(replay.dir, paths.reply, request);
      const there = readWritten(paths.reply, text);
      if (there.request === requestDigest(request) || (await isSteady(paths.request, request))) return there.reply;
      if (replay.drift === "refuse") throw await drifted(paths.request, request);
      return { ...there.reply, drifted: true };
    },
  };
}

/** True when nothing differs but memory addresses, which a failing test may print and which are others in every run. */
async function isSteady(path: string, request: ModelRequest): Promise<boolean> {
  const before = await readFile(path, "utf8").catch(() => undefined);
  return before !== undefined && withoutAddresses(before) === withoutAddresses(writtenRequest(request));
}

function withoutAddresses(text: string): string {
  return text.replace(/\b0x[0-9a-f]{6,16}\b/gi, "0x…");
}

async function missing(dir: string, path: string, request: ModelRequest): Promise<StepFailure> {
  const files = await readdir(dir).catch(() => undefined);
  const about = `role ${request.role}, task ${request.task}, attempt ${request.attempt}`;
  const where = files === undefined ? `there is no recording folder ${dir}` : `the recording has no ${basename(path)}`;
  return new StepFailure(`${where} (${about})`, {
    code: "recording-missing",
    remedy: "ask",
    hint: "The run asked something that the recorded one did not: record it anew, or replay with the version and files it was recorded with.",
  });
}

async function drifted(path: string, request: ModelRequest): Promise<StepFailure> {
  const before = await readFile(path, "utf8").catch(() => undefined);
  const where =
    before === undefined
      ? `${basename(path)} is missing, so what changed is unknown`
      : firstDifference(withoutAddresses(before), withoutAddresses(writtenRequest(request)));
  return new StepFailure(`the request is not the one that was recorded (${basename(path)}): ${where}`, {
    code: "recording-drifted",
    remedy: "ask",
    hint: "Record the run anew, or replay without --strict to use the reply all the same.",
  });
}

function firstDifference(before: string, now: string): string {
  const was = before.split("\n");
  const is = now.split("\n");
  const at = was.findIndex((line, index) => line !== is[index]);
  const index = at < 0 ? was.length : at;
  if (index >= was.length && index >= is.length) return "only the reply's schema or the recorded digest differs";
  return `line ${index + 1} was ${quoted(was[index])} and is ${quoted(is[index])}`;
}

function quoted(line: string | undefined): string {
  if (line === undefined) return "not there";
  return JSON.stringify(line.length > 160 ? `${line.slice(0, 160)} …` : line);
}
