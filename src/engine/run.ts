import type { Round } from "../briefs/architect-brief.ts";
import { isApprovalNeeded } from "../domain/approval-texts.ts";
import { isDelivered, outcomeOfFailure, type RunOutcome, reasonOf, type TaskOutcome } from "../domain/outcome.ts";
import type { Plan } from "../domain/plan.ts";
import { taskOrder } from "../domain/plan-graph.ts";
import { planPath } from "../domain/plan-path.ts";
import { printPlan } from "../domain/plan-text.ts";
import { baseGone, noCommit } from "../domain/run-failures.ts";
import { BranchResult } from "../domain/step-shapes.ts";
import type { Task } from "../domain/task.ts";
import { incidentOfGoal } from "../domain/task-stop.ts";
import { uniquePlan } from "../domain/unique-plan.ts";
import { shownPlan } from "../domain/wiki/docs-plan.ts";
import type { RunContext, TaskContext } from "./context.ts";
import { deliver } from "./deliver.ts";
import { judgeGoal } from "./goal.ts";
import { passLine, report, watchPattern } from "./line.ts";
import { checkPlans, makePlans } from "./planning.ts";
import { sideBySide } from "./side-by-side.ts";
import { appendChanged, step } from "./step.ts";
import { type Turn, turnstile } from "./turns.ts";

/** What a run does with a goal that is met; a result that is rejected takes another round. */
export type Finish = (
  done: Extract<RunOutcome, { kind: "done" }>,
) => Promise<RunOutcome | { readonly kind: "rejected"; readonly reason: string }>;

/**
 * Pursues a spec: plan, deliver every task, then ask whether the goal is met; if not, what is missing becomes the next
 * plan. `finish` belongs to the run: it may be called again after a crash, and the run has not ended before it; what it
 * sends back goes on in another round.
 */
export async function run(context: RunContext, finish: Finish): Promise<RunOutcome> {
  const outcome = await pursue(context, finish).catch(outcomeOfFailure);
  await endRun(outcome, context);
  return outcome;
}

/** What a run has come to: folded from the outcomes of its tasks. */
interface Progress {
  readonly done: Map<string, TaskOutcome>;
  readonly plans: Plan[];
  branch: string | undefined;
}

/** The same without a word on the run's end: what it comes to is part of something larger. @throws StepFailure */
export async function pursue(context: RunContext, finish: Finish): Promise<RunOutcome> {
  const rounds = context.workflow.goal.rounds ?? context.config.limits.goalRounds;
  const progress: Progress = { done: new Map(), plans: [], branch: undefined };
  let missing: readonly string[] = [];
  for (let round = 1; ; round++) {
    const stopped = await planAndDeliver({ number: round, missing }, progress, context);
    if (stopped) return stopped;
    const ended = await endOf(round, progress, context, finish);
    if (ended.kind !== "unmet") return ended;
    const unmet = ended.evidence.filter((line) => !line.startsWith("met"));
    if (round >= rounds) {
      await report(incidentOfGoal(context.ports.journal.run, round, unmet), context);
      return { kind: "stuck", reason: `the goal is not met after ${round} round(s): ${unmet.join(" | ")}` };
    }
    missing = ended.evidence;
  }
}

/** How the run ends after this round, or what is missing: a goal that is not met, or a result that is rejected. */
async function endOf(round: number, progress: Progress, context: RunContext, finish: Finish) {
  const { met, evidence } = await goalOf(round, progress, context);
  if (!met) return { kind: "unmet", evidence } as const;
  const finished = await finish({ kind: "done", branch: progress.branch ?? "" });
  return finished.kind === "rejected" ? ({ kind: "unmet", evidence: [finished.reason] } as const) : finished;
}

