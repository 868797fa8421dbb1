import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import type { ModelReply, ModelRequest } from "../../../domain/model-call.ts";
import { StepFailure } from "../../../domain/step-failure.ts";
import type { Backend } from "../backend.ts";
import { type CallWatch, cancelled, watchCall } from "../call-watch.ts";
import { replyTooLarge } from "../watched-fetch.ts";
import { outOfMemory } from "./engine-failure.ts";
import type { Answer } from "./engine-messages.ts";
import { findEngine, notInstalled } from "./engine-package.ts";
import { type Engine, startEngine } from "./engine-process.ts";
import { availableMemory, gigabytes } from "./machine.ts";
import { findModelFile, type ModelFile } from "./model-file.ts";
import type { EmbeddedPlaces } from "./places.ts";

export interface LlamaCpp {
  /** Paths of model files are relative to it. */
  readonly root: string;
  readonly places: EmbeddedPlaces;
  /** Longest reply. */
  readonly replyKilobytes: number;
  readonly onTokens?: (task: string, outputTokens: number) => void;
  /** Longest silence in the middle of a reply. Default: 60. */
  readonly silenceSeconds?: number;
  /** The program that holds a model, instead of the shipped one. */
  readonly worker?: string;
  /** Bytes of memory that can still be had. Default: what the system says. */
  readonly memory?: () => number;
}

/** Models that run on this machine, without a server: llama.cpp in processes of our own. */
export interface EmbeddedModels {
  /** `model` is what follows `llama.cpp/`: a file, or `hf:owner/repo:quant`. Nothing is loaded until it is asked. */
  backend(model: string): Backend;
  /** Ends every process. */
  close(): Promise<void>;
}

/** Beside the weights: the engine itself, and a context of some thousand tokens. */
const OVERHEAD = 300 * 1024 * 1024;
/** Room for a reply, in tokens. */
const REPLY_TOKENS = 8192;
const DEFAULT_TEMPERATURE = 0.2;

/** Opens the embedded models. Two that do not fit into the memory together take turns. */
export function llamaCpp(options: LlamaCpp): EmbeddedModels {
  const engines = new Map<string, Promise<Engine>>();
  const embedded: Embedded = { options, engines };
  return {
    backend: (model) => ({ ask: (request, signal) => ask(embedded, model, { request, signal }) }),
    async close() {
      const all = await Promise.allSettled(engines.values());
      engines.clear();
      await Promise.all(all.map((engine) => (engine.status === "fulfilled" ? engine.value.end() : undefined)));
    },
  };
}

interface Embedded {
  readonly options: LlamaCpp;
  /** By path of the model. */
  readonly engines: Map<string, Promise<Engine>>;
}

interface Call {
  readonly request: ModelRequest;
  readonly signal: AbortSignal | undefined;
}

async function ask(embedded: Embedded, model: string, { request, signal }: Call): Promise<ModelReply> {
  if (signal?.aborted) throw cancelled();
  const { options } = embedded;
  const silenceSeconds = options.silenceSeconds ?? 60;
  const watch = watchCall({ seconds: request.seconds, silenceSeconds, who: `model \`llama.cpp/${model}\`` }, signal);
  try {
    const file = await findModelFile(model, options.root, options.places);
    const engine = await engineFor(embedded, file, watch.signal);
    const answer = await engine.ask(questionOf(request), {
      signal: watch.signal,
      progress: hearingOf(embedded, request, watch),
    });
    return replyOf(answer, model, options);
  } finally {
    watch.end();
  }
}

function hearingOf({ options }: Embedded, request: ModelRequest, watch: CallWatch) {
  return (tokens: number) => {
    watch.started();
    watch.heard();
    options.onTokens?.(request.task, tokens);
  };
}

function questionOf(request: ModelRequest) {
  const { system, user, schema } = request;
  const temperature = request.temperature ?? DEFAULT_TEMPERATURE;
  const form = schema === undefined ? {} : { schema };
  return {
    system,
    user,
    ...form,
    temperature,
    seed: seedOf(request),
    room: Math.min(REPLY_TOKENS, request.answerTokens ?? REPLY_TOKENS),
  };
}

/** The same question of the same task has the same seed; the next attempt has another. */
function seedOf({ task, role, attempt }: ModelRequest): number {
  return createHash("sha256").update(`${task}\n${role}\n${attempt}`).digest().readUInt32LE() % 2 ** 31;
}

function replyOf(answer: Answer, model: string, options: LlamaCpp): ModelReply {
  if (answer.kind === "too-large") throw promptTooLarge(answer, model);
  const { text, input, output, cached, finish } = answer;
  const replyBytes = options.replyKilobytes * 1024;
  if (Buffer.byteLength(text) > replyBytes) throw replyTooLarge(replyBytes);
  return { text, model, usage: { input, output, cached: Math.min(cached, input), counted: true }, finish };
}

function promptTooLarge({ prompt, context }: { readonly prompt: number; readonly context: number }, model: string) {
  return new StepFailure(`the prompt has ${prompt} tokens, and llama.cpp/${model} takes ${context} with its reply`, {
    code: "prompt-too-large",
    remedy: "ask",
    hint: "Use a model with a longer context, or a smaller task.",
  });
}

/** The loaded model; loads it when it is not there, or not any more. */
async function engineFor(embedded: Embedded, file: ModelFile, signal: AbortSignal): Promise<Engine> {
  const there = await embedded.engines.get(file.path)?.catch(() => undefined);
  if (there?.alive) return there;
  const starting = begin(embedded, file, signal);
  embedded.engines.set(file.path, starting);
  return starting.catch((error: unknown) => {
    embedded.engines.delete(file.path);
    throw error;
  });
}

async function begin(embedded: Embedded, file: ModelFile, signal: AbortSignal): Promise<Engine> {
  const { options } = embedded;
  const found = findEngine(options.places);
  if (found === undefined && options.worker === undefined) throw notInstalled(options.places);
  await makeRoom(embedded, file);
  // With every core busy the threads of llama.cpp wait for one another: 1,000 times slower was measured.
  const threads = Math.max(1, availableParallelism() - 1);
  const { module = "", graphics = false } = found ?? {};
  return startEngine({ module, graphics, file: file.path, threads, worker: options.worker }, signal);
}

/** Ends models that nobody asks, when this one would not fit beside them. @throws StepFailure `environment` */
async function makeRoom({ options, engines }: Embedded, file: ModelFile): Promise<void> {
  const memory = options.memory ?? availableMemory;
  const needed = file.bytes + OVERHEAD;
  for (const [path, starting] of [...engines]) {
    if (memory() >= needed) return;
    if (path === file.path) continue;
    const engine = await starting.catch(() => undefined);
    if (engine === undefined || engine.asked > 0) continue;
    engines.delete(path);
    await engine.end();
  }
  if (memory() < needed) throw outOfMemory(`it needs ${gigabytes(needed)}, and ${gigabytes(memory())} can be had`);
}
