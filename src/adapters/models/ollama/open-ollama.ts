import type { ModelReply, ModelRequest } from "../../../domain/model-call.ts";
import type { Server } from "../../../domain/model-config.ts";
import { StepFailure } from "../../../domain/step-failure.ts";
import type { Clock } from "../../../engine/ports.ts";
import type { Backend } from "../backend.ts";
import { cancelled } from "../call-watch.ts";
import type { ServerAccess } from "../server-access.ts";
import { type Crowd, inTurn, isLoopback, serverTurns, slotsOf } from "../turns.ts";
import { contextFor, promptSize, promptTooLarge, wasCut } from "./context-size.ts";
import type { House } from "./house.ts";
import { keepAliveOf } from "./keep-alive.ts";
import { machineMemory } from "./machine-memory.ts";
import { ollamaApi } from "./ollama-api.ts";
import { type Manner, ollamaChat } from "./ollama-chat.ts";
import { residence } from "./residence.ts";

export interface OpenOllama {
  readonly access: ServerAccess;
  /** As the config has it. */
  readonly server: Server;
  readonly clock: Clock;
  /** Of the run, so that the server swaps models when all tasks wait for another one. */
  readonly crowd: Crowd;
  /** Longest reply, thoughts included. */
  readonly replyKilobytes: number;
  /** Longest silence in the middle of a reply. Default: 60. */
  readonly silenceSeconds?: number;
  /** Most tokens of a model, by `<server>/<model>`, where a person set one. */
  readonly contexts?: Readonly<Record<string, number>>;
  readonly onTokens?: (task: string, outputTokens: number) => void;
  /** Tells a person what they should know of the server; each message once. */
  readonly onNotice?: (message: string) => void;
  /** Called after each question that loaded a model, with what the server has loaded so far, in a sentence. */
  readonly onLoads?: (server: string, message: string) => void;
  /** Whether the server's machine has a GPU. Default: measured when it is this machine, else false. */
  readonly hasGpu?: () => Promise<boolean>;
  /** How long unloading may take until `/api/ps` agrees. Default: 120. */
  readonly roomSeconds?: number;
  /** How long a restarted server may take to answer. Default: 60. */
  readonly restartSeconds?: number;
}

/** One Ollama server of a run: its models share one memory. */
export interface OllamaServer {
  /** A model of the server, asked in its turn. */
  backend(model: string): Backend;
  /** Tokens that a model takes and gives in one call; undefined when neither server nor config says. */
  contextOf(model: string): Promise<number | undefined>;
  /** How often this run has loaded each model, most first. */
  loads(): readonly { readonly model: string; readonly loads: number }[];
  /** The same in a sentence; undefined when nothing was loaded. */
  loadsMessage(): string | undefined;
}

/** Opens a server of the config; nothing is sent before the first question. */
export function openOllama(options: OpenOllama): OllamaServer {
  const { access, server, clock, crowd } = options;
  const order = server.mode === "exclusive" ? "fewest-swaps" : "arrival";
  const turns = serverTurns({ slots: slotsOf(server), order, crowd, clock });
  let asked: ModelRequest | undefined;
  const house = houseOf(options, () => asked);
  const home = residence(house);
  const lengths = new Map<string, Promise<number | undefined>>();
  let inOrder: Promise<unknown> = Promise.resolve();

  const contextOf = async (model: string) => {
    const asked = lengths.get(model) ?? lengthOf(house, model);
    lengths.set(model, asked);
    const length = await asked;
    if (length === undefined) lengths.delete(model);
    const set = options.contexts?.[`${access.name}/${model}`];
    return set === undefined || length === undefined ? (set ?? length) : Math.min(set, length);
  };

  /** One at a time: two questions must not load two models at once. */
  const prepare = async (model: string, request: ModelRequest, signal: AbortSignal) => {
    asked = request;
    const most = await contextOf(model);
    const size = promptSize(request);
    const context = contextFor(size, most, model);
    const keepAlive = keepAliveOf(server, request.role);
    const mine = inOrder.then(async () => {
      signal.throwIfAborted();
      const before = loadsMessage();
      try {
        return await home.prepare({ model, context, most, prompt: size.usual, keepAlive }, signal);
      } finally {
        const after = loadsMessage();
        if (after !== undefined && after !== before) options.onLoads?.(access.name, after);
      }
    });
    inOrder = mine.catch(() => undefined);
    return { context: await unlessAborted(mine, signal), keepAlive };
  };

  const loads = () => {
    const counted = [...home.loads()].map(([model, count]) => ({ model, loads: count }));
    return counted.sort((a, b) => b.loads - a.loads || (a.model < b.model ? -1 : 1));
  };
  const loadsMessage = () => {
    const all = loads();
    if (all.length === 0) return undefined;
    const sum = all.reduce((total, one) => total + one.loads, 0);
    const each = all.map((one) => `${one.model} ${one.loads}`).join(", ");
    return `${access.name} loaded models ${sum} ${sum === 1 ? "time" : "times"} (${each})`;
  };
  return {
    backend: (model) => inTurn(readWhole(options, model, prepare), turns, model),
    contextOf,
    loads,
    loadsMessage,
  };
}

