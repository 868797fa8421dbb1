import type { Server } from "../../domain/model-config.ts";

const PACKAGES: Readonly<Record<Server["kind"], () => Promise<unknown>>> = {
  anthropic: () => import("@ai-sdk/anthropic"),
  google: () => import("@ai-sdk/google"),
  ollama: () => import("ollama-ai-provider-v2"),
  openai: () => import("@ai-sdk/openai"),
  "openai-compatible": () => import("@ai-sdk/openai-compatible"),
};

/** Begins to load what the first request will need, while the caller waits for git and other programs. */
export function warmUp(kinds: readonly Server["kind"][]): void {
  if (kinds.length === 0) return;
  const loading = [import("ai"), import("undici"), ...[...new Set(kinds)].map((kind) => PACKAGES[kind]())];
  // A package that cannot be loaded is reported by the request that needs it.
  void Promise.allSettled(loading);
}
