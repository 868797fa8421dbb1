import type { ModelReply, ModelRequest } from "../../../domain/model-call.ts";
import type { Clock } from "../../../engine/ports.ts";
import { runHeaders } from "../run-headers.ts";
import { reachOfAccess, type ServerAccess } from "../server-access.ts";
import { serverCalls } from "../server-call.ts";
import { streamedReply } from "../streamed-reply.ts";
import { watchedFetch } from "../watched-fetch.ts";
import { wireKeepAlive } from "./ollama-api.ts";

export interface OllamaModel {
  readonly access: ServerAccess;
  /** With its tag, e.g. `qwen2.5-coder:14b`. */
  readonly model: string;
  readonly clock: Clock;
  /** Longest reply, thoughts included. */
  readonly replyKilobytes: number;
  /** Longest silence in the middle of a reply. */
  readonly silenceSeconds: number;
  readonly onTokens?: (task: string, outputTokens: number) => void;
}

/** How one question is asked. */
export interface Manner {
  /** Tokens that the model takes and gives; another number than it was loaded with reloads it. */
  readonly context: number;
  /** How long the model stays loaded after its reply, e.g. `24h`, `0`. */
  readonly keepAlive: string;
}

/** Asks a model through Ollama's own API, which unlike its OpenAI one lets the context be set. @throws StepFailure model-*, cancelled */
export type OllamaChat = (
  request: ModelRequest,
  manner: Manner,
  signal: AbortSignal | undefined,
) => Promise<ModelReply>;

export function ollamaChat(options: OllamaModel): OllamaChat {
  const { access, model, clock, silenceSeconds, onTokens } = options;
  const replyBytes = options.replyKilobytes * 1024;
  const manners = new WeakMap<ModelRequest, Manner>();
  const ask = serverCalls({ access, model, clock, silenceSeconds }, async (request, form, watch) => {
    const { createOllama } = await import("ollama-ai-provider-v2");
    const manner = manners.get(request);
    const provider = createOllama({
      baseURL: `${access.url}/api`,
      fetch: await watchedFetch({
        watch,
        headers: { ...access.headers, ...runHeaders(request) },
        reach: reachOfAccess(access, request),
        expects: /ndjson|json/,
        hint: `Is ${access.url} an Ollama server? Correct servers.${access.name} in millwright.yaml.`,
        lineBytes: replyBytes + 65_536,
        checkLine,
        body: (body) => ({ ...body, ...beyondTheProvider(manner) }),
      }),
    });
    const temperature = request.temperature === undefined ? {} : { temperature: request.temperature };
    const most = request.answerTokens === undefined ? {} : { num_predict: request.answerTokens };
    const room = manner && { num_ctx: manner.context };
    const providerOptions = { ollama: { options: { ...temperature, ...most, ...room } } };
    return streamedReply({
      model: provider(model),
      request,
      watch,
      replyBytes,
      form,
      providerOptions,
      ...(onTokens && { onTokens }),
    });
  });
  return (request, manner, signal) => {
    manners.set(request, manner);
    return ask(request, signal);
  };
}

/**
 * What the provider leaves out of chats. Without `keep_alive` Ollama unloads the model after five minutes; without
 * `truncate` and `shift` it drops the beginning of a prompt or of a long talk and says nothing (older servers do it anyway).
 */
function beyondTheProvider(manner: Manner | undefined): object {
  const keepAlive = manner && { keep_alive: wireKeepAlive(manner.keepAlive) };
  return { ...keepAlive, truncate: false, shift: false };
}

/** The provider prints a line that it cannot read to the console and goes on as if nothing had been sent. */
function checkLine(line: string): void {
  const { error } = JSON.parse(line) as { error?: unknown };
  if (error !== undefined) throw Object.assign(new Error(String(error)), { code: 500 });
}
