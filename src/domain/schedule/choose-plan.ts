/** A plan that may be pursued, as the schedule sees it. */
export interface PendingPlan {
  /** Name, as other plans need it. */
  readonly plan: string;
  /** Path of its file inside the repository. */
  readonly path: string;
  /** `open`: a run of it was cut off or stopped, and goes on. */
  readonly state: "todo" | "open" | "waiting" | "running" | "done" | "blocked" | "rejected";
  /** Names of plans that have to be done first. */
  readonly needs: readonly string[];
  /** How much it is worth for what it takes; more is better. Absent: nobody said. */
  readonly leverage?: number | undefined;
  /** When it was written, in milliseconds since 1970. */
  readonly since: number;
  /** The run that goes on. */
  readonly run?: string | undefined;
}

/** The plan that comes next, in words why, and why the others do not. */
export interface PlanChoice {
  readonly next: PendingPlan | undefined;
  readonly because: string;
  readonly passedOver: readonly { readonly plan: string; readonly why: string }[];
}

/**
 * The next plan: of those that are ready, one that was cut off goes on before anything new begins; then the one with the
 * most leverage, then the oldest, then by name.
 */
export function choosePlan(plans: readonly PendingPlan[]): PlanChoice {
  const done = new Set(plans.filter(({ state }) => state === "done").map(({ plan }) => plan));
  const reasons = plans.map((plan) => ({ plan, why: notReady(plan, done) }));
  const ready = reasons.flatMap(({ plan, why }) => (why === undefined ? [plan] : [])).toSorted(byRule);
  const [next, ...rest] = ready;
  const passedOver = [
    ...rest.map(({ plan }) => ({ plan, why: "ready, and comes later" })),
    ...reasons.flatMap(({ plan, why }) =>
      why === undefined || plan.state === "done" ? [] : [{ plan: plan.plan, why }],
    ),
  ];
  return { next, because: next === undefined ? "no plan is ready" : becauseOf(next, rest), passedOver };
}

function notReady(plan: PendingPlan, done: ReadonlySet<string>): string | undefined {
  if (plan.state !== "todo" && plan.state !== "open") return plan.state;
  const missing = plan.needs.filter((need) => !done.has(need));
  return missing.length === 0 ? undefined : `needs ${missing.join(", ")}`;
}

function byRule(one: PendingPlan, other: PendingPlan): number {
  return (
    Number(other.state === "open") - Number(one.state === "open") ||
    leverageOf(other) - leverageOf(one) ||
    one.since - other.since ||
    (one.plan < other.plan ? -1 : 1)
  );
}

/** Whatever nobody rated comes after all that somebody did. */
function leverageOf({ leverage }: PendingPlan): number {
  return leverage ?? -1;
}

function becauseOf(next: PendingPlan, rest: readonly PendingPlan[]): string {
  if (next.state === "open") return "its run was not ended";
  const [second] = rest;
  if (second === undefined) return "the only one that is ready";
  if (leverageOf(next) > leverageOf(second)) return `the most leverage of ${rest.length + 1} that are ready`;
  return next.since < second.since ? `the oldest of ${rest.length + 1} that are ready` : "first by name";
}
