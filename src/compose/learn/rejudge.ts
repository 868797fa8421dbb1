import { layerOf, rightsOf } from "../../domain/admission.ts";
import type { TaskState } from "../../domain/gate.ts";
import { gatesFor, type ListedGate } from "../../domain/gates/all.ts";
import { isExpected, leading } from "../../domain/leading-finding.ts";
import type { RecordedLanding, RecordedProposal } from "../../domain/learn-history.ts";
import type { Rejudged } from "../../domain/learn-table.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import type { Refusal } from "../../domain/verdict.ts";
import type { FileChange } from "../../domain/work.ts";
import { layered, receive } from "../../engine/answer.ts";
import type { TaskContext } from "../../engine/context.ts";
import { begin, type Delivery } from "../../engine/delivery.ts";
import { observeAll } from "../../engine/observe.ts";
import type { Corrections } from "../../engine/ports.ts";
import { landingOf } from "./find-cases.ts";
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
    const context = await contextOf(proposal, setting, { corrections, world, signal });
    return await judged(proposal, context, { ...setting, landing: landingOf(proposal, recorded.landings) });
  } catch (error) {
    if (signal.aborted || !(error instanceof StepFailure)) throw error;
    return { kind: "unjudged", why: error.message };
  }
}

async function judged(
  proposal: RecordedProposal,
  context: TaskContext,
  { task, landing }: Setting & Pick<Hindsight, "landing">,
): Promise<Rejudged> {
  const { role, attempt, before } = proposal;
  const work = await layered(before, context);
  const fresh = begin(task, before.base, context);
  const asked = proposal.asked.slice(0, -1);
  const delivery: Delivery = { ...fresh, state: { ...fresh.state, work, asked } };
  const text = await context.ports.journal.getBlob(proposal.reply);
  const answer = { text, model: "recorded", cutOff: proposal.cutOff };
  const gate = proposal.asked.at(-1) ?? "";
  const result = await receive(answer, { role, attempt, gate, delivery, context });
  if (result.kind === "impossible") return { kind: "unjudged", why: "its maker said that it is impossible" };
  if (result.kind === "refused") return { kind: "refused", refusal: { gate: "door", findings: result.findings } };
  const state = { ...delivery.state, work: result.work, asked: proposal.asked };
  const gates = gatesOf(proposal, delivery);
  const asking = { gates, last: proposal.refusal?.gate, counts: (refusal: Refusal) => isOwn(refusal, proposal) };
  const own = await judgedByGates(asking, { ...delivery, state }, context);
  return own.kind === "passes" ? ((await inHindsight({ proposal, landing, state }, context)) ?? own) : own;
}

interface Hindsight {
  readonly proposal: RecordedProposal;
  readonly landing: RecordedLanding | undefined;
  readonly state: TaskState;
}

/**
 * Tests that passed are judged once more with the code that landed for their task, which they have to let pass: red cannot
 * see a test that fails on right code too. Undefined where there is nothing more to say than their own gates did.
 */
async function inHindsight(
  { proposal, landing, state }: Hindsight,
  context: TaskContext,
): Promise<Rejudged | undefined> {
  const base = landing?.base;
  const isTests = rightsOf(proposal.role, state.workflow).writes.join() === "tests";
  if (landing === undefined || base === undefined || proposal.refusal !== undefined || !isTests) return undefined;
  const { git } = context.repository;
  const { tests } = state.work;
  const changes = await git.changes(base.tree, landing.tree);
  const code = changes
    .filter(({ path }) => layerOf(state, path) === "code")
    .map(({ path, blob, mode }): FileChange => ({ path, blob, mode: mode === "100755" ? mode : "100644" }));
  const work = await layered({ base, tests, code }, context);
  const gates = gatesFor(state.workflow, state.task).filter(({ gate }) => gate.name !== "current");
  const green = gates.findIndex(({ gate }) => gate.name === "green");
  const fresh = begin(state.task, base, context);
  const delivery: Delivery = { ...fresh, state: { ...fresh.state, work, asked: state.asked } };
  const asking = { gates: gates.slice(0, green + 1), last: gates[green]?.label, counts: () => true };
  const said = await judgedByGates(asking, delivery, context);
  return said.kind === "refused" ? { ...said, hindsight: true } : said;
}

interface Asking {
  readonly gates: readonly ListedGate[];
  /** The gate without whose word nothing can be said. */
  readonly last: string | undefined;
  /** Whether a "no" is held against the proposal. */
  counts(refusal: Refusal): boolean;
}

/** The first "no" of these gates; one that does not count ends it as a pass. */
async function judgedByGates(
  { gates, last, counts }: Asking,
  delivery: Delivery,
  context: TaskContext,
): Promise<Rejudged> {
  const { state, rounds } = delivery;
  const seen = new Map<string, unknown>();
  const unasked: string[] = [];
  for (const listed of gates) {
    const failure = await observed(listed, { state, rounds, context }, seen);
    if (failure === undefined) {
      const verdict = listed.gate.judge(state, seen, listed.entry);
      if (verdict.kind === "pass") continue;
      const refusal = { gate: listed.label, findings: verdict.findings };
      return counts(refusal) ? { kind: "refused", refusal } : { kind: "passes", unasked };
    }
    if (listed.label === last) return { kind: "unjudged", why: `${listed.label}: ${failure}` };
    unasked.push(listed.label);
  }
  return { kind: "passes", unasked };
}

/** The gates that said something of a proposal when it was recorded; whether the branch has moved since is no property of it. */
function gatesOf({ until, refusal }: RecordedProposal, { state }: Delivery): readonly ListedGate[] {
  const all = gatesFor(state.workflow, state.task).filter(({ gate }) => gate.name !== "current");
  const [first, last] = [
    all.findIndex(({ label }) => label === until),
    all.findIndex(({ label }) => label === refusal?.gate),
  ];
  if (first >= 0) return all.slice(0, first);
  return last >= 0 ? all.slice(0, last + 1) : all;
}

/** A "no" that is somebody else's matter is none to this proposal. */
function isOwn(refusal: Refusal, { role, refusal: recorded }: RecordedProposal): boolean {
  return (leading(refusal)?.answers === role && !isExpected(refusal)) || refusal.gate === recorded?.gate;
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
