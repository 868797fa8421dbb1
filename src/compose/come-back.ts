import {
  changesSince,
  MAKER_ROLES,
  mattersOf,
  type Resting,
  reopeningKey,
  restingIn,
  restsText,
} from "../domain/comeback.ts";
import type { Config } from "../domain/config.ts";
import type { Event, JournalEntry } from "../domain/event.ts";
import { namesFor } from "../domain/known-backends.ts";
import { InputError } from "../domain/step-failure.ts";
import type { Task } from "../domain/task.ts";
import { timeText } from "../domain/time-text.ts";
import type { RunContext } from "../engine/context.ts";
import type { Changes } from "../mill.ts";
import { approveSpec } from "./approve-spec.ts";
import { type EditedPlan, editedPlans, editedTask } from "./edited-plan.ts";

type Fact<Type extends Event["type"]> = Extract<Event, { type: Type }>;

/**
 * Lets the resting tasks of a run come back for which something that could matter has changed: a fact each, with the
 * reason, written before the run goes on.
 * @throws InputError when a stuck run has nothing to go on with, or the person's wish cannot be met
 */
export async function letComeBack(changes: Changes, context: RunContext, root: string): Promise<void> {
  const { journal } = context.ports;
  const entries = await journal.entries();
  const resting = restingIn(entries);
  const wished = changes.retry;
  if (wished && !resting.some(({ task }) => task === wished.task)) throw nothingRests(wished.task, resting);
  const approved = changes.approveSpec !== undefined && (await approveSpec(changes.approveSpec, context, root));
  const plans = await editedPlans(entries, context, root);
  let back = 0;
  for (const one of resting) {
    const fact = await reopening(one, { changes, plans }, context);
    if (fact === undefined) continue;
    await journal.append(reopeningKey(one.task, one.answers), fact);
    back += 1;
  }
  if (back > 0 || approved || outcomeOf(entries) !== "stuck") return;
  if (resting.length === 0) throw new InputError([stuckForGood(journal.run, entries)]);
  throw new InputError(resting.map((one) => restsText(one, journal.run, timeText(one.since))));
}

function outcomeOf(entries: readonly JournalEntry[]): string | undefined {
  return lastEnd(entries)?.outcome;
}

/** A kill between a comeback and what it leads to leaves the run open. */
const ENDS_OR_GOES_ON: readonly string[] = ["run-ended", "run-resumed", "task-reopened", "spec-approved"];

function lastEnd(entries: readonly JournalEntry[]): Fact<"run-ended"> | undefined {
  const last = entries.findLast(({ event }) => ENDS_OR_GOES_ON.includes(event.type))?.event;
  return last?.type === "run-ended" ? last : undefined;
}

function stuckForGood(run: string, entries: readonly JournalEntry[]): string {
  return `No task of ${run} rests, so nothing can come back: ${lastEnd(entries)?.reason ?? ""} Start a new run.`;
}

function nothingRests(task: string, resting: readonly Resting[]): InputError {
  const those = resting.map((one) => one.task).join(", ");
  const hint = those === "" ? "No task of this run does." : `Those that do: ${those}.`;
  return new InputError([`--retry: ${task} does not rest. ${hint}`]);
}

interface Changed {
  readonly changes: Changes;
  readonly plans: readonly EditedPlan[];
}

async function reopening(
  resting: Resting,
  { changes, plans }: Changed,
  context: RunContext,
): Promise<Fact<"task-reopened"> | undefined> {
  const { models } = context.ports;
  const { task, matters } = resting;
  const word = changes.retry?.task === task ? changes.retry.word : undefined;
  const names = (role: (typeof MAKER_ROLES)[number]) => models.ladder(role).map(({ name }) => name);
  const edited = await editedTask(resting, plans, context);
  const { repo } = plans.flatMap(({ accepted }) => accepted.tasks).find(({ id }) => id === task) ?? EMPTY;
  const active = context.ports.repository(repo).corrections?.active ?? [];
  const current = mattersOf(edited ?? EMPTY, active, names);
  const now = edited ? current : { ...current, task: matters.task ?? "" };
  const reasons = [...(word === undefined ? [] : [`a person says: ${word}`]), ...changesSince(matters, now)];
  if (reasons.length === 0) return undefined;
  return {
    type: "task-reopened",
    task,
    reason: reasons.join("; "),
    ...(matters.corrections === now.corrections ? {} : { anew: true }),
    ...(word === undefined ? {} : { word }),
    ...(edited === undefined ? {} : { revision: edited }),
    models: Object.fromEntries(MAKER_ROLES.map((role) => [role, names(role)])),
  };
}

const EMPTY = {} as Task;

/**
 * The config that a run goes on with: frozen, but for the models of its makers. Those are the ones that it came back with
 * last, or, where tasks rest and the person has changed millwright.yaml since the run began, the ones that stand there.
 */
export function withModelsNow(
  frozen: { readonly config: Config; readonly configured: Config["models"] | undefined },
  now: Config,
  entries: readonly JournalEntry[],
): Config {
  const { config, configured } = frozen;
  const rests = restingIn(entries).length > 0;
  const back = entries.findLast(({ event }) => event.type === "task-reopened")?.event as
    | Fact<"task-reopened">
    | undefined;
  if (!rests && back === undefined) return config;
  const chosen = MAKER_ROLES.map((role) => {
    const [was, is] = [configured && namesFor(configured, role), namesFor(now.models, role)];
    const isNew = rests && was !== undefined && is.length > 0 && was.join() !== is.join();
    return [role, isNew ? is : (back?.models[role] ?? namesFor(config.models, role))] as const;
  }).filter(([, names]) => names.length > 0);
  return {
    ...config,
    models: { ...config.models, ...Object.fromEntries(chosen.map(([role, names]) => [role, [...names]])) },
    servers: { ...now.servers, ...config.servers },
    agents: { ...now.agents, ...config.agents },
    aliases: { ...now.aliases, ...config.aliases },
    prices: { ...now.prices, ...config.prices },
  };
}
