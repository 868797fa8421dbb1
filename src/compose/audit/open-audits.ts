import { mkdir, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import type { Inspection } from "../../adapters/git/system/inspection.ts";
import { distanceOf, loopBranches } from "../../adapters/git/system/revisions.ts";
import type { JournalStore } from "../../adapters/journal/store.ts";
import { isHeld } from "../../adapters/lock/lock.ts";
import { type PlanRow, planRows } from "../../domain/audit/plan-state.ts";
import { withRejection } from "../../domain/audit/reconcile.ts";
import { didYouMean } from "../../domain/nearest-word.ts";
import { InputError } from "../../domain/step-failure.ts";
import { timeText } from "../../domain/time-text.ts";
import { type FoundPlan, plansIn } from "./plan-files.ts";
import { plansBeside } from "./plan-standing.ts";

/** Where plans lie, and what the journal knows of them. */
export interface PlanPlace {
  readonly root: string;
  readonly stateDir: string;
  readonly store: JournalStore;
  readonly inspection: Inspection;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Every plan of the checkout with where it stands. */
export async function listPlans(place: PlanPlace): Promise<readonly PlanRow[]> {
  const { plans } = await plansIn(place.root);
  const branches = new Set(await loopBranches(place.inspection));
  const files = plans.map(async (found) => ({
    path: found.path,
    plan: found.plan,
    made: await madeAt(found, place),
    hasBranch: branches.has(`loop/${found.plan.plan}`),
  }));
  const entries = await place.store.open("plans").since(0);
  const beside = await plansBeside(
    plans.map(({ plan }) => plan),
    entries,
    place.inspection,
  );
  const world = { entries, beside, atWork: isHeld(place.stateDir), now: Math.floor(place.now / 1000) };
  return planRows(await Promise.all(files), world);
}

/** When a plan was made: as it says itself, else by its base, else by its file. */
async function madeAt({ plan, seconds }: FoundPlan, { inspection }: PlanPlace): Promise<number | undefined> {
  if (plan.audit) return Math.floor(Date.parse(`${plan.audit.made}T00:00:00Z`) / 1000);
  const based = /^[0-9a-f]{40,64}$/.test(plan.base)
    ? await distanceOf(inspection, plan.base, inspection.head ?? plan.base)
    : undefined;
  return based?.at ?? seconds;
}

/** Writes the rejection into the plan's file and answers its path. @throws InputError */
export async function rejectPlan(place: PlanPlace, name: string, reason: string): Promise<string> {
  const found = await planNamed(place.root, name);
  const said = reason.replace(/\s+/g, " ").trim();
  if (said === "") throw new InputError(['A rejection needs its reason: --reason "why it is not wanted".']);
  if (found.plan.rejected)
    throw new InputError([`The plan ${found.plan.plan} was rejected already: ${found.plan.rejected.reason}.`]);
  const rejected = { reason: said, by: userInfo().username, on: timeText(place.now).slice(0, 10) };
  await writePlan(place.root, found.path, withRejection(found.text, rejected));
  return found.path;
}

export async function writePlan(root: string, path: string, text: string): Promise<void> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** A plan by its name, its file's name or its path. @throws InputError */
export async function planNamed(root: string, name: string): Promise<FoundPlan> {
  const { plans, problems } = await plansIn(root);
  const found = plans.find(({ plan, path }) => [plan.plan, path, path.replace(/^plans\//, "")].includes(name));
  if (found) return found;
  const names = plans.map(({ plan }) => plan.plan);
  const hint =
    didYouMean(name, names) || (names.length > 0 ? ` There are: ${names.join(", ")}.` : " There is no plan in plans/.");
  throw new InputError([`There is no plan ${name}.${hint}`, ...problems]);
}
