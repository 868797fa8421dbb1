import type { Plan } from "../../domain/plan.ts";
import { InputError } from "../../domain/step-failure.ts";
import { listPlans, type PlanPlace } from "./open-audits.ts";
import { standingOf } from "./plan-standing.ts";

/** Where plans lie, and the commit that a run is to start from. */
export type DeliveredPlace = PlanPlace & { readonly base: string };

/**
 * Names of the plans before the last one that are done and whose commits are in the base: what needs them finds them there, and
 * they are not pursued again.
 * @throws InputError when one is done but lies beside the base, on a branch of its own
 */
export async function deliveredPlans(plans: readonly Plan[], place: DeliveredPlace): Promise<readonly string[]> {
  const needed = plans.slice(0, -1);
  if (needed.length === 0) return [];
  const rows = await listPlans(place);
  const done = needed.filter((one) => rows.some(({ plan, state }) => plan === one.plan && state === "done"));
  const entries = done.length === 0 ? [] : await place.store.open("plans").since(0);
  const found = await Promise.all(done.map((plan) => standingOf(plan, entries, place)));
  const beside = found.filter(({ standing }) => standing === "beside");
  if (beside.length > 0) throw new InputError(beside.map(({ name, branch }) => isBeside(name, branch)));
  return found.filter(({ standing }) => standing === "delivered").map(({ name }) => name);
}

function isBeside(name: string, branch: string): string {
  return `The plan ${name} is done, but its commits are on ${branch} and not in the commit that the run starts from. Merge it first (\`git merge ${branch}\`), delete the branch to have it done again, or take ${name} out of \`needs:\` when its work has come in another way.`;
}
