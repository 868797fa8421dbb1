import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type ModelReply, type ModelRequest, Usage } from "../../../domain/model-call.ts";
import { InputError } from "../../../domain/step-failure.ts";
import { splitFrontMatter, withFrontMatter } from "../front-matter.ts";
import { fileNamePart, requestDigest, requestText } from "../request-text.ts";

/** `recording.md`: what a recording is. */
export const RecordingHeader = z.strictObject({
  title: z.string(),
  /** Who or what gave the replies. */
  answeredBy: z.string(),
  date: z.string(),
  /** How different the models behind the roles were. */
  independence: z.enum(["none", "model", "vendor"]),
  note: z.string().default(""),
});
export type RecordingHeader = z.infer<typeof RecordingHeader>;

const ReplyHeader = z.strictObject({
  /** Digest of the request that was answered. */
  request: z.string(),
  model: z.string(),
  usage: Usage,
  finish: z.enum(["stop", "length", "other"]),
  recorded: z.string(),
});

/** A reply as it was recorded, with the digest of its request. */
export interface RecordedReply {
  readonly request: string;
  readonly reply: ModelReply;
}

/** Paths of a request and its reply, keyed by task, role and attempt. */
export function recordedPaths(
  dir: string,
  request: ModelRequest,
): { readonly request: string; readonly reply: string } {
  const name = `${fileNamePart(request.task)}.${request.role}.${request.attempt}`;
  return { request: join(dir, `${name}.request.md`), reply: join(dir, `${name}.reply.md`) };
}

/** The text of a `.reply.md`; `recorded` is an ISO date. */
export function writtenReply(request: ModelRequest, reply: ModelReply, recorded: string): string {
  const { model, usage, finish } = reply;
  return withFrontMatter({ request: requestDigest(request), model, usage, finish, recorded }, reply.text);
}

/** The text of a `.request.md`: no run and no time, so that two runs that asked the same have the same file. */
export function writtenRequest(request: ModelRequest): string {
  const { task, role, attempt, model, temperature } = request;
  const header = { task, role, attempt, model, ...(temperature === undefined ? {} : { temperature }) };
  return withFrontMatter(header, `\n${requestText(request)}`);
}

/** @throws InputError when the file is no recorded reply. */
export function readWritten(path: string, text: string): RecordedReply {
  const { header, body } = splitFrontMatter(text);
  const read = ReplyHeader.safeParse(header);
  if (!read.success) throw new InputError(problems(path, read.error));
  const { request, model, usage, finish } = read.data;
  return { request, reply: { text: body, model, usage, finish } };
}

/**
 * What a recording is, or undefined when the folder has no `recording.md`.
 * @throws InputError when it has one that cannot be read.
 */
export async function readRecordingHeader(dir: string): Promise<RecordingHeader | undefined> {
  const path = join(dir, "recording.md");
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const read = RecordingHeader.safeParse(splitFrontMatter(text).header);
  if (!read.success) throw new InputError(problems(path, read.error));
  return read.data;
}

function problems(path: string, error: z.ZodError): readonly string[] {
  return error.issues.map((issue) => `${path}: ${issue.path.join(".") || "front matter"}: ${issue.message}`);
}
