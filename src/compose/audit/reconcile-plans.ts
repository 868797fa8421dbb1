import { distanceOf } from "../../adapters/git/system/revisions.ts";
import { type CodeNow, checkPlan, type PlanCheck, refreshedPlan, withRejection } from "../../domain/audit/reconcile.ts";
import type { Config } from "../../domain/config.ts";
import type { GoalCheck, Plan } from "../../domain/plan.ts";
import { printPlan } from "../../domain/plan-text.ts";
import { baseGone } from "../../domain/run-failures.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import { timeText } from "../../domain/time-text.ts";
import type { Repository } from "../../engine/ports.ts";
import { chooseSandbox, closeSandbox } from "../choose-sandbox.ts";
import { openRepository } from "../open-repository.ts";
import { listPlans, type PlanPlace, writePlan } from "./open-audits.ts";
import { type FoundPlan, plansIn } from "./plan-files.ts";

interface Reconciling {
  readonly config: Config;
  readonly apply: boolean;
  readonly signal: AbortSignal;
}

/**
 * Looks at every plan that waits or is blocked: are its files, its evidence and its base still there, is its goal met? Goal
 * commands run in the sandbox. `apply` writes new lines and bases into plans that hold, and rejects stale ones in their file.
 * @throws StepFailure, InputError
 */
export async function reconcilePlans(place: PlanPlace, how: Reconciling): Promise<readonly PlanCheck[]> {
  const rows = await listPlans(place);
  const open = new Set(rows.filter(({ state }) => state === "todo" || state === "blocked").map(({ path }) => path));
  const plans = (await plansIn(place.root)).plans.filter(({ path }) => open.has(path));
  if (plans.length === 0) return [];
  const { root, stateDir, inspection } = place;
  const sandbox = await chooseSandbox(how.config);
  const opened = await openRepository({ root, stateDir, config: how.config, sandbox, inspection });
  try {
    const checks: PlanCheck[] = [];
    for (const found of plans) checks.push(await checkOne(found, place, { ...how, repository: opened.repository }));
    return checks;
  } finally {
    await opened.close();
    await closeSandbox(sandbox);
  }
}

type Open = Reconciling & { readonly repository: Repository };

async function checkOne(found: FoundPlan, place: PlanPlace, open: Open): Promise<PlanCheck> {
  const { plan, path, text } = found;
  const now = await codeNow(plan, place, open);
  const check = checkPlan(plan, path, now);
  if (!open.apply || check.verdict === "fits") return { ...check, applied: false };
  const reason = `stale: ${check.notes[0] ?? "it no longer fits the code"}`;
  const on = timeText(place.now).slice(0, 10);
  const fresh =
    check.verdict === "stale"
      ? withRejection(text, { reason, by: "millwright plans reconcile", on })
      : printPlan(refreshedPlan(plan, now));
  await writePlan(place.root, path, fresh);
  return { ...check, applied: true };
}

async function codeNow(plan: Plan, place: PlanPlace, open: Open): Promise<CodeNow> {
  const { git } = open.repository;
  const head = await git.resolve("HEAD");
  if (!head) throw baseGone();
  const isId = /^[0-9a-f]{40,64}$/.test(plan.base);
  const distance = isId ? await distanceOf(place.inspection, plan.base, head.commit) : undefined;
  const base = distance && (await git.resolve(plan.base));
  const changed = base ? (await git.changes(base.tree, head.tree)).map(({ path }) => path) : [];
  const wanted = [...new Set((plan.audit?.evidence ?? []).map(({ file }) => file))];
  const texts = new Map(
    await Promise.all(wanted.map(async (path) => [path, await git.read(head.tree, path)] as const)),
  );
  return {
    head: head.commit,
    files: (await git.list(head.tree)).map(({ path }) => path),
    text: (path) => texts.get(path),
    commits: distance?.commits,
    changed,
    goal: await goalNow(plan.goal, head.tree, open),
  };
}

/** Each check of the goal; one that cannot be looked at is not met. */
async function goalNow(goal: readonly GoalCheck[], tree: string, open: Open): Promise<NonNullable<CodeNow["goal"]>> {
  const [met, unmet]: [string[], string[]] = [[], []];
  for (const check of goal) {
    const holds = "run" in check ? await succeeds(check.run, tree, open) : await isInFile(check, tree, open);
    const told =
      "run" in check ? check.run : `${check.file}${check.contains ? ` holds ${JSON.stringify(check.contains)}` : ""}`;
    (holds ? met : unmet).push(told);
  }
  return { met, unmet };
}

async function isInFile(
  check: Extract<GoalCheck, { file: string }>,
  tree: string,
  { repository }: Open,
): Promise<boolean> {
  const text = await repository.git.read(tree, check.file);
  return text?.includes(check.contains ?? "") ?? false;
}

async function succeeds(run: string, tree: string, { repository, config, signal }: Open): Promise<boolean> {
  try {
    await repository.toolchain.prepare(tree);
    const result = await repository.toolchain.command({ tree, run, seconds: config.limits.commandSeconds }, signal);
    return result.ended === "exited" && result.exitCode === 0;
  } catch (error) {
    if (error instanceof StepFailure && error.code !== "cancelled") return false;
    throw error;
  }
}
