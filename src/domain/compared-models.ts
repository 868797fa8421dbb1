import type { Config } from "./config.ts";
import { type Cast, castOf, independenceProblems } from "./independence.ts";
import { modelIdentity } from "./known-backends.ts";
import type { ModelIdentity, Role } from "./model-call.ts";
import { identityOf, splitModelName } from "./model-identity.ts";
import { didYouMean } from "./nearest-word.ts";
import type { Workflow } from "./workflow.ts";

/** Who proposes changes: the roles that a compared model plays. */
export const COMPARED_ROLES = ["tester", "developer", "documenter"] as const;

/**
 * The config of one compared model's run: it makes everything, alone. Nobody cheaper takes over, the goal is judged once and
 * nobody re-plans what is stuck, so that every model pursues the same plan.
 */
export function withMaker(config: Config, model: string): Config {
  const makers = Object.fromEntries(COMPARED_ROLES.map((role) => [role, model]));
  const limits = { ...config.limits, orchestrations: 0, goalRounds: 1 };
  return { ...config, models: { ...config.models, ...makers }, cheaper: {}, limits };
}

/** What is wrong with a list of models to compare, before any of them is looked up. */
export function listProblems(models: readonly string[], aliases: Config["aliases"] = {}): readonly string[] {
  const names = models.map((model) => (aliases[model] ?? model).replace(/:latest$/, ""));
  if (models.length === 0) return ["Name the models to compare: --models ollama/qwen2.5-coder:14b,claude-code/opus"];
  const empty = models.some((model) => model === "");
  const twice = [...new Set(models.filter((model, at) => model !== "" && names.indexOf(names[at] ?? model) < at))];
  return [
    ...(empty ? ["--models: there is nothing between two commas, or at an end of the list."] : []),
    ...twice.map((model) => `--models: ${model} is named twice; name each model once.`),
  ];
}

/** Why these models cannot be compared fairly under the rule of independence: maker, judges of the run and judge of the comparison. */
export function dependenceProblems(
  models: readonly string[],
  { config, workflow }: { readonly config: Config; readonly workflow: Workflow },
  identify: (role: Role) => ModelIdentity,
): readonly string[] {
  const cast = castOf(workflow);
  const judged: Cast = { makers: ["developer"], reviewers: ["judge"], goalCheckers: [], examiners: [], approvers: [] };
  const problems = models.flatMap((model) => {
    const makers: readonly Role[] = COMPARED_ROLES;
    const who = (role: Role) => (makers.includes(role) ? modelIdentity(config, model) : identify(role));
    return [cast, judged]
      .flatMap((one) => independenceProblems(config.independence, one, who))
      .map((why) => `${model}: ${why}`);
  });
  return [...new Set(problems)];
}

/** A name on one server, or what is wrong with it. */
export type LookedUp =
  | { readonly kind: "found"; readonly name: string }
  | { readonly kind: "problem"; readonly problem: string };

/**
 * A model's name on a server that all compared models are asked through, whatever server it was named with: by its whole
 * name, by its last part, or by which model it is.
 */
export function lookUpOn(server: string, wanted: string, listed: readonly string[]): LookedUp {
  const { server: own, model } = splitModelName(wanted);
  const name = own === server && model !== undefined ? model : wanted;
  if (listed.includes(name)) return { kind: "found", name: `${server}/${name}` };
  const last = (path: string) => path.split("/").at(-1) ?? path;
  const identity = identityOf(name).identity;
  const ways = [
    (one: string) => last(one) === last(name),
    (one: string) => identityOf(`x/${one}`).identity === identity,
  ];
  for (const fits of ways) {
    const found = listed.filter(fits);
    if (found.length === 1) return { kind: "found", name: `${server}/${found[0]}` };
    if (found.length > 1)
      return {
        kind: "problem",
        problem: `--models: ${wanted} may be any of these on ${server}: ${found.slice(0, 5).join(", ")}.`,
      };
  }
  const near = didYouMean(name, listed) || didYouMean(last(name), listed);
  const some = near || (listed.length === 0 ? " It has none." : ` It has ${listed.slice(0, 5).join(", ")}.`);
  return { kind: "problem", problem: `--models: ${server} has no model ${wanted}.${some}` };
}
