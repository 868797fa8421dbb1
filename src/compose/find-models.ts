import { AGENT_CLIS } from "../adapters/models/agent/agent-clis.ts";
import { atLeast, findProgram } from "../adapters/models/agent/program.ts";
import { type Listing, listModels } from "../adapters/models/listed-models.ts";
import { type Residency, residencyOf } from "../adapters/models/ollama/residency-of.ts";
import { keyIn, type ServerAccess, serverAccess } from "../adapters/models/server-access.ts";
import type { Config } from "../domain/config.ts";
import { agentsOf, backendOf, namedModels, serversOf } from "../domain/known-backends.ts";
import type { Agent, Server } from "../domain/model-config.ts";
import { hostOf, isListed, isLoopback, reachOf } from "../domain/network.ts";
import { StepFailure } from "../domain/step-failure.ts";

/** A model server that was looked for. */
export interface FoundServer {
  readonly name: string;
  readonly server: Server;
  /** On this machine or a listed host. */
  readonly local: boolean;
  /** What it said; undefined when it was not asked: its key is missing, or nothing in the config needs it. */
  readonly listing: Listing | undefined;
  /** For Ollama: what lies in its memory. */
  readonly residency: Residency | undefined;
  /** Whether the variable that holds its key is set; undefined: it needs none. */
  readonly key: { readonly variable: string; readonly set: boolean } | undefined;
}

/** An agent program that was looked for on the PATH. */
export interface FoundAgent {
  readonly name: string;
  readonly agent: Agent;
  readonly program: string;
  /** `old`: older than what is known to work here. */
  readonly state: "installed" | "old" | "missing";
  readonly version: string | undefined;
  /** What installs or mends it. */
  readonly install: string;
}

/** What there is to ask on this machine. */
export interface FoundModels {
  readonly servers: readonly FoundServer[];
  readonly agents: readonly FoundAgent[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Looks for model servers, agent programs and keys. Local servers are asked, and others only when the config names them;
 * each for 3 s at most. Keys are seen by the names of their variables only.
 */
export async function findModels(config: Config, env: Environment): Promise<FoundModels> {
  const named = new Set(
    namedModels(config).flatMap(({ name }) => {
      const to = backendOf(config, name);
      return to.kind === "server" || to.kind === "agent" ? [to.name] : [];
    }),
  );
  const [servers, agents] = await Promise.all([
    Promise.all(Object.entries(serversOf(config)).map((entry) => findServer(entry, { config, env, named }))),
    Promise.all(Object.entries(agentsOf(config)).map(([name, agent]) => findAgent(name, agent, env))),
  ]);
  return { servers, agents };
}

interface Looking {
  readonly config: Config;
  readonly env: Environment;
  readonly named: ReadonlySet<string>;
}

async function findServer([name, server]: [string, Server], looking: Looking): Promise<FoundServer> {
  const { config, env, named } = looking;
  const host = hostOf(server.url);
  const local = host === "localhost" || isLoopback(host) || isListed(host, config.localHosts);
  const key =
    server.key === undefined ? undefined : { variable: server.key, set: keyIn(env, server.key) !== undefined };
  const found = { name, server, local, key, listing: undefined, residency: undefined };
  const access = local || named.has(name) ? accessOf(name, server, looking) : undefined;
  if (access === undefined) return found;
  const [listing, residency] = await Promise.all([
    listModels(access, LOOKING, { seconds: 3 }),
    server.kind === "ollama" ? residencyOf(access, 3) : undefined,
  ]);
  return { ...found, listing, residency };
}

const LOOKING = { "x-millwright-run": "doctor" };

/** Undefined when the key is missing. */
function accessOf(name: string, server: Server, { config, env }: Looking): ServerAccess | undefined {
  try {
    return { ...serverAccess(name, server, env), reach: (asked) => reachOf(config, asked) };
  } catch (error) {
    if (error instanceof StepFailure) return undefined;
    throw error;
  }
}

async function findAgent(name: string, agent: Agent, env: Environment): Promise<FoundAgent> {
  const cli = agent.kind === "acp" ? undefined : AGENT_CLIS[agent.kind];
  const command = agent.command ?? (cli === undefined ? [] : [cli.program]);
  const found = command.length === 0 ? undefined : await findProgram(command, env);
  const version = found?.version;
  const old = cli !== undefined && version !== undefined && !atLeast(version, cli.minimum);
  const there = old ? "old" : "installed";
  return {
    name,
    agent,
    program: command[0] ?? name,
    state: found === undefined ? "missing" : there,
    version,
    install: cli?.install ?? `Install ${command[0] ?? name}, or correct agents.${name}.command in millwright.yaml.`,
  };
}
