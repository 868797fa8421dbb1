import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { JournalStore } from "../../adapters/journal/store.ts";
import type { Plan } from "../../domain/plan.ts";
import { parsePlan } from "../../domain/plan-text.ts";
import type { PendingPlan } from "../../domain/schedule/choose-plan.ts";

interface PlanRun {
  readonly run: string;
  readonly outcome: string | undefined;
}

/** Every plan file of the checkout, with where the newest run of it stands. A file that is no plan is passed over. */
export async function pendingPlans(root: string, store: JournalStore): Promise<readonly PendingPlan[]> {
  const dir = join(root, "plans");
  const names = (await readdir(dir).catch(() => [])).filter((name) => name.endsWith(".md")).toSorted();
  const runs = await runsOfPlans(store);
  const found = await Promise.all(
    names.map(async (name) => {
      const parsed = parsePlan(await readFile(join(dir, name), "utf8"));
      if (parsed.kind !== "plan") return [];
      const { mtimeMs } = await stat(join(dir, name));
      return [pendingOf(parsed.plan, `plans/${name}`, mtimeMs, runs.get(parsed.plan.plan))];
    }),
  );
  return found.flat();
}

function pendingOf(plan: Plan, path: string, mtime: number, last: PlanRun | undefined): PendingPlan {
  const since = plan.audit === undefined ? Math.floor(mtime) : Date.parse(plan.audit.made);
  const state = plan.rejected === undefined ? stateOf(last) : "rejected";
  const leverage = plan.audit?.leverage;
  return {
    plan: plan.plan,
    path,
    state,
    needs: plan.needs,
    since,
    ...(leverage === undefined ? {} : { leverage }),
    ...(state === "open" && last !== undefined ? { run: last.run } : {}),
  };
}

/** Nothing runs while the schedule chooses, so a run without an end was cut off. */
function stateOf(last: PlanRun | undefined): PendingPlan["state"] {
  if (last === undefined) return "todo";
  const states: Readonly<Record<string, PendingPlan["state"]>> = { done: "done", stuck: "blocked", waiting: "waiting" };
  return states[last.outcome ?? ""] ?? "open";
}

/** The newest run that pursued each plan. */
async function runsOfPlans(store: JournalStore): Promise<ReadonlyMap<string, PlanRun>> {
  const runs = new Map<string, PlanRun>();
  for (const { id, title, outcome } of await store.runs()) {
    if (title.startsWith("plan: ")) continue;
    for (const { event } of await store.open(id).entries())
      if (event.type === "plan-accepted") runs.set(event.plan, { run: id, outcome });
  }
  return runs;
}
