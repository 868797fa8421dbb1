import type { JournalEntry } from "../event.ts";
import type { Plan } from "../plan.ts";

export const PLAN_STATES = ["todo", "running", "done", "blocked", "rejected"] as const;
export type PlanState = (typeof PLAN_STATES)[number];

/** Where a plan stands, in one line. */
export interface PlanRow {
  readonly plan: string;
  readonly title: string;
  /** Its file, relative to the repository. */
  readonly path: string;
  readonly state: PlanState;
  /** Why it is blocked or rejected, how far it is otherwise; may be empty. */
  readonly reason: string;
  readonly tasks: number;
  readonly landed: number;
  /** Undefined for a plan that no audit wrote. */
  readonly leverage: number | undefined;
  /** Whole days since it was made; undefined when nobody knows. */
  readonly days: number | undefined;
  /** Plans that have to be done before. */
  readonly needs: readonly string[];
  /** Those of them that are done on a branch which nobody has merged. */
  readonly unmerged: readonly string[];
  /** True when nothing keeps it from being run next. */
  readonly ready: boolean;
  /** The run that pursued it last. */
  readonly run: string | undefined;
}

/** A plan file as it lies in the checkout. */
export interface PlanFile {
  readonly path: string;
  readonly plan: Plan;
  /** Seconds since 1970; undefined when nobody knows. */
  readonly made: number | undefined;
  /** Its branch is there: `loop/<plan>`. */
  readonly hasBranch: boolean;
}

/** What the runs of a plan came to. */
interface Pursuit {
  readonly run: string;
  readonly landed: ReadonlySet<string>;
  /** Kind of the run's outcome; undefined while it has none. */
  readonly outcome: string | undefined;
  readonly reason: string;
}

export interface PlanWorld {
  /** Facts of all runs, oldest first. */
  readonly entries: readonly JournalEntry[];
  /** Plans that are done on a branch of their own, which nobody has merged; absent: not looked at. */
  readonly beside?: ReadonlySet<string>;
  /** A process works here at this moment. */
  readonly atWork: boolean;
  /** Seconds since 1970. */
  readonly now: number;
}

/** Every plan with where it stands: ready ones first, the most leverage first, then the oldest. */
export function planRows(files: readonly PlanFile[], world: PlanWorld): readonly PlanRow[] {
  const pursuits = pursuitsOf(world.entries);
  const states = new Map(files.map((file) => [file.plan.plan, stateOf(file, pursuits.get(file.plan.plan), world)]));
  const rows = files.map(({ path, plan, made }): PlanRow => {
    const { state, reason } = states.get(plan.plan) ?? { state: "todo", reason: "" };
    const pursuit = pursuits.get(plan.plan);
    const needs = plan.needs.filter((need) => states.get(need)?.state !== "done");
    const unmerged = plan.needs.filter((need) => !needs.includes(need) && world.beside?.has(need));
    return {
      plan: plan.plan,
      title: plan.title,
      path,
      state,
      reason: reason || (state === "todo" ? missingText(needs, unmerged) : ""),
      tasks: plan.tasks.length,
      landed: plan.tasks.filter(({ id }) => pursuit?.landed.has(id)).length,
      leverage: plan.audit?.leverage,
      days: made === undefined ? undefined : Math.max(0, Math.floor((world.now - made) / 86_400)),
      needs: plan.needs,
      unmerged,
      ready: state === "todo" && needs.length === 0 && unmerged.length === 0,
      run: pursuit?.run,
    };
  });
  return rows.sort(byTurn);
}

function missingText(needs: readonly string[], unmerged: readonly string[]): string {
  if (needs.length > 0) return `it needs ${needs.join(", ")}`;
  return unmerged.length > 0 ? `it needs ${unmerged.join(", ")}, which is done and not merged yet` : "";
}

/** By rule, so that anybody can say beforehand what comes next: ready, then leverage, then age, then name. */
function byTurn(a: PlanRow, b: PlanRow): number {
  const order: readonly PlanState[] = ["running", "todo", "blocked", "done", "rejected"];
  return (
    order.indexOf(a.state) - order.indexOf(b.state) ||
    Number(b.ready) - Number(a.ready) ||
    (b.leverage ?? 0) - (a.leverage ?? 0) ||
    (b.days ?? 0) - (a.days ?? 0) ||
    (a.path < b.path ? -1 : 1)
  );
}

function stateOf(
  { plan, hasBranch }: PlanFile,
  pursuit: Pursuit | undefined,
  { atWork }: PlanWorld,
): { readonly state: PlanState; readonly reason: string } {
  if (plan.rejected) return { state: "rejected", reason: plan.rejected.reason };
  if (pursuit === undefined)
    return hasBranch
      ? { state: "blocked", reason: `loop/${plan.plan} is there, but no run of this journal made it` }
      : { state: "todo", reason: "" };
  if (plan.tasks.every(({ id }) => pursuit.landed.has(id))) return { state: "done", reason: "" };
  if (pursuit.outcome !== undefined) return { state: "blocked", reason: pursuit.reason || pursuit.outcome };
  if (atWork) return { state: "running", reason: "" };
  return { state: "blocked", reason: `run ${pursuit.run} was cut off: millwright resume ${pursuit.run}` };
}

interface Folding {
  readonly plans: Set<string>;
  readonly landed: Set<string>;
  outcome: string | undefined;
  reason: string;
}

function pursuitsOf(entries: readonly JournalEntry[]): ReadonlyMap<string, Pursuit> {
  const runs = new Map<string, Folding>();
  for (const { run, event } of entries) {
    const known = runs.get(run) ?? { plans: new Set(), landed: new Set(), outcome: undefined, reason: "" };
    runs.set(run, known);
    fold(known, event);
  }
  const pursuits = new Map<string, Pursuit>();
  for (const [run, { plans, landed, outcome, reason }] of runs)
    for (const plan of plans) {
      const before = pursuits.get(plan)?.landed ?? [];
      pursuits.set(plan, { run, landed: new Set([...before, ...landed]), outcome, reason });
    }
  return pursuits;
}

function fold(run: Folding, event: JournalEntry["event"]): void {
  switch (event.type) {
    case "plan-accepted":
      run.plans.add(event.plan);
      return;
    case "landed":
      run.landed.add(event.task);
      return;
    case "task-ended":
      if (event.outcome === "superseded") run.landed.add(event.task);
      return;
    case "run-resumed":
      run.outcome = undefined;
      return;
    case "run-ended":
      run.outcome = event.outcome;
      run.reason = event.reason;
  }
}
