import type { Config } from "./config.ts";
import type { ModelIdentity, Role } from "./model-call.ts";
import { AGENT_KINDS, Agent, Server } from "./model-config.ts";
import { identityOf, splitModelName } from "./model-identity.ts";
import { didYouMean } from "./nearest-word.ts";

/** Backends that are neither a server nor an agent. */
export const BUILT_IN = ["mailbox", "recorded", "scripted"] as const;
/** The model in this process. */
export const EMBEDDED = "llama.cpp";

/** Servers that need no declaration; one of the same name under `servers` takes their place. */
export const KNOWN_SERVERS: Readonly<Record<string, Server>> = {
  ollama: Server.parse({ kind: "ollama", url: "http://127.0.0.1:11434" }),
  lmstudio: Server.parse({ kind: "openai-compatible", url: "http://127.0.0.1:1234/v1" }),
  vllm: Server.parse({ kind: "openai-compatible", url: "http://127.0.0.1:8000/v1" }),
  "llama-server": Server.parse({ kind: "openai-compatible", url: "http://127.0.0.1:8080/v1" }),
  anthropic: Server.parse({ kind: "anthropic", url: "https://api.anthropic.com/v1", key: "ANTHROPIC_API_KEY" }),
  openai: Server.parse({ kind: "openai", url: "https://api.openai.com/v1", key: "OPENAI_API_KEY" }),
  google: Server.parse({
    kind: "google",
    url: "https://generativelanguage.googleapis.com/v1beta",
    key: "GEMINI_API_KEY",
  }),
  openrouter: Server.parse({
    kind: "openai-compatible",
    url: "https://openrouter.ai/api/v1",
    key: "OPENROUTER_API_KEY",
    headers: { "HTTP-Referer": "https://www.npmjs.com/package/millwright", "X-Title": "Millwright" },
  }),
};

/** Variables that may hold a key beside the one that is named. */
export const OTHER_KEYS: Readonly<Record<string, readonly string[]>> = {
  GEMINI_API_KEY: ["GOOGLE_GENERATIVE_AI_API_KEY"],
};

/** Agent programs that need no declaration. */
export const KNOWN_AGENTS: Readonly<Record<string, Agent>> = Object.fromEntries(
  AGENT_KINDS.filter((kind) => kind !== "acp").map((kind) => [kind, Agent.parse({ kind })]),
);

/** The servers of the config, and those that need no declaration. */
export function serversOf(config: Pick<Config, "servers">): Readonly<Record<string, Server>> {
  return { ...KNOWN_SERVERS, ...config.servers };
}

/** The agents of the config, and those that need no declaration. */
export function agentsOf(config: Pick<Config, "agents">): Readonly<Record<string, Agent>> {
  return { ...KNOWN_AGENTS, ...config.agents };
}

/** What a name under `models` leads to. */
export type BackendOf =
  | { readonly kind: "built-in"; readonly name: string; readonly model: string | undefined }
  | { readonly kind: "embedded"; readonly model: string }
  | { readonly kind: "agent"; readonly name: string; readonly agent: Agent; readonly model: string | undefined }
  | { readonly kind: "server"; readonly name: string; readonly server: Server; readonly model: string }
  | { readonly kind: "nothing"; readonly problem: string };

/** `others` are further backends of this process; what is wrong with a name is a sentence with the nearest names that lead somewhere. */
export function backendOf(
  config: Pick<Config, "servers" | "agents">,
  name: string,
  others: readonly string[] = BUILT_IN,
): BackendOf {
  const { server: backend, model } = splitModelName(name);
  const server = serversOf(config)[backend];
  const agent = agentsOf(config)[backend];
  if (others.includes(backend)) return { kind: "built-in", name: backend, model };
  if (agent !== undefined) return { kind: "agent", name: backend, agent, model };
  if (backend !== EMBEDDED && server === undefined) return { kind: "nothing", problem: unknown(config, backend) };
  if (model === undefined) return { kind: "nothing", problem: `name the model too: ${backend}/<model>.` };
  return server === undefined ? { kind: "embedded", model } : { kind: "server", name: backend, server, model };
}

function unknown(config: Pick<Config, "servers" | "agents">, backend: string): string {
  const servers = Object.keys(serversOf(config));
  const known = ["mailbox", EMBEDDED, ...servers, ...Object.keys(agentsOf(config))];
  const nearest = didYouMean(backend, known);
  return `there is no server ${backend}.${nearest || ` Declare it under servers (an agent under agents), or use one of: ${known.join(", ")}.`}`;
}

/** Whose model answers for a role that has none of its own: asked before `default`, or after it. */
const STAND_INS: Partial<
  Readonly<Record<Role, { readonly before?: readonly Role[]; readonly after?: readonly Role[] }>>
> = {
  judge: { before: ["reviewer"] },
  approver: { before: ["goal-checker"] },
  auditor: { after: ["architect"] },
  architect: { after: ["auditor"] },
  librarian: { before: ["reviewer"] },
  orchestrator: { after: ["architect"] },
  "research-reviewer": { before: ["reviewer", "orchestrator"] },
  "research-judge": { before: ["approver", "goal-checker"] },
  "research-orchestrator": { before: ["orchestrator"], after: ["architect"] },
  examiner: { before: ["reviewer", "checker"] },
  "second-examiner": { before: ["goal-checker"], after: ["examiner", "reviewer", "checker"] },
};

/** The models that a role is given under `models`, its stand-ins' or `default` where it has none; empty when nobody is named. */
export function namesFor(models: Config["models"], role: Role): readonly string[] {
  const { before = [], after = [] } = STAND_INS[role] ?? {};
  const named = [role, ...before, "default" as const, ...after].map((name) => models[name]);
  return [named.find((names) => names !== undefined) ?? []].flat();
}

/** Every name under `models` and `cheaper`, with the key that it stands at. */
export function namedModels(
  config: Pick<Config, "models" | "cheaper">,
): readonly { readonly path: readonly [string, string]; readonly name: string }[] {
  return (["models", "cheaper"] as const).flatMap((section) =>
    Object.entries(config[section]).flatMap(([role, names]) =>
      [names ?? []].flat().map((name) => ({ path: [section, role] as const, name })),
    ),
  );
}

/** Which model a name of the config is, with its aliases followed; an agent without a model is its program's own choice. */
export function modelIdentity(config: Pick<Config, "agents" | "aliases">, name: string): ModelIdentity {
  const { server, model } = splitModelName(config.aliases[name] === undefined ? name : "");
  const agent = model === undefined ? agentsOf(config)[server] : undefined;
  return agent === undefined || agent.kind === "acp"
    ? identityOf(name, config.aliases)
    : { ...identityOf(agent.kind), name };
}

/** Every model that may answer for a role: its ladder, and what takes over when a budget runs low. */
export function answering(
  config: Pick<Config, "agents" | "aliases" | "models" | "cheaper">,
  role: Role,
): readonly ModelIdentity[] {
  const names = namesFor(config.models, role);
  const cheaper = config.cheaper[role] ?? config.cheaper.default;
  return [...names, ...(cheaper === undefined ? [] : [cheaper])].map((name) => modelIdentity(config, name));
}
