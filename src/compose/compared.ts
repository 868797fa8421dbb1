import { isListed, type Listing, listModels, nearestFirst } from "../adapters/models/listed-models.ts";
import { modelsOf, noModel } from "../adapters/models/role-models.ts";
import { serverAccess } from "../adapters/models/server-access.ts";
import { COMPARED_ROLES, dependenceProblems, listProblems, lookUpOn, withMaker } from "../domain/compared-models.ts";
import type { Config } from "../domain/config.ts";
import { castOf, rolesOf } from "../domain/independence.ts";
import { backendOf, modelIdentity, serversOf } from "../domain/known-backends.ts";
import type { Role } from "../domain/model-call.ts";
import type { Server } from "../domain/model-config.ts";
import { didYouMean } from "../domain/nearest-word.ts";
import { reachOf } from "../domain/network.ts";
import { InputError, StepFailure } from "../domain/step-failure.ts";
import type { CompareRequest } from "../mill.ts";
import { refuseNetwork } from "./network-guard.ts";
import { refuseMissingKeys } from "./open-models.ts";
import { othersIn, type Starting } from "./run-once.ts";

/**
 * The models to compare, as they will be asked. Nothing is asked of a model yet; servers are asked for their lists.
 * @throws InputError with every problem of the list: unknown, twice, equal to a judge, without a key, beyond the network
 * @throws StepFailure when the one server that all should go through cannot be reached
 */
export async function comparedModels(request: CompareRequest, starting: Starting): Promise<readonly string[]> {
  const { config, workflow } = starting.inputs;
  const wanted = request.compared.map((name) => name.trim());
  refuse([...listProblems(wanted, config.aliases), ...makerProblems(request)]);
  const others = othersIn(starting);
  const place = { config, others };
  const models = request.samePath === undefined ? wanted : await onOnePath(request.samePath, wanted, config);
  refuse(listProblems(models, config.aliases));
  const unknown = await Promise.all(models.map((name) => unknownProblems(name, place)));
  refuse(unknown.flat());
  refuse(dependenceProblems(models, { config, workflow }, (role) => identify(config, role)));
  const roles: readonly Role[] = [...rolesOf(castOf(workflow)), "judge"];
  for (const model of models) {
    const own = withMaker(config, model);
    refuseMissingKeys({ config: own, env: process.env }, others);
    await refuseNetwork(own, roles, others);
  }
  return models;
}

function makerProblems({ models = {} }: CompareRequest): readonly string[] {
  const said = COMPARED_ROLES.filter((role) => models[role] !== undefined);
  return said.map((role) => `--model ${role}=…: the ${role} is the compared model; name it under --models.`);
}

/** The model that is asked first for a role. */
export function identify(config: Config, role: Role) {
  const [name] = modelsOf(config, role);
  if (name === undefined) throw noModel(role);
  return modelIdentity(config, name);
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new InputError(problems);
}

async function onOnePath(name: string, wanted: readonly string[], config: Config): Promise<readonly string[]> {
  const servers = serversOf(config);
  const server = servers[name];
  if (server === undefined) {
    const known = Object.keys(servers);
    throw new InputError([
      `--same-path: there is no server ${name}.${didYouMean(name, known) || ` There are: ${known.join(", ")}.`}`,
    ]);
  }
  const listing = await listOf(name, server, config);
  if (listing.kind === "unreachable" || (listing.kind === "refused" && listing.status !== 404)) {
    const why = listing.kind === "unreachable" ? listing.reason : `it answered ${listing.status}`;
    throw new StepFailure(`--same-path: ${name} at ${server.url} does not say which models it has: ${why}.`, {
      code: "model-unreachable",
      remedy: "ask",
      hint: `Start it, or correct servers.${name} in millwright.yaml; then compare again.`,
    });
  }
  if (listing.kind === "forbidden") throw new InputError([`--same-path: ${listing.reason}`]);
  // A server without a list answers all the same.
  if (listing.kind !== "models")
    return wanted.map((model) => (model.startsWith(`${name}/`) ? model : `${name}/${model}`));
  const found = wanted.map((model) => lookUpOn(name, model, listing.names));
  refuse(found.flatMap((one) => (one.kind === "problem" ? [one.problem] : [])));
  return found.flatMap((one) => (one.kind === "found" ? [one.name] : []));
}

/** A name that leads nowhere, or to a server that says it has no such model; one that cannot be asked says nothing. */
async function unknownProblems(
  name: string,
  { config, others }: { readonly config: Config; readonly others: readonly string[] },
): Promise<readonly string[]> {
  const to = backendOf(config, name, others);
  if (to.kind === "nothing") return [`--models: ${name}: ${to.problem}`];
  if (to.kind !== "server") return [];
  const listing = await listOf(to.name, to.server, config).catch(() => undefined);
  if (listing?.kind !== "models" || isListed(listing.names, to.model)) return [];
  const near = nearestFirst(listing.names, to.model).slice(0, 5).join(", ");
  return [`--models: ${to.name} has no model ${to.model}; it has ${near === "" ? "none" : near}.`];
}

/** @throws StepFailure when its key is missing */
async function listOf(name: string, server: Server, config: Config): Promise<Listing> {
  const access = {
    ...serverAccess(name, server, process.env),
    reach: () => reachOf(config, { role: "developer", task: "" }),
  };
  return listModels(access, { "x-millwright-run": "compare" }, { seconds: 5 });
}
