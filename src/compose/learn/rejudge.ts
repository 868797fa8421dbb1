import { gatesFor, type ListedGate } from "../../domain/gates/all.ts";
import { isExpected, leading } from "../../domain/leading-finding.ts";
import type { RecordedProposal } from "../../domain/learn-history.ts";
import type { Rejudged } from "../../domain/learn-table.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import type { Refusal } from "../../domain/verdict.ts";
import { layered, receive } from "../../engine/answer.ts";
import type { TaskContext } from "../../engine/context.ts";
import { begin, type Delivery } from "../../engine/delivery.ts";
import { observeAll } from "../../engine/observe.ts";
import type { Corrections } from "../../engine/ports.ts";
import type { LearnWorld } from "./learn-world.ts";
import { type Recorded, type Setting, settingOf } from "./recorded.ts";

/** What is needed for judging a recorded proposal again. */
export interface Judging {
  readonly recorded: Recorded;
  readonly world: LearnWorld;
  /** Aborted when the time is over. */
  readonly signal: AbortSignal;
}

/**
 * Lets the door and the gates judge a recorded reply again, as if these corrections had been on: the same base and layers,
 * real observations, remembered for the next time. `upTo`: the gate that refused it is the last one asked.
 * @throws StepFailure `cancelled` when the time is over
 */
export async function rejudge(
  proposal: RecordedProposal,
  corrections: Corrections,
  judging: Judging,
): Promise<Rejudged> {
  const { recorded, world, signal } = judging;
  const setting = await settingOf(proposal, recorded, world).catch(() => undefined);
  if (setting === undefined) return { kind: "unjudged", why: "its plan or its run can no longer be read" };
  if (setting.task.repo !== undefined) return { kind: "unjudged", why: "it is of another repository" };
  try {
    return await judged(proposal, await contextOf(proposal, setting, { corrections, world, signal }), setting);
  } catch (error) {
    if (signal.aborted || !(error instanceof StepFailure)) throw error;
    return { kind: "unjudged", why: error.message };
  }
}

async function judged(proposal: RecordedProposal, context: TaskContext, setting: Setting): Promise<Rejudged> {
  const { role, attempt, before } = proposal;
  const work = await layered(before, context);
  const fresh = begin(setting.task, before.base, context);
  const asked = proposal.asked.slice(0, -1);
  const delivery: Delivery = { ...fresh, state: { ...fresh.state, work, asked } };
  const text = await context.ports.journal.getBlob(proposal.reply);
  const answer = { text, model: "recorded", cutOff: proposal.cutOff };
  const gate = proposal.asked.at(-1) ?? "";
  const result = await receive(answer, { role, attempt, gate, delivery, context });
  if (result.kind === "impossible") return { kind: "unjudged", why: "its maker said that it is impossible" };
  if (result.kind === "refused") return { kind: "refused", refusal: { gate: "door", findings: result.findings } };
  const state = { ...delivery.state, work: result.work, asked: proposal.asked };
  return judgedByGates(proposal, { ...delivery, state }, context);
}

/** Every gate up to the one that refused it, or to the one at which somebody else's turn came. */
async function judgedByGates(proposal: RecordedProposal, delivery: Delivery, context: TaskContext): Promise<Rejudged> {
  const { state, rounds } = delivery;
  const seen = new Map<string, unknown>();
  const unasked: string[] = [];
  for (const listed of gatesOf(proposal, delivery)) {
    const isLast = listed.label === proposal.refusal?.gate;
    const failure = await observed(listed, { state, rounds, context }, seen);
    if (failure !== undefined && isLast) return { kind: "unjudged", why: `${listed.label}: ${failure}` };
    if (failure !== undefined) unasked.push(listed.label);
    else {
      const verdict = listed.gate.judge(state, seen, listed.entry);
      if (verdict.kind === "refuse")
        return sayingNo({ gate: listed.label, findings: verdict.findings }, proposal, unasked);
    }
  }
  return { kind: "passes", unasked };
}

/** The gates that said something of a proposal when it was recorded; whether the branch has moved since is no property of it. */
function gatesOf({ until, refusal }: RecordedProposal, { state }: Delivery): readonly ListedGate[] {
  const all = gatesFor(state.workflow, state.task.kind).filter(({ gate }) => gate.name !== "current");
  const [first, last] = [
    all.findIndex(({ label }) => label === until),
    all.findIndex(({ label }) => label === refusal?.gate),
  ];
  if (first >= 0) return all.slice(0, first);
  return last >= 0 ? all.slice(0, last + 1) : all;
}

/** A "no" that is somebody else's matter is none to this proposal. */
function sayingNo(
  refusal: Refusal,
  { role, refusal: recorded }: RecordedProposal,
  unasked: readonly string[],
): Rejudged {
  const own = leading(refusal)?.answers === role && !isExpected(refusal);
  return own || refusal.gate === recorded?.gate ? { kind: "refused", refusal } : { kind: "passes", unasked };
}

type Look = Parameters<typeof observeAll>[1];

/** Why a gate could not see what it needs; undefined when it could. */
async function observed(listed: ListedGate, look: Look, seen: Map<string, unknown>): Promise<string | undefined> {
  try {
    await observeAll(listed, look, seen);
    return undefined;
  } catch (error) {
    if (look.context.ports.signal.aborted || !(error instanceof StepFailure)) throw error;
    return error.message;
  }
}

interface Judge {
  readonly corrections: Corrections;
  readonly world: LearnWorld;
  readonly signal: AbortSignal;
}

async function contextOf(proposal: RecordedProposal, setting: Setting, judge: Judge): Promise<TaskContext> {
  const { spec, config, workflow, base, startedAt, version } = setting.inputs;
  const { path, ...rest } = spec;
  const ports = judge.world.portsFor(proposal.run, judge.signal);
  const { config: own, ...tools } = ports.repository(undefined);
  return {
    spec: path === undefined ? rest : { ...rest, path },
    config,
    workflow,
    base: { commit: base.commit, ...(base.branch === undefined ? {} : { branch: base.branch }) },
    startedAt,
    version,
    ports,
    purse: { pending: new Set(), released: 0 },
    plan: setting.plan,
    repository: { ...tools, config: own, corrections: judge.corrections },
    branch: proposal.branch,
    position: 0,
    turn: { take: async () => undefined, release: () => undefined },
  };
}
