import { didYouMean } from "./nearest-word.ts";
import { isGlob, matches, sameFile } from "./paths.ts";
import type { Plan } from "./plan.ts";
import type { PlanFacts, PlanProblem } from "./plan-findings.ts";
import { cyclesIn, type NeedGraph, qualified, taskGraph, waitsFor } from "./plan-graph.ts";
import type { Task } from "./task.ts";
import { isWikiTask } from "./wiki/wiki-paths.ts";

/** What is asked of all linked plans together: names, sizes, and an order in which they can be pursued. */
export function orderProblems(plans: readonly Plan[], facts: PlanFacts): readonly PlanProblem[] {
  return [
    ...repeatedNames(plans),
    ...tooManyTasks(plans, facts),
    ...unknownNeeds(plans),
    ...cycles(plans),
    ...unorderedWriters(plans, facts),
  ];
}

function repeatedNames(plans: readonly Plan[]): readonly PlanProblem[] {
  const tasks = plans.flatMap((plan) => plan.tasks.map((task) => ({ name: task.id, at: plan.plan })));
  const criteria = plans.flatMap((plan) =>
    plan.tasks.flatMap((task) => task.accept.map(({ id }) => ({ name: id, at: `${plan.plan}/${task.id}` }))),
  );
  return [
    ...repeated(plans.map((plan) => ({ name: plan.plan, at: "" }))).map(({ name }) => ({
      rule: "plan/duplicate-plan",
      message: `Two plans are named ${name}; give each a name of its own.`,
    })),
    ...repeated(tasks).map(({ name, at }) => ({
      rule: "plan/duplicate-task",
      message: `Two tasks have the id ${name} (in ${at}); ids are unique in all linked plans.`,
    })),
    ...repeated(criteria).map(({ name, at }) => ({
      rule: "plan/duplicate-criterion",
      message: `Two criteria have the id ${name} (in ${at}); tests carry it in their name, so it is unique in all linked plans.`,
    })),
  ];
}

type Named = { readonly name: string; readonly at: string };

/** Every name that stands a second time, whatever its case, with the places. */
function repeated(names: readonly Named[]): readonly Named[] {
  const places = new Map<string, Named[]>();
  for (const named of names)
    places.set(named.name.toLowerCase(), [...(places.get(named.name.toLowerCase()) ?? []), named]);
  return [...places.values()]
    .filter((same) => same.length > 1)
    .map((same) => ({ name: same[0]?.name ?? "", at: [...new Set(same.map(({ at }) => at))].join(" and ") }));
}

function tooManyTasks(plans: readonly Plan[], { config }: PlanFacts): readonly PlanProblem[] {
  const most = config.limits.tasksPerPlan;
  return plans
    .filter((plan) => plan.tasks.filter((task) => !isWikiTask(task)).length > most)
    .map((plan) => ({
      rule: "plan/too-many-tasks",
      message: `${plan.plan} has ${plan.tasks.length} tasks; a plan has at most ${most}. Split it into linked plans: several documents, a later one with needs: [${plan.plan}].`,
    }));
}

function unknownNeeds(plans: readonly Plan[]): readonly PlanProblem[] {
  const names = plans.map((plan) => plan.plan);
  const tasks = plans.flatMap((plan) => plan.tasks.map((task) => `${plan.plan}/${task.id}`));
  return plans.flatMap((plan) => [
    ...plan.needs
      .filter((need) => !names.includes(need))
      .map((need) => ({
        rule: "plan/unknown-need",
        message: `${plan.plan} needs the plan ${need}, which is not here.${didYouMean(need, names)}`,
      })),
    ...plan.tasks.flatMap((task) =>
      task.needs
        .filter((need) => !tasks.includes(qualified(need, plan)))
        .map((need) => ({
          rule: "plan/unknown-need",
          message: `${task.id} needs ${need}, which no plan has.${didYouMean(need, [...plan.tasks.map((one) => one.id), ...tasks])}`,
        })),
    ),
  ]);
}

function cycles(plans: readonly Plan[]): readonly PlanProblem[] {
  const byPlan: NeedGraph = new Map(plans.map((plan) => [plan.plan, plan.needs]));
  const planCycles = cyclesIn(byPlan);
  const single = plans.length === 1 ? `${plans[0]?.plan}/` : "";
  const found = planCycles.length > 0 ? planCycles : cyclesIn(taskGraph(plans));
  return found.map((names) => ({
    rule: "plan/cycle",
    message: `The needs go in a circle: ${names.map((name) => name.replace(single, "")).join(" -> ")}. Nothing in it can come first.`,
  }));
}

function unorderedWriters(plans: readonly Plan[], facts: PlanFacts): readonly PlanProblem[] {
  const graph = taskGraph(plans);
  const all = plans.flatMap((plan) => plan.tasks.map((task) => ({ task, plan, name: `${plan.plan}/${task.id}` })));
  const waits = new Map(all.map(({ name }) => [name, waitsFor(name, graph)]));
  return all.flatMap((one, at) =>
    all.slice(at + 1).flatMap((two) => {
      if (one.plan !== two.plan || one.task.repo !== two.task.repo || one.name === two.name) return [];
      if (waits.get(one.name)?.has(two.name) || waits.get(two.name)?.has(one.name)) return [];
      const path = sharedPath(one.task, two.task, facts.files);
      if (path === undefined) return [];
      const message = `${one.task.id} and ${two.task.id} may both write ${path}; order them: ${two.task.id} needs ${one.task.id}.`;
      return [{ rule: "plan/unordered-writers", message }];
    }),
  );
}

/** A path that both tasks may write. */
function sharedPath(one: Task, two: Task, files: readonly string[]): string | undefined {
  const [ours, theirs] = [writes(one), writes(two)];
  const literal = ours.find(
    (path) => !isGlob(path) && (matches(theirs, path) || theirs.some((other) => sameFile(other, path))),
  );
  const back = theirs.find((path) => !isGlob(path) && matches(ours, path));
  const same = ours.find((path) => theirs.includes(path));
  return literal ?? back ?? same ?? files.find((file) => matches(ours, file) && matches(theirs, file));
}

function writes(task: Task): readonly string[] {
  return [...task.files, ...task.tests, ...task.deletes, ...task.moves.flatMap(({ from, to }) => [from, to])];
}
