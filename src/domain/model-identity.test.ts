import { expect, test } from "vitest";
import { identityOf, mayBeOneModel } from "./model-identity.ts";

test.each([
  ["two servers", "ollama/qwen2.5-coder:14b", "lmstudio/qwen2.5-coder-14b"],
  ["`:latest` and its absence", "ollama/devstral", "ollama/devstral:latest"],
  ["a quantisation in the tag", "ollama/qwen2.5-coder:14b", "ollama/qwen2.5-coder:14b-instruct-q4_K_M"],
  [
    "an organisation and a file format",
    "vllm/Qwen/Qwen2.5-Coder-14B-Instruct-AWQ",
    "llama.cpp/qwen2.5-coder-14b-instruct-q8_0.gguf",
  ],
  ["a proxy", "openrouter/anthropic/claude-sonnet-4", "anthropic/claude-sonnet-4-20250514"],
  ["a dated snapshot", "openai/gpt-4o", "openai/gpt-4o-2024-08-06"],
  ["a mailbox that declares who answers", "mailbox/claude-sonnet-4", "anthropic/claude-sonnet-4"],
  [
    "OpenRouter's way of writing a version",
    "openrouter/anthropic/claude-opus-4.5",
    "anthropic/claude-opus-4-5-20251101",
  ],
  ["an agent's short name", "claude-code/sonnet", "agent/sonnet"],
  ["an agent's long context", "claude-code/claude-opus-5-5[1m]", "anthropic/claude-opus-5-5"],
  ["undeclared mailboxes", "mailbox", "mailbox"],
])("%s: one model", (_why, one, other) => {
  expect(identityOf(one).identity).toBe(identityOf(other).identity);
  expect(identityOf(one).vendor).toBe(identityOf(other).vendor);
});

test.each([
  ["sizes", "ollama/qwen2.5-coder:14b", "ollama/qwen2.5-coder:7b"],
  ["generations", "ollama/llama3.1:70b", "ollama/llama3.3:70b"],
  ["versions after a family's name", "anthropic/claude-opus-4-5", "anthropic/claude-opus-5-5"],
  ["a small sister", "openai/gpt-4o", "openai/gpt-4o-mini"],
  ["mailboxes that declare different models", "mailbox/a", "mailbox/b"],
  ["a mailbox that declares and one that does not", "mailbox/a", "mailbox"],
])("%s: two models", (_why, one, other) => {
  expect(identityOf(one).identity).not.toBe(identityOf(other).identity);
});

test.each([
  ["x/claude-opus-4", "anthropic"],
  ["x/gpt-5.1-codex", "openai"],
  ["x/o3-mini", "openai"],
  ["x/gemini-3-pro", "google"],
  ["x/gemma3:27b", "google"],
  ["x/qwen3-coder:30b", "alibaba"],
  ["x/QwQ-32B", "alibaba"],
  ["x/Meta-Llama-3.1-8B", "meta"],
  ["x/devstral:24b", "mistral"],
  ["x/codestral-2501", "mistral"],
  ["x/deepseek-r1-distill-llama-70b", "deepseek"],
  ["openrouter/mistralai/something-new", "mistral"],
  ["x/olmo2", "allen-ai"],
  ["x/o1abc", "unknown"],
  ["mailbox", "unknown"],
  ["mailbox/alice", "unknown"],
])("%s comes from %s", (name, vendor) => {
  expect(identityOf(name)).toMatchObject({ name, vendor });
});

test("an alias is the model that it stands for, through as many as there are; a circle ends", () => {
  const aliases = {
    "proxy/fast": "proxy/sonnet-5",
    "proxy/sonnet-5": "anthropic/claude-sonnet-5",
    "a/b": "c/d",
    "c/d": "a/b",
  };
  expect(identityOf("proxy/fast", aliases)).toEqual({
    name: "proxy/fast",
    identity: "claude-sonnet-5",
    vendor: "anthropic",
  });
  expect(identityOf("a/b", aliases).name).toBe("a/b");
});

test.each([
  ["claude-code/opus", "anthropic/claude-opus-5-5", true],
  ["claude-code/opus", "claude-code/sonnet", false],
  ["claude-code/opus", "anthropic/claude-sonnet-5-5", false],
  ["claude-code", "openrouter/anthropic/claude-haiku-4.5", true],
  ["codex", "openai/gpt-5.5", true],
  ["codex", "claude-code", false],
  ["gemini", "google/gemini-2.5-pro", true],
  ["gemini", "ollama/gemma3:27b", false],
])("%s and %s may be one model: %s", (one, other, expected) => {
  expect(mayBeOneModel(identityOf(one), identityOf(other))).toBe(expected);
  expect(mayBeOneModel(identityOf(other), identityOf(one))).toBe(expected);
});
