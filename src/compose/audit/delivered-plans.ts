import { isContained } from "../../adapters/git/system/revisions.ts";
import type { JournalEntry } from "../../domain/event.ts";
import type { Plan } from "../../domain/plan.ts";
import { InputError } from "../../domain/step-failure.ts";
import { listPlans, type PlanPlace } from "./open-audits.ts";

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

type Standing = "delivered" | "beside" | "thrown-away";

/** Work that is in the base is delivered; what is on no branch any more is to be done again. */
async function standingOf(
  { plan: name, tasks }: Plan,
  entries: readonly JournalEntry[],
  place: DeliveredPlace,
): Promise<{ readonly name: string; readonly branch: string; readonly standing: Standing }> {
  const { inspection, base } = place;
  const here = new Set(tasks.flatMap(({ id, repo }) => (repo === undefined ? [id] : [])));
  const branches = entries.flatMap(({ event }) =>
    event.type === "plan-accepted" && event.plan === name ? [event.branch] : [],
  );
  const commits = entries.flatMap(({ event }) =>
    event.type === "landed" && branches.includes(event.branch) && here.has(event.task) ? [event.commit] : [],
  );
  const branch = branches.at(-1) ?? `loop/${name}`;
  const missing: string[] = [];
  for (const commit of commits) if (!(await isContained(inspection, commit, base))) missing.push(commit);
  if (missing.length === 0) return { name, branch, standing: "delivered" };
  const isKept = await isContained(inspection, missing.at(-1) ?? "", branch);
  return { name, branch, standing: isKept ? "beside" : "thrown-away" };
}

function isBeside(name: string, branch: string): string {
  return `The plan ${name} is done, but its commits are on ${branch} and not in the commit that the run starts from. Merge it first (\`git merge ${branch}\`), delete the branch to have it done again, or take ${name} out of \`needs:\` when its work has come in another way.`;
}
