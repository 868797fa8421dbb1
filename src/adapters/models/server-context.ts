import { DEFAULT_LOOK, look } from "./look.ts";
import type { ServerAccess } from "./server-access.ts";

/**
 * Tokens that a model takes and gives in one call, as its server says: vLLM, OpenRouter, Anthropic and Google in their
 * lists of models, LM Studio and llama-server in ways of their own. Undefined when it does not say, or is not there;
 * never throws. (Ollama is asked elsewhere.)
 */
export async function serverContext(access: ServerAccess, model: string): Promise<number | undefined> {
  for (const source of SOURCES[access.kind]) {
    const found = await source(access, model);
    if (found !== undefined) return found;
  }
  return undefined;
}

type Source = (access: ServerAccess, model: string) => Promise<number | undefined>;

const SOURCES: Readonly<Record<ServerAccess["kind"], readonly Source[]>> = {
  "openai-compatible": [loadedContext, listedContext, servedContext],
  anthropic: [ownContext],
  google: [ownContext],
  openai: [],
  ollama: [],
};

/** LM Studio: what the model was loaded with, else what it could be loaded with. */
async function loadedContext(access: ServerAccess, model: string): Promise<number | undefined> {
  if (!access.url.startsWith("http:")) return undefined;
  const entry = entryOf(await look(access, "/api/v0/models", { from: "origin" }), model);
  return tokensIn(entry, ["loaded_context_length", "max_context_length"]);
}

async function listedContext(access: ServerAccess, model: string): Promise<number | undefined> {
  const entry = entryOf(await look(access, "/models", DEFAULT_LOOK), model);
  const provider = entry?.top_provider as Readonly<Record<string, unknown>> | undefined;
  const listed = tokensIn(entry, ["max_model_len", "context_length", "context_window"]);
  const served = tokensIn(provider, ["context_length"]);
  return listed === undefined || served === undefined ? (served ?? listed) : Math.min(served, listed);
}

/** llama-server serves one model, in slots. */
async function servedContext(access: ServerAccess): Promise<number | undefined> {
  if (!access.url.startsWith("http:")) return undefined;
  const props = await look(access, "/props", { from: "origin" });
  const settings = (props as { default_generation_settings?: unknown } | undefined)?.default_generation_settings;
  return tokensIn(settings as Readonly<Record<string, unknown>> | undefined, ["n_ctx"]);
}

async function ownContext(access: ServerAccess, model: string): Promise<number | undefined> {
  const own = await look(access, `/models/${encodeURIComponent(model)}`, DEFAULT_LOOK);
  return tokensIn(own as Readonly<Record<string, unknown>> | undefined, ["inputTokenLimit", "max_input_tokens"]);
}

function entryOf(body: unknown, model: string): Readonly<Record<string, unknown>> | undefined {
  const entries = (body as { data?: unknown } | undefined)?.data;
  if (!Array.isArray(entries)) return undefined;
  return entries.find((entry: { id?: unknown } | null) => entry?.id === model);
}

function tokensIn(entry: Readonly<Record<string, unknown>> | undefined, names: readonly string[]): number | undefined {
  const values = names.map((name) => entry?.[name]);
  return values.find((value): value is number => typeof value === "number" && Number.isInteger(value) && value > 0);
}
