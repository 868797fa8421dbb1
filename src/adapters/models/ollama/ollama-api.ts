import { z } from "zod";
import type { ServerAccess } from "../server-access.ts";

/** A model in the memory of an Ollama server. */
export interface LoadedModel {
  readonly name: string;
  readonly bytes: number;
  /** How much of it lies in GPU memory. */
  readonly gpuBytes: number;
  /** Tokens; older servers do not say. */
  readonly context: number | undefined;
  /** When it is unloaded if nobody asks it, as the server writes it. */
  readonly expires: string | undefined;
}

/** How a model is loaded. */
export interface LoadOptions {
  readonly context: number;
  readonly keepAlive: string;
}

/** What of Ollama's API is no question to a model. Every call ends when its signal aborts. */
export interface OllamaApi {
  /** @throws OllamaRefusal, or what `fetch` throws */
  version(signal: AbortSignal): Promise<string>;
  /** @throws OllamaRefusal when the server cannot say, or what `fetch` throws */
  loaded(signal: AbortSignal): Promise<readonly LoadedModel[]>;
  /** The longest context that the model was made for; undefined when the server does not say. */
  contextOf(model: string, signal: AbortSignal): Promise<number | undefined>;
  /** Resolves when the model is in memory. @throws OllamaRefusal, or what `fetch` throws */
  load(model: string, options: LoadOptions, signal: AbortSignal): Promise<void>;
  /** Asks for the model to be unloaded; it goes when the request that it answers is done. */
  unload(model: string, signal: AbortSignal): Promise<void>;
}

/** The server answered, and not with what was asked for. */
export class OllamaRefusal extends Error {
  override readonly name = "OllamaRefusal";
}

const Running = z.looseObject({
  models: z.array(
    z.looseObject({
      name: z.string(),
      size: z.number().nonnegative(),
      size_vram: z.number().nonnegative().default(0),
      context_length: z.number().positive().optional().catch(undefined),
      expires_at: z.string().optional().catch(undefined),
    }),
  ),
});
const Shown = z.looseObject({ model_info: z.record(z.string(), z.unknown()).default({}) });
const Version = z.looseObject({ version: z.string() });

/** Talks to an Ollama server; `headers` say for whom, at every request. */
export function ollamaApi(access: ServerAccess, headers: () => Readonly<Record<string, string>>): OllamaApi {
  const call = async <Value>(path: string, shape: z.ZodType<Value>, how: Call): Promise<Value> => {
    const { fetch, dispatcher } = await plumbing();
    const response = await fetch(access.url + path, {
      method: how.body === undefined ? "GET" : "POST",
      headers: { "content-type": "application/json", ...access.headers, ...headers() },
      ...(how.body !== undefined && { body: JSON.stringify(how.body) }),
      signal: how.signal,
      dispatcher,
    });
    const text = await response.text();
    if (!response.ok) throw new OllamaRefusal(`${path} answered ${response.status}: ${text.slice(0, 300)}`);
    const read = shape.safeParse(jsonOf(text));
    if (!read.success) throw new OllamaRefusal(`${path} answered what cannot be read: ${text.slice(0, 100)}`);
    return read.data;
  };
  return {
    version: async (signal) => (await call("/api/version", Version, { signal })).version,
    async loaded(signal) {
      const { models } = await call("/api/ps", Running, { signal });
      return models.map(({ name, size, size_vram, context_length, expires_at }) => {
        return { name, bytes: size, gpuBytes: size_vram, context: context_length, expires: expires_at };
      });
    },
    async contextOf(model, signal) {
      const { model_info } = await call("/api/show", Shown, { signal, body: { model, name: model } });
      const found = model_info[`${String(model_info["general.architecture"])}.context_length`];
      return typeof found === "number" && found > 0 ? found : undefined;
    },
    async load(model, { context, keepAlive }, signal) {
      const options = { num_ctx: context };
      const body = { model, stream: false, keep_alive: wireKeepAlive(keepAlive), options };
      await call("/api/generate", z.unknown(), { signal, body });
    },
    async unload(model, signal) {
      await call("/api/generate", z.unknown(), { signal, body: { model, stream: false, keep_alive: 0 } });
    },
  };
}

interface Call {
  readonly signal: AbortSignal;
  readonly body?: object;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Node's own fetch gives up after 300 s without headers, and a large model on a slow disk takes longer to load. */
async function openPlumbing() {
  const { Agent, fetch } = await import("undici");
  return { fetch, dispatcher: new Agent({ headersTimeout: 0, bodyTimeout: 0 }) };
}
let opened: ReturnType<typeof openPlumbing> | undefined;
function plumbing(): ReturnType<typeof openPlumbing> {
  opened ??= openPlumbing();
  return opened;
}

/** Ollama reads a text as a duration with a unit, and refuses a bare number in quotes. */
export function wireKeepAlive(keepAlive: string): string | number {
  return /^-?\d+$/.test(keepAlive) ? Number(keepAlive) : keepAlive;
}

/** True when two names mean one model; `:latest` may be left out. */
export function sameModel(one: string, other: string): boolean {
  const whole = (name: string) => (/:[^/]*$/.test(name) ? name : `${name}:latest`);
  return whole(one) === whole(other);
}
