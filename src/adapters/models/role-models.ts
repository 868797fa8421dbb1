import { distance } from "fastest-levenshtein";
import type { Config } from "../../domain/config.ts";
import { ROLES, type Role } from "../../domain/model-call.ts";
import type { Server } from "../../domain/model-config.ts";
import { InputError } from "../../domain/step-failure.ts";
import { splitModelName } from "./model-identity.ts";
import { OLLAMA_DEFAULT } from "./server-access.ts";

/** The models that a role is given in the config, `default` for the rest: the rungs of its ladder, the first one asked first. */
export function modelsOf(config: Config, role: Role): readonly string[] {
  const named = config.models[role] ?? config.models.default ?? [];
  return typeof named === "string" ? [named] : named;
}

/** The model that a role asks first. */
export function modelOf(config: Config, role: Role): string | undefined {
  return modelsOf(config, role)[0];
}

/** The servers of the config, and Ollama where it usually is. */
export function serversOf(config: Config): Readonly<Record<string, Server>> {
  return { ollama: OLLAMA_DEFAULT, ...config.servers };
}

/**
 * Makes sure that every name under `models` leads somewhere; `others` are backends that are no server.
 * @throws InputError with every name that does not, and the nearest ones that do.
 */
export function checkModelNames(config: Config, others: readonly string[]): void {
  const known = [...Object.keys(serversOf(config)), ...others];
  const problems = Object.entries(config.models).flatMap(([key, named]) =>
    [named ?? []].flat().flatMap((name) => {
      const problem = problemOf(name, known, others);
      return problem === undefined ? [] : [`models.${key}: ${problem}`];
    }),
  );
  if (problems.length > 0) throw new InputError(problems);
}

function problemOf(name: string, known: readonly string[], others: readonly string[]): string | undefined {
  const { server, model } = splitModelName(name);
  if (!known.includes(server)) return `\`${server}\` is no backend; ${nearest(known, server)}`;
  if (model === undefined && !others.includes(server)) return `\`${name}\` names no model; write ${server}/<model>`;
  return undefined;
}

function nearest(known: readonly string[], wanted: string): string {
  const sorted = [...known].sort((a, b) => distance(a, wanted) - distance(b, wanted));
  return `there is ${sorted.map((name) => `\`${name}\``).join(", ")}; further ones are declared under \`servers:\``;
}

/** A role without a model. */
export function noModel(role: Role): InputError {
  return new InputError([
    `no model is configured for ${role}: write \`models: { default: mailbox }\`, or a server's model such as \`ollama/qwen2.5-coder:14b\`, in millwright.yaml`,
  ]);
}

/** Every distinct model of the config, as the roles name it. */
export function rolesByModel(config: Config): ReadonlyMap<string, readonly Role[]> {
  const byModel = new Map<string, Role[]>();
  for (const role of ROLES) {
    for (const name of modelsOf(config, role)) byModel.set(name, [...(byModel.get(name) ?? []), role]);
  }
  return byModel;
}
