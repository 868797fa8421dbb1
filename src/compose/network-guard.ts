import { beyond, networkRefused } from "../adapters/models/reach.ts";
import { modelsOf } from "../adapters/models/role-models.ts";
import type { Config } from "../domain/config.ts";
import type { ModelRequest, Role } from "../domain/model-call.ts";
import { placeOfModel, type Reach, reachOf } from "../domain/network.ts";
import { InputError } from "../domain/step-failure.ts";

/**
 * Makes sure that no role of a run would leave the network that the config allows.
 * @throws InputError naming every role's model that would, and why.
 */
export async function refuseNetwork(config: Config, roles: readonly Role[], others?: readonly string[]): Promise<void> {
  const found = await networkProblems(config, roles, others);
  if (found.length === 0) return;
  throw new InputError([...found, "Point these roles at local models, or list the host under `localHosts`."]);
}

/** Every role's model that would leave the network that the config allows, and why. */
export async function networkProblems(
  config: Config,
  roles: readonly Role[],
  others?: readonly string[],
): Promise<readonly string[]> {
  if (config.network === "open") return [];
  const asked = roles.flatMap((role) => namesOf(config, role).map((name) => ({ role, name })));
  const problems = await Promise.all(
    asked.map(async ({ role, name }) => {
      const reach = reachOf(config, { role, task: role === "architect" ? "plan" : "" });
      const why = await beyondReach(config, name, { reach, others });
      return why === undefined ? [] : [`${role}: ${name} is refused by \`network: ${config.network}\`: ${why}.`];
    }),
  );
  return [...new Set(problems.flat())];
}

function namesOf(config: Config, role: Role): readonly string[] {
  const cheaper = config.cheaper[role] ?? config.cheaper.default;
  return [...modelsOf(config, role), ...(cheaper === undefined ? [] : [cheaper])];
}

/** @throws StepFailure `network-refused` when the question would leave the network that the config allows. */
export async function withinReach(config: Config, request: ModelRequest, others?: readonly string[]): Promise<void> {
  const reach = reachOf(config, request);
  const why = await beyondReach(config, request.model, { reach, others });
  if (why !== undefined) throw networkRefused(`the ${request.role}'s question to ${request.model}`, why, reach);
}

async function beyondReach(
  config: Config,
  name: string,
  { reach, others }: { readonly reach: Reach; readonly others: readonly string[] | undefined },
): Promise<string | undefined> {
  if (reach.kind === "anywhere") return undefined;
  const place = placeOfModel(config, name, others);
  if (place.kind === "here") return undefined;
  return place.kind === "cloud" ? place.why : beyond(place.url, reach);
}
