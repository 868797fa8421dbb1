import type { PlanRow } from "../../domain/audit/plan-state.ts";
import type { PendingPlan } from "../../domain/schedule/choose-plan.ts";
import type { Mill, RunRow } from "../../mill.ts";

const DAY = 86_400_000;

/** Every plan of the checkout as the schedule sees it: a run that was cut off or could not go on is taken up again. */
export async function pendingPlans(mill: Pick<Mill, "plans" | "runs">, now: number): Promise<readonly PendingPlan[]> {
  const [rows, runs] = [await mill.plans(), await mill.runs()];
  const known = new Map(runs.map((run) => [run.id, run]));
  return rows.map((row) => pendingOf(row, row.run === undefined ? undefined : known.get(row.run), now));
}

function pendingOf(row: PlanRow, last: RunRow | undefined, now: number): PendingPlan {
  const { plan, path, needs, leverage, days = 0 } = row;
  const state = stateOf(row, last);
  return {
    plan,
    path,
    state,
    needs,
    since: now - days * DAY,
    ...(leverage === undefined ? {} : { leverage }),
    ...(state === "open" && last !== undefined ? { run: last.id } : {}),
  };
}

/** What is done and not merged is a person's to merge: whatever needs it waits. */
function stateOf(row: PlanRow, last: RunRow | undefined): PendingPlan["state"] {
  if (row.state === "todo" && row.unmerged.length > 0) return "waiting";
  return row.state === "blocked" && last !== undefined ? openOr(last.outcome) : row.state;
}

/** A person, or a change, has to come before what is stuck or waits; what was stopped by the world may just go on. */
function openOr(outcome: string | undefined): PendingPlan["state"] {
  if (outcome === "waiting") return "waiting";
  return outcome === undefined || outcome === "stopped" || outcome === "cancelled" ? "open" : "blocked";
}
