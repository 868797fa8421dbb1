import type { Plan } from "./plan.ts";

/**
 * The plan under a name, and its tasks under ids, that no earlier plan of the run has: the journal knows a task by its id.
 * `needs` inside the plan follow; a need of another plan's task keeps its `plan/task`.
 */
export function uniquePlan(plan: Plan, earlier: readonly Plan[]): Plan {
  const plans = new Set(earlier.map((other) => other.plan));
  const tasks = new Set(earlier.flatMap((other) => other.tasks.map((task) => task.id)));
  const name = freeName(plan.plan, plans);
  const ids = new Map(
    plan.tasks.map((task) => [task.id, tasks.has(task.id) ? freeName(`${name}-${task.id}`, tasks) : task.id]),
  );
  const renamed = plan.tasks.map((task) => ({
    ...task,
    id: ids.get(task.id) ?? task.id,
    needs: task.needs.map((need) => ids.get(need) ?? need),
  }));
  return { ...plan, plan: name, tasks: renamed };
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  let number = 2;
  while (taken.has(`${wanted}-${number}`)) number++;
  return `${wanted}-${number}`;
}
