import type { Backend } from "../backend.ts";
import { type ServerBackend, serverBackend } from "../server-backend.ts";

/** Longest reply of the models that have no smaller limit of their own, in tokens, thoughts included. */
const REPLY_TOKENS = 32_000;
/** Generations whose limit is smaller, and known to the library. */
const SMALL = /claude-(3|instant|2)/;

/**
 * A model behind Anthropic's messages. The beginning of a prompt that the next one will share is marked for the prompt
 * cache, and so is its system part.
 */
export function anthropic(options: ServerBackend): Backend {
  const { access, model } = options;
  return serverBackend(options, {
    address: "the address of Anthropic's API (it ends in /v1)",
    async open(fetch) {
      const { createAnthropic } = await import("@ai-sdk/anthropic");
      const provider = createAnthropic({ name: access.name, baseURL: access.url, apiKey: "in the headers", fetch });
      return {
        model: provider(model),
        // A server that cannot hold a model to a schema says so with 400, and is then asked in plain text.
        providerOptions: { anthropic: { structuredOutputMode: "outputFormat" } },
        mark: { anthropic: { cacheControl: { type: "ephemeral" } } },
        counts: "from-start",
        ...(SMALL.test(model) ? {} : { mostOutputTokens: REPLY_TOKENS }),
      };
    },
  });
}
