import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { mattersOf, type Resting } from "../domain/comeback.ts";
import type { JournalEntry } from "../domain/event.ts";
import type { Plan } from "../domain/plan.ts";
import { parsePlan } from "../domain/plan-text.ts";
import { InputError } from "../domain/step-failure.ts";
import { BranchResult } from "../domain/step-shapes.ts";
import type { Task } from "../domain/task.ts";
import type { RunContext } from "../engine/context.ts";
import { checkPlans } from "../engine/planning.ts";

/** A plan of the run as it was accepted, and as it stands now where a person may have edited it. */
export interface EditedPlan {
  readonly accepted: Plan;
  readonly now: readonly { readonly at: string; readonly text: string }[];
}

/** Where a person edits a plan: on the plan's branch, or in the checkout, there unless it is as it was when the run began. */
export async function editedPlans(
  entries: readonly JournalEntry[],
  context: RunContext,
  root: string,
): Promise<readonly EditedPlan[]> {
  const facts = new Map(entries.map(({ key, event }) => [key, event]));
  const accepted = entries.flatMap(({ event }) => (event.type === "plan-accepted" ? [event] : []));
  const edited = accepted.map(async (about): Promise<EditedPlan | undefined> => {
    const opened = facts.get(`done/branch/${about.plan}`);
    if (opened?.type !== "step-completed") return undefined;
    const { git } = context.ports.repository(undefined);
    const first = parsePlan((await git.read(BranchResult.parse(opened.result).tree, about.path)) ?? "");
    if (first.kind !== "plan") return undefined;
    return { accepted: first.plan, now: await textsNow(about, context, root) };
  });
  return (await Promise.all(edited)).filter((plan) => plan !== undefined);
}

async function textsNow(
  { path, branch }: { readonly path: string; readonly branch: string },
  context: RunContext,
  root: string,
): Promise<EditedPlan["now"]> {
  const { git } = context.ports.repository(undefined);
  const textAt = async (ref: string) => {
    const found = await git.resolve(ref);
    return found && (await git.read(found.tree, path));
  };
  const [onBranch, before] = [await textAt(branch), await textAt(context.base.commit)];
  const here = await readFile(join(root, path), "utf8").catch(() => undefined);
  return [
    ...(onBranch === undefined ? [] : [{ at: `${branch}:${path}`, text: onBranch }]),
    ...(here === undefined || here === before ? [] : [{ at: path, text: here }]),
  ];
}

/** The task as a person has edited it since it rests. @throws InputError when the edited plan cannot be read or is refused by the rules */
export async function editedTask(
  resting: Resting,
  plans: readonly EditedPlan[],
  context: RunContext,
): Promise<Task | undefined> {
  const own = plans.find(({ accepted }) => accepted.tasks.some(({ id }) => id === resting.task));
  for (const { at, text } of own?.now ?? []) {
    const parsed = parsePlan(text);
    if (parsed.kind === "problems") throw new InputError(parsed.problems.map((problem) => `${at}: ${problem}`));
    const task = parsed.plan.tasks.find(({ id }) => id === resting.task);
    if (task === undefined || mattersOf(task, [], () => []).task === resting.matters.task) continue;
    await refuseBadEdit(task, at, plans, context);
    return task;
  }
  return undefined;
}

async function refuseBadEdit(task: Task, at: string, plans: readonly EditedPlan[], context: RunContext): Promise<void> {
  const accepted = plans.map((plan) => plan.accepted);
  const edited = accepted.map((plan) => ({
    ...plan,
    tasks: plan.tasks.map((one) => (one.id === task.id ? task : one)),
  }));
  const [before, after] = [await checkPlans(accepted, context), await checkPlans(edited, context)];
  const known = new Set(before.kind === "refused" ? before.findings.map(({ message }) => message) : []);
  const fresh = after.kind === "refused" ? after.findings.filter(({ message }) => !known.has(message)) : [];
  if (fresh.length > 0) throw new InputError(fresh.map(({ message }) => `${at}: ${message}`));
}