function houseOf(options: OpenOllama, asked: () => ModelRequest | undefined): House {
  const { access, server, clock, onNotice } = options;
  const told = new Set<string>();
  let measured: Promise<boolean> | undefined;
  const measure = async () => isLoopback(access.url) && (await machineMemory()).gpus.length > 0;
  return {
    access,
    server,
    clock,
    api: ollamaApi(access, asked),
    notice(message) {
      if (!told.has(message)) onNotice?.(message);
      told.add(message);
    },
    hasGpu: () => {
      measured ??= (options.hasGpu ?? measure)();
      return measured;
    },
    roomSeconds: options.roomSeconds ?? 120,
    restartSeconds: options.restartSeconds ?? 60,
  };
}

async function lengthOf(house: House, model: string): Promise<number | undefined> {
  try {
    return await house.api.contextOf(model, AbortSignal.timeout(5000));
  } catch {
    return undefined;
  }
}

type Prepare = (model: string, request: ModelRequest, signal: AbortSignal) => Promise<Manner>;

/** A model that is put into memory before it is asked, and whose reply counts only if it read the whole prompt. */
function readWhole(options: OpenOllama, model: string, prepare: Prepare): Backend {
  const { access, clock, replyKilobytes, onTokens } = options;
  const silenceSeconds = options.silenceSeconds ?? 60;
  const chat = ollamaChat({ access, model, clock, replyKilobytes, silenceSeconds, ...(onTokens && { onTokens }) });
  const prepared = async (request: ModelRequest, signal: AbortSignal | undefined) => {
    const loading = AbortSignal.timeout(request.seconds * 1000);
    try {
      return await prepare(model, request, signal === undefined ? loading : AbortSignal.any([signal, loading]));
    } catch (error) {
      if (signal?.aborted) throw cancelled();
      throw loading.aborted ? neverLoaded(access, model, request.seconds) : error;
    }
  };
  return {
    async ask(request, signal) {
      const manner = await prepared(request, signal);
      const reply = await chat(request, manner, signal).catch((error: unknown) => {
        throw saidTooLarge(error);
      });
      refuseCut(access, model, { request, reply });
      return reply;
    },
  };
}

function refuseCut(
  access: ServerAccess,
  model: string,
  { request, reply }: { readonly request: ModelRequest; readonly reply: ModelReply },
): void {
  const { usage } = reply;
  const size = promptSize(request);
  if (!usage.counted || !wasCut(size, usage.input)) return;
  throw promptTooLarge(
    `\`${access.name}/${model}\` read ${usage.input} tokens of a prompt that has ${size.low} at the very least: the server cut it without a word`,
  );
}

/** Newer servers refuse what does not fit instead of cutting it, since they are asked to. */
function saidTooLarge(failure: unknown): unknown {
  if (!(failure instanceof StepFailure)) return failure;
  const says = /context (length|window|size)|input length|prompt (is )?too long/i.test(failure.message);
  return failure.code === "model-rejected" && says ? promptTooLarge(failure.message) : failure;
}

function neverLoaded(access: ServerAccess, model: string, seconds: number): StepFailure {
  return new StepFailure(`\`${access.name}/${model}\` was not loaded within ${seconds} s`, {
    code: "model-timeout",
    remedy: "retry",
    hint: "Raise limits.modelSeconds in millwright.yaml, or use a smaller model; the server's log says what it does.",
  });
}

function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
