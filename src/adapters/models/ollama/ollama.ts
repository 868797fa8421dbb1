import type { ModelRequest } from "../../../domain/model-call.ts";
import type { Clock } from "../../../engine/ports.ts";
import type { Backend } from "../backend.ts";
import { runHeaders } from "../run-headers.ts";
import type { ServerAccess } from "../server-access.ts";
import { serverCalls } from "../server-call.ts";
import { streamedReply } from "../streamed-reply.ts";
import { watchedFetch } from "../watched-fetch.ts";

export interface OllamaBackend {
  readonly access: ServerAccess;
  /** With its tag, e.g. `qwen2.5-coder:14b`. */
  readonly model: string;
  readonly clock: Clock;
  /** Longest reply, thoughts included. */
  readonly replyKilobytes: number;
  /** Longest silence in the middle of a reply. Default: 60. */
  readonly silenceSeconds?: number;
  /** How long the model stays loaded after a reply. Default: `30m`. */
  readonly keepAlive?: string;
  readonly onTokens?: (task: string, outputTokens: number) => void;
}

/** A model behind Ollama's own API, which unlike its OpenAI one lets the context grow with the prompt. */
export function ollama(options: OllamaBackend): Backend {
  const { access, model, clock } = options;
  const replyBytes = options.replyKilobytes * 1024;
  const ask = serverCalls(
    { access, model, clock, silenceSeconds: options.silenceSeconds ?? 60 },
    async (request, form, watch) => {
      const { createOllama } = await import("ollama-ai-provider-v2");
      const provider = createOllama({
        baseURL: `${access.url}/api`,
        fetch: await watchedFetch({
          watch,
          headers: { ...access.headers, ...runHeaders(request) },
          expects: /ndjson|json/,
          hint: `Is ${access.url} an Ollama server? Correct servers.${access.name} in millwright.yaml.`,
          lineBytes: replyBytes + 65_536,
          checkLine,
          // The provider leaves keep_alive out of chats, and Ollama would unload the model after five minutes.
          body: (body) => ({ ...body, keep_alive: options.keepAlive ?? "30m" }),
        }),
      });
      const providerOptions = { ollama: { options: modelOptions(request) } };
      const { onTokens } = options;
      return streamedReply({
        model: provider(model),
        request,
        watch,
        replyBytes,
        form,
        providerOptions,
        ...(onTokens && { onTokens }),
      });
    },
  );
  return { ask };
}

/** The provider prints a line that it cannot read to the console and goes on as if nothing had been sent. */
function checkLine(line: string): void {
  const { error } = JSON.parse(line) as { error?: unknown };
  if (error !== undefined) throw Object.assign(new Error(String(error)), { code: 500 });
}

/** Room for the reply, in tokens. */
const REPLY_TOKENS = 4096;
const STEP = 4096;

/** Ollama cuts a prompt that is longer than `num_ctx` without a word, so it is counted high: three characters a token. */
function modelOptions(request: ModelRequest): { num_ctx: number; temperature?: number } {
  const prompt = Math.ceil((request.system.length + request.user.length) / 3);
  const context = Math.ceil((prompt + REPLY_TOKENS) / STEP) * STEP;
  return { num_ctx: context, ...(request.temperature === undefined ? {} : { temperature: request.temperature }) };
}
