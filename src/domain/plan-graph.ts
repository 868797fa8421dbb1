import type { Plan } from "./plan.ts";
import type { Task } from "./task.ts";

/** The tasks of a plan in the order of their needs; what needs nothing of each other keeps the plan's order. */
export function taskOrder(plan: Plan): readonly Task[] {
  return ordered(
    plan.tasks,
    (task) => task.id,
    (task) => task.needs.map((need) => need.replace(`${plan.plan}/`, "")),
  );
}

/** Linked plans in the order of their needs; what needs nothing of each other keeps its order. */
export function linkOrder(plans: readonly Plan[]): readonly Plan[] {
  return ordered(plans, (plan) => plan.plan, plansNeeded);
}

/** The other plans that a plan needs, by itself or through one of its tasks. */
export function plansNeeded(plan: Plan): readonly string[] {
  const named = plan.tasks.flatMap((task) =>
    task.needs.flatMap((need) => (need.includes("/") ? [need.split("/")[0] ?? ""] : [])),
  );
  return [...plan.needs, ...named.filter((name) => name !== plan.plan)];
}

/** Stable topological order. What stands in a cycle comes last, in its own order. */
function ordered<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  needsOf: (item: Item) => readonly string[],
): readonly Item[] {
  const names = new Set(items.map(nameOf));
  const done = new Set<string>();
  const order: Item[] = [];
  let left = [...items];
  while (left.length > 0) {
    const next = left.find((item) => needsOf(item).every((need) => done.has(need) || !names.has(need)));
    if (!next) return [...order, ...left];
    order.push(next);
    done.add(nameOf(next));
    left = left.filter((item) => item !== next);
  }
  return order;
}

/** Who needs whom, by name; every name that is needed is a key. */
export type NeedGraph = ReadonlyMap<string, readonly string[]>;

/** The tasks of all plans as `plan/task`, and what each needs: its own needs, and all tasks of the plans that its plan needs. */
export function taskGraph(plans: readonly Plan[]): NeedGraph {
  const graph = new Map<string, readonly string[]>();
  for (const plan of plans)
    for (const task of plan.tasks) {
      const linked = plans
        .filter((other) => plan.needs.includes(other.plan))
        .flatMap((other) => other.tasks.map((one) => `${other.plan}/${one.id}`));
      graph.set(`${plan.plan}/${task.id}`, [...task.needs.map((need) => qualified(need, plan)), ...linked]);
    }
  return graph;
}

/** A need as `plan/task`. */
export function qualified(need: string, plan: Plan): string {
  return need.includes("/") ? need : `${plan.plan}/${need}`;
}

/** Every cycle once, as the names along it with the first again at the end. */
export function cyclesIn(graph: NeedGraph): readonly (readonly string[])[] {
  const finished = new Set<string>();
  const cycles: (readonly string[])[] = [];
  const walk = (name: string, path: readonly string[]) => {
    const at = path.indexOf(name);
    if (at >= 0) {
      cycles.push([...path.slice(at), name]);
      return;
    }
    if (finished.has(name)) return;
    for (const need of graph.get(name) ?? []) walk(need, [...path, name]);
    finished.add(name);
  };
  for (const name of graph.keys()) walk(name, []);
  return cycles;
}

/** Everything that `name` waits for, directly or not. */
export function waitsFor(name: string, graph: NeedGraph): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...(graph.get(name) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(graph.get(next) ?? []));
  }
  return found;
}