/** One round up to the goal; returns an outcome when the run ends before it. */
async function planAndDeliver(round: Round, progress: Progress, context: RunContext): Promise<RunOutcome | undefined> {
  const given = round.number === 1 ? context.plans : undefined;
  const planned = given ? await checkPlans(given, context) : await makePlans(round, context);
  if (planned.kind === "refused")
    return {
      kind: "stuck",
      reason: `the plan is refused: ${planned.findings.map((finding) => finding.message).join(" | ")}`,
    };
  for (const proposed of planned.plans) {
    if (context.delivered?.includes(proposed.plan)) {
      passOver(proposed, progress);
      continue;
    }
    const plan = uniquePlan(proposed, progress.plans);
    progress.plans.push(plan);
    progress.branch = await openBranch(plan, progress.branch, context);
    const stopped = await deliverPlan({ plan, proposed }, progress, context);
    if (stopped) return stopped;
    // The plans after it are made upon all of it: what comes back later must be below them.
    if (plan.tasks.some(({ id }) => !isDelivered(progress.done.get(id)))) break;
  }
  const failed = [...progress.done].filter(([name, outcome]) => !name.includes("/") && !isDelivered(outcome));
  if (failed.length === 0) return undefined;
  return { kind: "stuck", reason: failed.map(([task, outcome]) => `${task}: ${reasonOf(outcome)}`).join(" | ") };
}

/** What lies below the base already is there for whoever needs it. */
function passOver({ plan, tasks }: Plan, { done }: Progress): void {
  const outcome = { kind: "superseded", reason: "it is done already" } as const;
  for (const { id } of tasks) done.set(id, outcome).set(`${plan}/${id}`, outcome);
}

/** The integration branch of a plan, made once: at the base of the run, or at the head of the plan before it. */
async function openBranch(plan: Plan, before: string | undefined, context: RunContext): Promise<string> {
  const { ports, startedAt } = context;
  const { git } = ports.repository(undefined);
  const made = await step(ports, { key: `branch/${plan.plan}`, shape: BranchResult }, async () => {
    const start = await git.resolve(before ?? context.base.commit);
    if (!start) throw baseGone();
    const path = planPath(plan.plan, startedAt);
    const tree = await git.layOver(start.tree, [
      { path, blob: await git.writeBlob(printPlan(shownPlan(plan))), mode: "100644" },
    ]);
    const message = `Plan: ${plan.title}\n\nRun: ${ports.journal.run}\n`;
    const commit = await git.commit({ tree, parents: [start.commit], message, at: startedAt });
    const name = await claimBranch(plan.plan, commit, context);
    return { branch: name, commit, tree };
  });
  await ports.journal.append(`plan/${plan.plan}`, {
    type: "plan-accepted",
    plan: plan.plan,
    path: planPath(plan.plan, context.startedAt),
    branch: made.branch,
    tasks: plan.tasks.map(({ id, title, kind, needs }) => ({ id, title, kind, needs })),
  });
  return made.branch;
}

/** The first of `loop/<plan>`, `loop/<plan>-2`, … that is free, or that this run made before it was killed. */
async function claimBranch(plan: string, commit: string, context: RunContext): Promise<string> {
  const { git } = context.ports.repository(undefined);
  for (let number = 1; ; number++) {
    const name = number === 1 ? `loop/${plan}` : `loop/${plan}-${number}`;
    const head = await git.resolve(name);
    if (head?.commit === commit) return name;
    if (!head && (await git.advance(name, undefined, commit))) return name;
  }
}

/**
 * Every task in the order of its needs, independent ones at once. A task that stops does not stop what does not need it;
 * a person's turn stops the run, but their word on one task only what needs it.
 */
