import type { LanguageModelMiddleware, streamText, wrapLanguageModel } from "ai";
import type { ModelReply, ModelRequest } from "../../domain/model-call.ts";
import { estimatedUsage } from "./backend.ts";
import type { CallWatch } from "./call-watch.ts";
import { replyTooLarge } from "./watched-fetch.ts";

type Model = Parameters<typeof wrapLanguageModel>[0]["model"];
type ProviderOptions = NonNullable<Parameters<typeof streamText>[0]["providerOptions"]>;

export interface StreamedCall {
  readonly model: Model;
  readonly request: ModelRequest;
  readonly watch: CallWatch;
  readonly replyBytes: number;
  /** Ask the server to keep to the request's schema. */
  readonly form: "schema" | "text";
  readonly providerOptions?: ProviderOptions;
  readonly onTokens?: (task: string, outputTokens: number) => void;
  /** What marks a part of the prompt for the server's prompt cache. */
  readonly mark?: ProviderOptions;
  /** Longest reply in tokens, where a server must be told. */
  readonly mostOutputTokens?: number;
  /** When the server counts: one that counts from the start has not said with it that the reply is whole. Default: at the end. */
  readonly counts?: "at-end" | "from-start";
}

/** The stream ended, and the server never said that the reply is finished. */
export class CutOff extends Error {
  override readonly name = "CutOff";
}

/** Streams one reply to its end. @throws whatever went wrong on the way; `failureOf` says what it means. */
export async function streamedReply(call: StreamedCall): Promise<ModelReply> {
  const stream = await open(call);
  const heard: Heard = { text: "", size: 0, model: call.request.model };
  let reply: ModelReply | undefined;
  for await (const part of stream) {
    if (part.type === "error") throw part.error;
    if (part.type === "text-delta" || part.type === "reasoning-delta") take(call, heard, part);
    if (part.type === "finish-step") heard.model = part.response.modelId;
    if (part.type === "finish") reply = finished(call, heard, part);
  }
  call.watch.signal.throwIfAborted();
  if (reply === undefined) throw new CutOff("the stream ended before the reply was finished");
  return reply;
}

async function open(call: StreamedCall) {
  const { streamText, wrapLanguageModel } = await import("ai");
  globalThis.AI_SDK_LOG_WARNINGS = false;
  const { request, model, providerOptions } = call;
  const most = Math.min(call.mostOutputTokens ?? Infinity, request.answerTokens ?? Infinity);
  const formed = call.form === "schema" ? wrapLanguageModel({ model, middleware: keepingTo(request.schema) }) : model;
  const result = streamText({
    model: formed,
    ...promptOf(call),
    ...(Number.isFinite(most) && { maxOutputTokens: most }),
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(providerOptions && { providerOptions }),
    maxRetries: 0,
    abortSignal: call.watch.signal,
    onError: () => undefined,
  });
  return result.fullStream;
}

/** The prompt; where a server wants marks, with one at the end of the system part and of the part that the next prompt shares. */
function promptOf({ request, mark }: StreamedCall) {
  const { system, user, stable = 0 } = request;
  if (mark === undefined) return { prompt: user, ...(system !== "" && { system }) };
  const parts = [user.slice(0, stable), user.slice(stable)].filter((text) => text !== "");
  // A part of white space alone is refused.
  const texts = parts.every((text) => text.trim() !== "") ? parts : [user];
  const shared = texts[0] === user ? stable >= user.trimEnd().length : texts.length > 1;
  const content = texts.map((text, at) => ({
    type: "text" as const,
    text,
    ...(shared && at === 0 && { providerOptions: mark }),
  }));
  return {
    messages: [{ role: "user" as const, content }],
    ...(system !== "" && { system: { role: "system" as const, content: system, providerOptions: mark } }),
  };
}

interface Heard {
  text: string;
  size: number;
  model: string;
}

function take(call: StreamedCall, heard: Heard, part: { readonly type: string; readonly text: string }): void {
  call.watch.started();
  heard.size += part.text.length;
  if (part.type === "text-delta") heard.text += part.text;
  if (heard.size > call.replyBytes) {
    call.watch.giveUp(replyTooLarge(call.replyBytes));
    call.watch.signal.throwIfAborted();
  }
  call.onTokens?.(call.request.task, Math.ceil(heard.size / 4));
}

interface Finish {
  readonly finishReason: string;
  readonly rawFinishReason: string | undefined;
  readonly totalUsage: {
    readonly inputTokens: number | undefined;
    readonly outputTokens: number | undefined;
    readonly inputTokenDetails: { readonly cacheReadTokens: number | undefined };
  };
}

/** Undefined when the server never said that it was finished: an early end looks just like a good one otherwise. */
function finished({ request, counts }: StreamedCall, heard: Heard, part: Finish): ModelReply | undefined {
  const { inputTokens, outputTokens, inputTokenDetails } = part.totalUsage;
  const saidSo = part.rawFinishReason !== undefined || part.finishReason !== "other";
  if (!saidSo && (counts === "from-start" || inputTokens === undefined)) return undefined;
  const text = withoutThinking(heard.text);
  const estimate = estimatedUsage(request, text);
  const counted = Boolean(inputTokens) && outputTokens !== undefined;
  const cached = inputTokenDetails.cacheReadTokens ?? 0;
  const usage = counted ? { input: inputTokens ?? 0, output: outputTokens ?? 0, cached, counted } : estimate;
  const finish = part.finishReason === "stop" || part.finishReason === "length" ? part.finishReason : "other";
  return { text, model: heard.model, usage, finish };
}

/** Local servers often leave a model's thoughts at the head of its reply. */
function withoutThinking(text: string): string {
  return text.replace(/^\s*<think>[\s\S]*?<\/think>\s*/, "");
}

/** Sets the reply's schema without the SDK's parsing of every partial reply, whose cost grows with the square of its length. */
function keepingTo(schema: unknown): LanguageModelMiddleware {
  const responseFormat = { type: "json" as const, name: "reply", schema: schema as object };
  return { specificationVersion: "v3", transformParams: async ({ params }) => ({ ...params, responseFormat }) };
}
