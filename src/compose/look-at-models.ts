import { shareText } from "../adapters/models/ollama/loaded-model.ts";
import { sameModel } from "../adapters/models/ollama/ollama-api.ts";
import { probeModels } from "../adapters/models/probe.ts";
import { rolesByModel } from "../adapters/models/role-models.ts";
import type { Config } from "../domain/config.ts";
import { backendOf, modelIdentity, namedModels } from "../domain/known-backends.ts";
import { CONTEXTS_AS_OF, knownContext } from "../domain/model-contexts.ts";
import { PRICES_AS_OF, priceOf } from "../domain/prices.ts";
import type { AgentLook, ModelLook, ModelsEnd, ServerLook } from "../mill.ts";
import { type FoundAgent, type FoundModels, type FoundServer, findModels } from "./find-models.ts";
import { openBackends } from "./open-backend.ts";
import { probeEmbedded } from "./probe-embedded.ts";

/** What is there to ask, and what is known about every model that the config names. Asks no model anything. */
export async function lookAtModels(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ModelsEnd> {
  const found = await findModels(config, env);
  const roles = rolesByModel(config);
  const names = [...new Set([...roles.keys(), ...namedModels(config).map(({ name }) => name)])];
  const probed = [...probeModels(config, { env, names, found }), ...(await probeEmbedded(config, names, env))];
  const probes = new Map(probed.map((probe) => [probe.name, probe]));
  const world = { config, run: "models", mailboxDir: "", recordingDir: "", env, clock: NO_CLOCK };
  const backends = openBackends(world);
  const models = names.map(async (name): Promise<ModelLook> => {
    const { identity, vendor } = modelIdentity(config, name);
    const { state, detail, fix } = probes.get(name) ?? { state: "not-configured", detail: "", fix: "" };
    const price = priceOf(config, name);
    const context =
      state === "ok" ? await backends.contextOf(name) : (config.contexts[name] ?? knownContext(name, config.aliases));
    return {
      name,
      roles: roles.get(name) ?? [],
      cheaper: Object.entries(config.cheaper).flatMap(([role, cheap]) => (cheap === name ? [role] : [])),
      identity,
      vendor,
      state,
      detail,
      ...(fix === "" ? {} : { fix }),
      ...residenceOf(config, name, found),
      ...(context === undefined ? {} : { context }),
      ...(price.kind === "known" ? { price: { ...price.price, from: price.from } } : {}),
    };
  });
  return {
    models: await Promise.all(models),
    servers: found.servers.map(serverLook),
    agents: found.agents.map(agentLook),
    pricesAsOf: PRICES_AS_OF,
    contextsAsOf: CONTEXTS_AS_OF,
  };
}

/** Nothing is asked, so that nobody waits. */
const NO_CLOCK = { now: () => 0, sleep: async () => {} };

/** Where a model lies, for servers that say so. */
function residenceOf(config: Config, name: string, found: FoundModels): Pick<ModelLook, "loaded" | "split"> {
  const to = backendOf(config, name);
  if (to.kind !== "server") return {};
  const server = found.servers.find((candidate) => candidate.name === to.name);
  if (server?.residency?.kind !== "loaded") return {};
  const model = server.residency.models.find((loaded) => sameModel(loaded.name, to.model));
  if (model === undefined) return { loaded: "no" };
  return model.place === "split" ? { loaded: "split", split: shareText(model) } : { loaded: model.place };
}

function serverLook({ name, server, key, listing }: FoundServer): ServerLook {
  const about = { name, kind: server.kind, url: server.url, ...(key && { key }) };
  if (listing === undefined) return { ...about, state: key?.set === false ? "key-missing" : "not-asked", models: [] };
  switch (listing.kind) {
    case "models":
      return { ...about, state: "reachable", models: listing.names };
    case "refused":
      return { ...about, state: "refused", detail: `it answered ${listing.status}`, models: [] };
    case "unreadable":
      return { ...about, state: "refused", detail: `${listing.url} gave no list of models`, models: [] };
    case "forbidden":
      return { ...about, state: "not-asked", detail: listing.reason, models: [] };
    case "unreachable":
      return { ...about, state: "unreachable", detail: listing.reason, models: [] };
  }
}

function agentLook({ name, agent, program, state, version, install }: FoundAgent): AgentLook {
  return {
    name,
    kind: agent.kind,
    program,
    state,
    ...(version === undefined ? {} : { version }),
    ...(state === "installed" ? {} : { fix: install }),
  };
}