async function deliverPlan(
  { plan, proposed }: { plan: Plan; proposed: Plan },
  progress: Progress,
  context: RunContext,
): Promise<RunOutcome | undefined> {
  const { models } = context.ports;
  let [running, inLine] = [0, 0];
  const count = (change: { running?: number; inLine?: number }) => {
    [running, inLine] = [change.running ?? running, change.inLine ?? inLine];
    models.busy(running - inLine);
  };
  const landing = turnstile((waiting) => count({ inLine: waiting }));
  const before = progress.done.size;
  const pieces = taskOrder(plan).map((task, index) => ({
    task,
    name: task.id,
    needs: task.needs,
    position: before + 2 * index,
  }));
  const busy = (now: number) => count({ running: now });
  const how = { width: context.config.parallel, busy, holds: isApprovalNeeded };
  return sideBySide(pieces, how, async ({ task, position }): Promise<RunOutcome | undefined> => {
    const turn = landing();
    const delivering = { plan, progress, context, position, turn };
    const outcome = await deliverTask(task, delivering).finally(turn.release);
    progress.done.set(task.id, outcome);
    const original = proposed.tasks[plan.tasks.indexOf(task)]?.id ?? task.id;
    progress.done.set(`${proposed.plan}/${original}`, outcome);
    if (outcome.kind === "waiting") return { kind: "waiting", reason: `${task.id}: ${outcome.reason}` };
    const ended = { type: "task-ended", task: task.id, outcome: outcome.kind, reason: reasonOf(outcome) } as const;
    const comebacks = "comebacks" in outcome && outcome.comebacks ? { comebacks: outcome.comebacks } : {};
    await appendChanged(context.ports, `ended/${plan.plan}/${task.id}`, { ...ended, ...comebacks });
    if (outcome.kind === "stuck") await watchPattern(context);
    return undefined;
  });
}

interface Delivering {
  readonly plan: Plan;
  readonly progress: Progress;
  readonly context: RunContext;
  readonly position: number;
  readonly turn: Turn;
}

async function deliverTask(task: Task, delivering: Delivering): Promise<TaskOutcome> {
  const { plan, progress, context, position, turn } = delivering;
  const blocking = task.needs.find((need) => !isDelivered(progress.done.get(need)));
  if (blocking) return { kind: "skipped", reason: `it needs ${blocking}, which has not landed` };
  const repository = context.ports.repository(task.repo);
  const branch = progress.branch ?? "";
  const head = await step(context.ports, { key: `base/${plan.plan}/${task.id}`, shape: BranchResult }, () =>
    baseOf(task, branch, context),
  );
  const taskContext: TaskContext = { ...context, plan, repository, branch, position, turn };
  return deliver(task, { commit: head.commit, tree: head.tree }, taskContext);
}

/** The head that a task starts from; in another repository the branch is made at its HEAD. */
async function baseOf(task: Task, branch: string, context: RunContext) {
  await passLine(context);
  const { git } = context.ports.repository(task.repo);
  const head = await git.resolve(branch);
  if (head) return { branch, ...head };
  const start = await git.resolve("HEAD");
  if (!start) throw noCommit(task.id);
  await git.advance(branch, undefined, start.commit);
  return { branch, ...start };
}

async function goalOf(round: number, { plans, branch }: Progress, context: RunContext) {
  const { git } = context.ports.repository(undefined);
  const name = branch ?? "HEAD";
  const head = await step(context.ports, { key: `goal-head/${round}`, shape: BranchResult }, async () => {
    const found = await git.resolve(name);
    return { branch: name, commit: found?.commit ?? "", tree: found?.tree ?? "" };
  });
  const base = await git.resolve(context.base.commit);
  return judgeGoal(round, plans, { tree: head.tree, base: base?.tree ?? "" }, context);
}

/** The end of a run is a fact unless it can go on: waiting, stopped and cancelled runs are resumed. */
async function endRun(outcome: RunOutcome, context: RunContext): Promise<void> {
  const { journal } = context.ports;
  const reason = "reason" in outcome ? outcome.reason : "";
  const final = outcome.kind === "done" || outcome.kind === "stuck";
  const back = (await journal.entries()).filter(({ event }) => event.type === "task-reopened").length;
  const ended = { type: "run-ended", outcome: outcome.kind, reason, ...(back ? { comebacks: back } : {}) } as const;
  if (final) return appendChanged(context.ports, "ended", ended);
  let count = 1;
  while (await journal.find(`paused/${count}`)) count++;
  return journal.append(`paused/${count}`, { type: "run-ended", outcome: outcome.kind, reason });
}
