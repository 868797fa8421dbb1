import { afterEach, expect, test } from "vitest";
import { type ModelServer, startModelServer } from "../../../test/kit/model-server.ts";
import { serverAccess } from "./server-access.ts";
import { serverContext } from "./server-context.ts";

let server: ModelServer | undefined;
afterEach(() => server?.close());

type Kind = "openai-compatible" | "anthropic" | "google" | "openai";

async function contextSaid(kind: Kind, paths: Readonly<Record<string, unknown>>, model = "m") {
  server = await startModelServer({ answer: () => "", paths });
  return serverContext(serverAccess("s", { kind, url: server.url, headers: {} }, {}), model);
}

const list = (entry: object) => ({
  data: [
    { id: "other", max_model_len: 1 },
    { id: "m", ...entry },
  ],
});

test.each<[string, Kind, Readonly<Record<string, unknown>>, number | undefined]>([
  ["vLLM", "openai-compatible", { "/v1/models": list({ max_model_len: 32_768 }) }, 32_768],
  [
    "OpenRouter, by the smaller one",
    "openai-compatible",
    { "/v1/models": list({ context_length: 200_000, top_provider: { context_length: 131_072 } }) },
    131_072,
  ],
  [
    "LM Studio, as loaded",
    "openai-compatible",
    { "/api/v0/models": list({ max_context_length: 131_072, loaded_context_length: 4096 }) },
    4096,
  ],
  ["LM Studio, not loaded", "openai-compatible", { "/api/v0/models": list({ max_context_length: 8192 }) }, 8192],
  ["llama-server", "openai-compatible", { "/props": { default_generation_settings: { n_ctx: 16_384 } } }, 16_384],
  ["Google", "google", { "/v1beta/models/m": { inputTokenLimit: 1_048_576 } }, 1_048_576],
  ["Anthropic", "anthropic", { "/v1/models/m": { max_input_tokens: 200_000 } }, 200_000],
  ["OpenAI, which does not say", "openai", {}, undefined],
  [
    "a server that says nonsense",
    "openai-compatible",
    { "/v1/models": list({ max_model_len: "many" }), "/props": [] },
    undefined,
  ],
  [
    "a server that has other models only",
    "openai-compatible",
    { "/v1/models": { data: [null, { id: "x" }] } },
    undefined,
  ],
])("%s", async (_who, kind, paths, tokens) => {
  expect(await contextSaid(kind, paths)).toBe(tokens);
});

test("a server that is not there says nothing, and throws nothing", async () => {
  const gone = await startModelServer({ answer: () => "" });
  await gone.close();
  const access = serverAccess("s", { kind: "openai-compatible", url: gone.url, headers: {} }, {});
  expect(await serverContext(access, "m")).toBeUndefined();
});
