import { basename } from "node:path";
import { anthropic } from "../adapters/models/anthropic/anthropic.ts";
import type { Backend } from "../adapters/models/backend.ts";
import { google } from "../adapters/models/google/google.ts";
import { type EmbeddedModels, llamaCpp } from "../adapters/models/llama-cpp/llama-cpp.ts";
import { embeddedPlaces } from "../adapters/models/llama-cpp/places.ts";
import { mailbox, type Waiting } from "../adapters/models/mailbox/mailbox.ts";
import { type OllamaServer, openOllama } from "../adapters/models/ollama/open-ollama.ts";
import { openAi } from "../adapters/models/openai/openai.ts";
import { openAiCompatible } from "../adapters/models/openai-compatible/openai-compatible.ts";
import { type ServerAccess, serverAccess } from "../adapters/models/server-access.ts";
import type { ServerBackend } from "../adapters/models/server-backend.ts";
import { serverContext } from "../adapters/models/server-context.ts";
import { type Crowd, crowd, inTurn, serverTurns, slotsOf, type Turns } from "../adapters/models/turns.ts";
import { type BackendOf, backendOf } from "../domain/known-backends.ts";
import type { Server } from "../domain/model-config.ts";
import { knownContext } from "../domain/model-contexts.ts";
import { reachOf } from "../domain/network.ts";
import { StepFailure } from "../domain/step-failure.ts";
import type { ModelWorld } from "./model-world.ts";
import { openAgent } from "./open-agent.ts";

/** What the models of one run share: the servers they are behind, and their turns there. */
export interface Backends {
  /** The backend of a name in the config. @throws StepFailure `environment` when the name leads nowhere or the key is missing. */
  open(name: string): Backend;
  /** Tokens that a model takes and gives in one call, as the config, its server or the table says. */
  contextOf(name: string): Promise<number | undefined>;
  readonly crowd: Crowd;
}

type Of<Kind extends BackendOf["kind"]> = Extract<BackendOf, { kind: Kind }>;

interface House {
  readonly options: ModelWorld;
  readonly crowd: Crowd;
  turns(name: string, server: Server): Turns;
  ollama(name: string, server: Server): OllamaServer;
  embedded(): EmbeddedModels;
}

/** How each kind of backend is opened. */
const OPEN: { readonly [Kind in BackendOf["kind"]]: (to: Of<Kind>, house: House) => Backend } = {
  "built-in": openBuiltIn,
  server: openServer,
  agent: openAgentOf,
  embedded: ({ model }, { embedded }) => embedded().backend(model),
  nothing: ({ problem }) => leadsNowhere(problem),
};

/** How each kind of server is asked; Ollama has a house of its own. */
const SPEAK: Readonly<Record<Exclude<Server["kind"], "ollama">, (to: ServerBackend) => Backend>> = {
  anthropic,
  google,
  openai: openAi,
  "openai-compatible": openAiCompatible,
};

/** Opens backends by name, each server once. Nothing is sent before the first question. */
export function openBackends(options: ModelWorld): Backends {
  const { config, clock } = options;
  const all = crowd();
  const turns = kept((_name, server: Server) => {
    return serverTurns({ slots: slotsOf(server), order: "arrival", crowd: all, clock });
  });
  const ollama = kept((name, server: Server) => {
    const { replyKilobytes } = config.limits;
    const { contexts } = config;
    const access = accessOf(name, server, options);
    return openOllama({ access, server, clock, crowd: all, replyKilobytes, contexts, ...told(options) });
  });
  const house: House = { options, crowd: all, turns, ollama, embedded: embeddedOf(options) };
  const others = othersOf(options);
  return {
    crowd: all,
    open(name) {
      const to = backendOf(config, name, others);
      return (OPEN[to.kind] as (to: BackendOf, house: House) => Backend)(to, house);
    },
    contextOf: async (name) => {
      const set = config.contexts[name];
      if (set !== undefined) return set;
      const to = backendOf(config, name, others);
      const said = to.kind === "server" ? await contextSaid(to, house) : undefined;
      return said ?? knownContext(name, config.aliases);
    },
  };
}

/** Backends of this process: those that a caller gave, and the mailbox. */
export function othersOf({ backends }: Pick<ModelWorld, "backends">): readonly string[] {
  return ["mailbox", ...Object.keys(backends ?? {})];
}

function kept<Thing>(make: (name: string, server: Server) => Thing): (name: string, server: Server) => Thing {
  const there = new Map<string, Thing>();
  return (name, server) => {
    const thing = there.get(name) ?? make(name, server);
    there.set(name, thing);
    return thing;
  };
}

function told({ onTokens, onNotice, onLoads }: ModelWorld) {
  return { ...(onTokens && { onTokens }), ...(onNotice && { onNotice }), ...(onLoads && { onLoads }) };
}

function accessOf(name: string, server: Server, { config, env }: ModelWorld): ServerAccess {
  const access = serverAccess(name, server, env);
  return config.network === "open" ? access : { ...access, reach: (asked) => reachOf(config, asked) };
}

async function contextSaid({ name, server, model }: Of<"server">, house: House): Promise<number | undefined> {
  try {
    if (server.kind === "ollama") return await house.ollama(name, server).contextOf(model);
    return await serverContext(accessOf(name, server, house.options), model);
  } catch {
    return undefined;
  }
}

function openServer({ name, server, model }: Of<"server">, house: House): Backend {
  if (server.kind === "ollama") return house.ollama(name, server).backend(model);
  const { config, clock, onTokens } = house.options;
  const { replyKilobytes } = config.limits;
  const access = accessOf(name, server, house.options);
  const backend = SPEAK[server.kind]({ access, model, clock, replyKilobytes, ...(onTokens && { onTokens }) });
  return inTurn(backend, house.turns(name, server), model);
}

function openAgentOf({ name, agent, model }: Of<"agent">, { options }: House): Backend {
  if (options.agents === undefined) return leadsNowhere(`${name} works in a run only`);
  return openAgent(model === undefined ? name : `${name}/${model}`, agent, model, options.agents);
}

function openBuiltIn({ name, model }: Of<"built-in">, { options }: House): Backend {
  const given = options.backends?.[name];
  if (given !== undefined) return given;
  if (name !== "mailbox") return leadsNowhere(`nothing answers as ${name} in this run`);
  const { mailboxDir: dir, clock, onWaiting } = options;
  const { replyKilobytes } = options.config.limits;
  const tell = onWaiting && { onWaiting: (waiting: Waiting) => onWaiting(waitingMessage(waiting), waiting) };
  return mailbox({ dir, model: model ?? "mailbox", clock, replyKilobytes, ...tell });
}

function waitingMessage({ task, role, attempt, request, reply }: Waiting): string {
  return `waits for the ${role}'s reply (${task}, ${attempt}): answer ${request} in a file beside it, ${basename(reply)}`;
}

function leadsNowhere(problem: string): never {
  const hint = "Correct `models`, `servers` or `agents` in millwright.yaml.";
  throw new StepFailure(problem, { code: "environment", remedy: "ask", hint });
}

/** The embedded models of a run share one house, so that two that do not fit into the memory take turns. */
function embeddedOf({ root, env, config, onTokens }: ModelWorld): () => EmbeddedModels {
  let opened: EmbeddedModels | undefined;
  return () => {
    const { replyKilobytes } = config.limits;
    const place = { root: root ?? process.cwd(), places: embeddedPlaces(env), replyKilobytes };
    opened ??= llamaCpp({ ...place, ...(onTokens && { onTokens }) });
    return opened;
  };
}
