import { StepFailure } from "../../../domain/step-failure.ts";
import { failureOf } from "../call-failure.ts";
import { promptTooLarge } from "./context-size.ts";
import { type House, waitUntil } from "./house.ts";
import { findLoaded } from "./loaded-model.ts";
import { roomMaker } from "./make-room.ts";
import { type Reload, splitMender } from "./mend-split.ts";
import { type LoadedModel, OllamaRefusal, sameModel } from "./ollama-api.ts";

/** What a question needs of a model. */
export interface Wish {
  readonly model: string;
  /** Tokens that the model has to take and give. */
  readonly context: number;
  /** Never more than this; undefined when nobody knows. */
  readonly most: number | undefined;
  /** Tokens of the prompt, as they usually are. */
  readonly prompt: number;
  readonly keepAlive: string;
}

/** Keeps the memory of one Ollama server in order. */
export interface Residence {
  /**
   * Sees to it that the model is in memory, alone in exclusive mode and whole where that can be had; the context to ask it
   * with. What only hinders looking (no `/api/ps`, a server that is down) is left to the question itself to tell.
   * @throws StepFailure model-split, model-timeout, model-unreachable or prompt-too-large
   */
  prepare(wish: Wish, signal: AbortSignal): Promise<number>;
  /** How often this run has loaded each model. */
  loads(): ReadonlyMap<string, number>;
}

interface Kept {
  readonly name: string;
  /** What it was loaded with. */
  readonly context: number;
  /** What `/api/ps` said after that. */
  readonly seen: number | undefined;
}

export function residence(house: House): Residence {
  let seen: Seen = "never-seen";
  const memory = ledger();
  const rooms = roomMaker(house, { isOurs: (name) => memory.find(name) !== undefined, forget: memory.forget });
  const mender = splitMender(house);

  const settle = async (wish: Wish, signal: AbortSignal): Promise<number> => {
    const there = await house.api.loaded(signal);
    seen = "seen";
    const own = findLoaded(there, wish.model);
    const fit = own && fittingContext(own, memory.find(wish.model), wish);
    if (own !== undefined && fit?.kind === "as-loaded") {
      refuseShortContext(house, wish, own);
      return fit.context;
    }
    const context = fit?.context ?? Math.max(wish.context, memory.find(wish.model)?.context ?? 0);
    const reload = reloadOf(house, memory, { ...wish, context });
    if (fit === undefined && house.server.mode === "exclusive") await rooms.makeRoom(wish.model, there, signal);
    // Somebody else's load of the model is as good as ours, if it lies well.
    const found = fit === undefined ? await bring(house, reload, signal) : own;
    const loaded = found && (await mender.mend(found, reload, signal));
    refuseShortContext(house, wish, loaded);
    memory.keep({ name: wish.model, context, seen: loaded?.context });
    return context;
  };

  return {
    async prepare(wish, signal) {
      try {
        return await settle(wish, signal);
      } catch (error) {
        if (signal.aborted) throw error;
        const told = notToldByChat(error, house, seen);
        if (told !== undefined) throw told;
        return wish.context;
      }
    },
    loads: () => memory.loads,
  };
}

type Seen = "seen" | "never-seen";

interface Ledger {
  readonly loads: ReadonlyMap<string, number>;
  find(name: string): Kept | undefined;
  keep(kept: Kept): void;
  forget(name: string): void;
  count(name: string): void;
}

/** What this run has in memory, and how often it has loaded what. */
function ledger(): Ledger {
  let all: readonly Kept[] = [];
  const loads = new Map<string, number>();
  const forget = (name: string) => {
    all = all.filter((one) => !sameModel(one.name, name));
  };
  return {
    loads,
    find: (name) => all.find((one) => sameModel(one.name, name)),
    keep(kept) {
      forget(kept.name);
      all = [...all, kept];
    },
    forget,
    count: (name) => void loads.set(name, (loads.get(name) ?? 0) + 1),
  };
}

function reloadOf(house: House, memory: Ledger, { model, context, keepAlive }: Wish): Reload {
  const options = { context, keepAlive: whileAsked(keepAlive) };
  const load = async (signal: AbortSignal) => {
    await house.api.load(model, options, signal);
    memory.count(model);
  };
  return { model, options, load, forget: memory.forget };
}

/** True when the run cannot go on without knowing what is in memory. */
function mustKnow({ server }: House): boolean {
  return server.mode === "exclusive" || server.residency === "strict";
}

/** Loads the model; undefined when `/api/ps` does not show it afterwards. */
async function bring(house: House, { model, load }: Reload, signal: AbortSignal): Promise<LoadedModel | undefined> {
  await load(signal);
  const seconds = mustKnow(house) ? house.roomSeconds : 0;
  const isThere = (models: readonly LoadedModel[]) => findLoaded(models, model) !== undefined;
  const look = await waitUntil(house, seconds, signal, isThere);
  if (!look.so && mustKnow(house)) throw neverShown(house, model);
  return findLoaded(look.seen, model);
}

/** What to throw of an error; undefined when the question itself will tell it better. */
function notToldByChat(error: unknown, house: House, seen: Seen): unknown {
  if (error instanceof StepFailure) return error;
  if (error instanceof OllamaRefusal) {
    return mustKnow(house) && error.path === "/api/ps" ? cannotTell(house, error) : undefined;
  }
  const isOfTheNetwork = error instanceof TypeError && error.cause !== undefined;
  if (!isOfTheNetwork) return error;
  return mustKnow(house) ? failureOf(error, house.access, seen).failure : undefined;
}

type Fit = { readonly kind: "as-loaded" | "as-found"; readonly context: number };

/** The context that a loaded model can be asked with without being loaded anew; undefined when there is none. */
function fittingContext(own: LoadedModel, kept: Kept | undefined, wish: Wish): Fit | undefined {
  if (kept !== undefined && own.context === kept.seen) {
    return kept.context >= wish.context ? { kind: "as-loaded", context: kept.context } : undefined;
  }
  const { context } = own;
  if (context === undefined || context < wish.context || context > (wish.most ?? context)) return undefined;
  return { kind: "as-found", context };
}

/** A model that is to go at once after the reply must still be there when it is asked. */
function whileAsked(keepAlive: string): string {
  return /^0+[a-z]*$/.test(keepAlive) ? "5m" : keepAlive;
}

function refuseShortContext(house: House, wish: Wish, loaded: LoadedModel | undefined): void {
  if (loaded?.context === undefined || loaded.context >= wish.prompt) return;
  throw promptTooLarge(
    `the server \`${house.access.name}\` gives \`${wish.model}\` a context of ${loaded.context} tokens, whatever it is asked for; the prompt has about ${wish.prompt} and would be cut without a word`,
  );
}

function neverShown(house: House, model: string): StepFailure {
  return new StepFailure(
    `\`${model}\` was loaded, and ${house.roomSeconds} s later /api/ps of \`${house.access.name}\` does not list it`,
    {
      code: "model-timeout",
      remedy: "retry",
      hint: "See the server's log; a model that crashes when it is loaded, or a program that unloads it, often looks like this.",
    },
  );
}

function cannotTell(house: House, error: OllamaRefusal): StepFailure {
  const { mode } = house.server;
  const why = mode === "exclusive" ? "`mode: exclusive`" : "`residency: strict`";
  return new StepFailure(`the server \`${house.access.name}\` does not say what it has loaded: ${error.message}`, {
    code: "model-rejected",
    remedy: "ask",
    hint: `${why} under servers.${house.access.name} needs Ollama's /api/ps: update Ollama, or remove that line.`,
    cause: error,
  });
}
