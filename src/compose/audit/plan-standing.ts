import type { Inspection } from "../../adapters/git/system/inspection.ts";
import { isContained } from "../../adapters/git/system/revisions.ts";
import type { JournalEntry } from "../../domain/event.ts";
import type { Plan } from "../../domain/plan.ts";
import { plansNeeded } from "../../domain/plan-graph.ts";

type Standing = "delivered" | "beside" | "thrown-away";

/** Where a plan that is done stands to a commit: work that is in it is delivered; what is on no branch any more is to be done again. */
export async function standingOf(
  { plan: name, tasks }: Plan,
  entries: readonly JournalEntry[],
  { inspection, base }: { readonly inspection: Inspection; readonly base: string },
): Promise<{ readonly name: string; readonly branch: string; readonly standing: Standing }> {
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

/** Names of the plans that others need, that runs have pursued, and whose commits lie beside the commit that is checked out. */
export async function plansBeside(
  plans: readonly Plan[],
  entries: readonly JournalEntry[],
  inspection: Inspection,
): Promise<ReadonlySet<string>> {
  const base = inspection.head;
  if (base === undefined) return new Set();
  const needed = new Set(plans.flatMap((plan) => plansNeeded(plan)));
  const looks = plans
    .filter(({ plan }) => needed.has(plan))
    .map((plan) => standingOf(plan, entries, { inspection, base }));
  return new Set((await Promise.all(looks)).flatMap(({ name, standing }) => (standing === "beside" ? [name] : [])));
}
