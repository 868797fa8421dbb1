import type { Backend } from "../backend.ts";
import { type ServerBackend, serverBackend } from "../server-backend.ts";

/** A model behind any server that speaks OpenAI's chat completions: LM Studio, vLLM, llama.cpp, OpenRouter, OpenAI. */
export function openAiCompatible(options: ServerBackend): Backend {
  const { access, model } = options;
  return serverBackend(options, {
    address: "the address of an OpenAI-compatible API (it usually ends in /v1)",
    async open(fetch) {
      const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
      const settings = { name: access.name, baseURL: access.url, includeUsage: true, supportsStructuredOutputs: true };
      return { model: createOpenAICompatible({ ...settings, fetch })(model) };
    },
  });
}
