import { expect, test } from "vitest";
import { Config } from "./config.ts";
import { knownContext } from "./model-contexts.ts";
import { priceOf, pricesOf } from "./prices.ts";

const config = Config.parse({
  servers: {
    near: { kind: "openai-compatible", url: "http://localhost:1/v1" },
    lan: { kind: "openai-compatible", url: "http://gpu.lan/v1" },
    far: { kind: "openai-compatible", url: "https://models.example/v1" },
  },
  agents: { mine: { kind: "claude-code" } },
  localHosts: ["gpu.lan"],
  aliases: { "far/best": "anthropic/claude-opus-5-5" },
  prices: { "openai/gpt-6-sol": { input: 1, output: 2 } },
});

test.each([
  ["anthropic/claude-opus-5-5", 4, 20, "table"],
  ["anthropic/claude-opus-4-5-20251101", 5, 25, "table"],
  ["anthropic/claude-opus-4-1", 15, 75, "table"],
  ["openrouter/anthropic/claude-sonnet-4.5", 3, 15, "table"],
  ["claude-code/opus", 4, 20, "table"],
  ["mine/haiku", 0.1, 0.5, "table"],
  ["far/best", 4, 20, "table"],
  ["openai/gpt-5-mini", 0.25, 2, "table"],
  ["openai/gpt-5.4-mini-2026-03-05", 0.75, 4.5, "table"],
  ["codex/gpt-5.3-codex", 1.75, 14, "table"],
  ["google/gemini-3.1-pro-preview", 2, 12, "table"],
  ["google/gemini-2.5-flash-lite", 0.1, 0.4, "table"],
  ["openai/gpt-6-sol", 1, 2, "config"],
  ["ollama/qwen3", 0, 0, "local"],
  ["near/gpt-5", 0, 0, "local"],
  ["lan/qwen", 0, 0, "local"],
  ["mailbox", 0, 0, "local"],
  ["llama.cpp/a.gguf", 0, 0, "local"],
])("%s costs %d and %d, by %s", (name, input, output, from) => {
  expect(priceOf(config, name)).toMatchObject({ kind: "known", price: { input, output }, from });
});

test.each([["far/qwen"], ["codex"], ["claude-code"], ["openai/gpt-7"], ["nowhere/x"]])(
  "nobody knows what %s costs",
  (name) => {
    expect(priceOf(config, name)).toEqual({ kind: "unknown" });
    expect(pricesOf(config, [name])).toEqual(config.prices);
  },
);

test.each([
  ["anthropic/claude-opus-5-5", 1_000_000],
  ["claude-code/haiku", 1_000_000],
  ["openrouter/anthropic/claude-sonnet-4.5", 200_000],
  ["openai/gpt-5-mini", 400_000],
  ["google/gemini-2.5-pro", 1_000_000],
  ["lmstudio/gpt-oss-20b", undefined],
  ["ollama/qwen3", undefined],
])("%s takes %s tokens, as far as the table knows", (name, tokens) => {
  expect(knownContext(name, {})).toBe(tokens);
});
