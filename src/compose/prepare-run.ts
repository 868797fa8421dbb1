import { resolve } from "node:path";
import { systemClock } from "../adapters/clock/system.ts";
import type { Inspection } from "../adapters/git/system/inspection.ts";
import type { JournalStore } from "../adapters/journal/store.ts";
import { judgedByCommands } from "../domain/independence.ts";
import { RunInputs } from "../domain/run-inputs.ts";
import type { Mill, RunRequest } from "../mill.ts";
import { AUDIT_ROLES } from "./audit/conduct-audit.ts";
import { deliveredPlans } from "./audit/delivered-plans.ts";
import { loadWorkflow, packageVersion, withFlags } from "./read-config.ts";
import { readInput } from "./read-input.ts";
import { RESEARCH_ROLES } from "./research/research-roles.ts";
import { runId } from "./run-id.ts";
import type { Starting } from "./run-once.ts";
import type { GivenPlan } from "./wiki/wiki-door.ts";
import { bent, type Wiring } from "./wiring.ts";

/** A repository that was opened for the apps. */
export interface Opened {
  readonly inspection: Inspection;
  readonly stateDir: string;
  readonly store: JournalStore;
  readonly wiring: Wiring;
}

/** Reads and freezes everything that a run depends on. @throws InputError with every problem */
export async function prepare(
  request: RunRequest,
  opened: Opened,
  config: Mill["config"],
  given?: GivenPlan,
): Promise<Starting> {
  const { inspection } = opened;
  const head = given?.base ?? inspection.head ?? "";
  const merged = bent(withFlags(config, request), opened.wiring);
  const [input, workflow] = await Promise.all([
    given?.input ?? readInput(request.input, inspection.root, head),
    loadWorkflow(inspection.root, merged.workflow),
  ]);
  const place = { root: inspection.root, stateDir: opened.stateDir, store: opened.store, inspection };
  const delivered = await deliveredPlans(input.plans ?? [], { ...place, now: systemClock().now(), base: head });
  const judged = request.recording === undefined ? judgedByCommands(workflow, merged) : workflow;
  const { begin } = opened.wiring;
  const now = begin === undefined ? systemClock().now() : begin.startedAt * 1000;
  const limits = {
    ...merged.limits,
    ...(workflow.limits.attempts === undefined ? {} : { attempts: workflow.limits.attempts }),
  };
  const inputs = RunInputs.parse({
    spec: input.spec,
    plans: input.plans,
    ...(delivered.length === 0 ? {} : { delivered }),
    config: { ...merged, limits },
    workflow: judged,
    base: { commit: head, branch: inspection.branch },
    startedAt: Math.floor(now / 1000),
    version: await packageVersion(),
    configured: bent(config, opened.wiring).models,
    land: request.land,
    replay:
      request.recording === undefined
        ? undefined
        : { dir: resolve(request.recording), strict: request.strict ?? false },
  });
  return startingOf(opened, {
    id: begin?.run ?? runId(now),
    inputs,
    notices: [
      ...noticesOf(input.notices, delivered),
      ...(judged === workflow ? [] : [BY_COMMANDS]),
      ...dirtyNotice(inspection),
    ],
    resumed: false,
  });
}

export function startingOf(
  opened: Opened,
  rest: Pick<Starting, "id" | "inputs" | "notices" | "resumed" | "before" | "heard">,
): Starting {
  const { inspection, stateDir, store, wiring } = opened;
  const roles = {
    ...(rest.inputs.audit && { roles: AUDIT_ROLES }),
    ...(rest.inputs.research && { roles: RESEARCH_ROLES }),
  };
  return { root: inspection.root, stateDir, store, wiring, inspection, ...roles, ...rest };
}

function noticesOf(read: readonly string[], delivered: readonly string[]): readonly string[] {
  return [...read, ...delivered.map((plan) => `The plan ${plan} is done and in the base: it is not pursued again.`)];
}

const BY_COMMANDS =
  "No model is configured for the goal-checker: the goal is judged by its commands and file checks alone.";

export function dirtyNotice(inspection: Inspection): readonly string[] {
  const changed = inspection.dirty.filter((path) => !path.startsWith(".millwright"));
  if (changed.length === 0) return [];
  return [
    `Your checkout has ${changed.length} uncommitted change(s); the run starts from the commit ${inspection.head?.slice(0, 12)} and leaves them alone.`,
  ];
}
