import type { Clock } from "../../../engine/ports.ts";
import type { Backend } from "../backend.ts";
import { runHeaders } from "../run-headers.ts";
import type { ServerAccess } from "../server-access.ts";
import { serverCalls } from "../server-call.ts";
import { streamedReply } from "../streamed-reply.ts";
import { watchedFetch } from "../watched-fetch.ts";

export interface ServerBackend {
  readonly access: ServerAccess;
  /** As the server calls it. */
  readonly model: string;
  readonly clock: Clock;
  /** Longest reply, thoughts included. */
  readonly replyKilobytes: number;
  /** Longest silence in the middle of a reply. Default: 60. */
  readonly silenceSeconds?: number;
  readonly onTokens?: (task: string, outputTokens: number) => void;
}

/** A model behind any server that speaks OpenAI's chat completions: LM Studio, vLLM, llama.cpp, OpenRouter, OpenAI. */
export function openAiCompatible(options: ServerBackend): Backend {
  const { access, model, clock } = options;
  const replyBytes = options.replyKilobytes * 1024;
  const ask = serverCalls(
    { access, model, clock, silenceSeconds: options.silenceSeconds ?? 60 },
    async (request, form, watch) => {
      const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
      const provider = createOpenAICompatible({
        name: access.name,
        baseURL: access.url,
        includeUsage: true,
        supportsStructuredOutputs: true,
        fetch: await watchedFetch({
          watch,
          headers: { ...access.headers, ...runHeaders(request) },
          expects: /event-stream/,
          hint: `Is ${access.url} the address of an OpenAI-compatible API? It usually ends in /v1; correct servers.${access.name}.url in millwright.yaml.`,
          lineBytes: replyBytes + 65_536,
        }),
      });
      const { onTokens } = options;
      return streamedReply({ model: provider(model), request, watch, replyBytes, form, ...(onTokens && { onTokens }) });
    },
  );
  return { ask };
}
