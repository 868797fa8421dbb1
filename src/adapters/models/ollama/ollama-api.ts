import { z } from "zod";
import type { ModelRequest } from "../../../domain/model-call.ts";
import { StepFailure } from "../../../domain/step-failure.ts";
import { reachingFetch } from "../reaching-fetch.ts";
import { runHeaders } from "../run-headers.ts";
import { reachOfAccess, type ServerAccess } from "../server-access.ts";

const DOCTOR = { "x-millwright-run": "doctor" };

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
  /** The models that can be loaded, with their sizes on disk. @throws OllamaRefusal, or what `fetch` throws */
  installed(signal: AbortSignal): Promise<readonly { readonly name: string; readonly bytes: number }[]>;
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
  readonly path: string;

  constructor(path: string, said: string) {
    super(`${path} answered ${said}`);
    this.path = path;
  }
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
const Tags = z.looseObject({ models: z.array(z.looseObject({ name: z.string(), size: z.number().default(0) })) });
const Shown = z.looseObject({ model_info: z.record(z.string(), z.unknown()).default({}) });
const Version = z.looseObject({ version: z.string() });

/** Talks to an Ollama server, on behalf of the question that is `asked` just now, if there is one. */
export function ollamaApi(access: ServerAccess, asked: () => ModelRequest | undefined): OllamaApi {
  const call = async <Value>(path: string, shape: z.ZodType<Value>, how: Call): Promise<Value> => {
    const question = asked();
    const init = {
      method: how.body === undefined ? "GET" : "POST",
      headers: { "content-type": "application/json", ...access.headers, ...(question ? runHeaders(question) : DOCTOR) },
      ...(how.body !== undefined && { body: JSON.stringify(how.body) }),
      signal: how.signal,
    };
    const send = async () => {
      const response = await reachingFetch(access.url + path, init, reachOfAccess(access, question));
      return { response, text: await response.text() };
    };
    // The server may just have closed the connection that was kept open; each of these calls can be made twice.
    const { response, text } = await send().catch((error: unknown) => {
      if (how.signal.aborted || error instanceof StepFailure) throw error;
      return send();
    });
    if (!response.ok) throw new OllamaRefusal(path, `${response.status}: ${text.slice(0, 300)}`);
    const read = shape.safeParse(jsonOf(text));
    if (!read.success) throw new OllamaRefusal(path, `what cannot be read: ${text.slice(0, 100)}`);
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
    async installed(signal) {
      const { models } = await call("/api/tags", Tags, { signal });
      return models.map(({ name, size }) => ({ name, bytes: size }));
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

/** Ollama reads a text as a duration with a unit, and refuses a bare number in quotes. */
export function wireKeepAlive(keepAlive: string): string | number {
  return /^-?\d+$/.test(keepAlive) ? Number(keepAlive) : keepAlive;
}

/** True when two names mean one model; `:latest` may be left out. */
export function sameModel(one: string, other: string): boolean {
  const whole = (name: string) => (/:[^/]*$/.test(name) ? name : `${name}:latest`);
  return whole(one) === whole(other);
}
