import type { Server } from "../../domain/model-config.ts";

/** Begins to load what the first request will need, while the caller waits for git and other programs. */
export function warmUp(kinds: readonly Server["kind"][]): void {
  if (kinds.length === 0) return;
  const loading: Promise<unknown>[] = [import("ai"), import("undici")];
  if (kinds.includes("ollama")) loading.push(import("ollama-ai-provider-v2"));
  if (kinds.includes("openai-compatible")) loading.push(import("@ai-sdk/openai-compatible"));
  // A package that cannot be loaded is reported by the request that needs it.
  void Promise.allSettled(loading);
}
