import type { Config } from "../../domain/config.ts";
import { backendOf, namedModels, namesFor } from "../../domain/known-backends.ts";
import { ROLES, type Role } from "../../domain/model-call.ts";
import { InputError } from "../../domain/step-failure.ts";

/**
 * The models that a role is given in the config, `default` for the rest: the rungs of its ladder, the first one asked first.
 * Some roles are answered by another's model where they have none of their own (`standsInFor`).
 */
export function modelsOf(config: Config, role: Role): readonly string[] {
  return namesFor(config.models, role);
}

/**
 * Makes sure that every name under `models` and `cheaper` leads somewhere; `others` are backends of this process.
 * @throws InputError with every name that does not, and the nearest ones that do.
 */
export function checkModelNames(config: Config, others: readonly string[]): void {
  const problems = namedModels(config).flatMap(({ path, name }) => {
    const backend = backendOf(config, name, others);
    return backend.kind === "nothing" ? [`${path.join(".")}: ${backend.problem}`] : [];
  });
  if (problems.length > 0) throw new InputError(problems);
}

/** A role without a model. */
export function noModel(role: Role): InputError {
  return new InputError([
    `no model is configured for ${role}: write \`models: { default: mailbox }\`, or a server's model such as \`ollama/qwen2.5-coder:14b\`, in millwright.yaml`,
  ]);
}

/** Roles that a run may well not ask. */
const SELDOM: readonly Role[] = [
  "judge",
  "examiner",
  "second-examiner",
  "auditor",
  "approver",
  "librarian",
  "research-reviewer",
  "research-judge",
  "research-orchestrator",
];

/** Every distinct model of the config, as the roles name it; roles that a run may not ask only where they have one of their own. */
export function rolesByModel(config: Config): ReadonlyMap<string, readonly Role[]> {
  const byModel = new Map<string, Role[]>();
  for (const role of ROLES) {
    if (SELDOM.includes(role) && config.models[role] === undefined) continue;
    for (const name of modelsOf(config, role)) byModel.set(name, [...(byModel.get(name) ?? []), role]);
  }
  return byModel;
}
