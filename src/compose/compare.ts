import { join } from "node:path";
import { writeWhole } from "../adapters/models/write-whole.ts";
import { withMaker } from "../domain/compared-models.ts";
import { printPlan } from "../domain/plan-text.ts";
import type { RunInputs } from "../domain/run-inputs.ts";
import { InputError, StepFailure } from "../domain/step-failure.ts";
import { checkPlans, makePlans } from "../engine/planning.ts";
import type { CompareEnd, CompareRequest, Watch } from "../mill.ts";
import type { ComparisonRow } from "../views/comparison.ts";
import { judgeDifference } from "./compare-judge.ts";
import { keepRecord, mended, openRecord } from "./compare-record.ts";
import { type Calling, isFinal, keepTable, landedDiff, rowsOf } from "./compare-table.ts";
import { comparedModels } from "./compared.ts";
import { freeze, frozenInputs, openWorld, runOnce, type Starting } from "./run-once.ts";

interface Around {
  readonly starting: Starting;
  readonly watch: Watch;
  readonly newRun: () => string;
}

/**
 * Lets each model pursue one frozen plan, one after the other, in a run of its own; judges what they made; keeps the table
 * after each. Called again, it goes on with what is missing: runs that have not ended, judgements that were not given.
 * @throws InputError for what is wrong with the request, StepFailure when the plan could not be made
 */
export async function compare(request: CompareRequest, around: Around): Promise<CompareEnd> {
  const { starting, watch, newRun } = around;
  const models = await comparedModels(request, starting);
  const { samePath } = request;
  const asked = { models: [...models], run: starting.id, inputs: starting.inputs, notices: [...starting.notices] };
  const fresh = { ...asked, ...(samePath === undefined ? {} : { samePath }) };
  const opened = await openRecord(starting.stateDir, fresh, request.again ?? false);
  const calling: Calling = {
    starting,
    opened,
    watch,
    newRun,
    failures: new Map(),
    judged: new Map(),
    diffs: new Map(),
  };
  const refused = await planned(calling).catch(cancelledAs);
  if (refused !== undefined) return end(calling, refused);
  for (const model of opened.record.models) {
    await pursue(model, calling);
    if (watch.signal.aborted) return end(calling, CANCELLED);
    await keepTable(calling);
  }
  const stopped = await judgeAll(calling).catch(cancelledAs);
  return end(calling, stopped ?? outcomeOf(await rowsOf(calling)));
}

type Outcome = CompareEnd["outcome"];

const CANCELLED: Outcome = {
  kind: "cancelled",
  reason: "It was interrupted; the same call goes on with what is missing.",
};

function cancelledAs(error: unknown): Outcome {
  if (error instanceof StepFailure && error.code === "cancelled") return CANCELLED;
  throw error;
}

function outcomeOf(rows: readonly ComparisonRow[]): Outcome {
  const missing = rows.filter(({ state }) => !isFinal(state));
  if (missing.length === 0) return { kind: "done", reason: "" };
  const reasons = missing.map(({ model, state, reason }) => `${model}: ${state}: ${reason}`);
  return { kind: "waiting", reason: `${reasons.join(" | ")} The same call goes on with what is missing.` };
}

/** The run in which the plan is made and the results are judged. Its makers are never asked. */
function ownRun({ starting, opened }: Calling): Starting {
  const { record } = opened;
  const { inputs, run: id, models, notices } = record;
  const config = withMaker(inputs.config, models[0] ?? "");
  return { ...starting, id, inputs: { ...inputs, config }, notices, resumed: false };
}

/** Plans once, or checks the plan that was given; an outcome when there is none. */
async function planned(calling: Calling): Promise<Outcome | undefined> {
  const { opened, watch, starting } = calling;
  const { record } = opened;
  if (record.planned) return undefined;
  const { spec, startedAt, plans: given } = record.inputs;
  await starting.store.create({ id: record.run, title: `compare: ${spec.title}`, createdAt: startedAt * 1000 });
  const world = await openWorld(ownRun(calling), watch);
  try {
    const { context } = world;
    const made = context.plans
      ? await checkPlans(context.plans, context)
      : await makePlans({ number: 1, missing: [] }, context);
    if (made.kind === "refused") {
      const messages = made.findings.map((finding) => finding.message);
      if (given !== undefined) throw new InputError(messages);
      const reason = `the plan is refused: ${messages.join(" | ")}`;
      await context.ports.journal.append("ended", { type: "run-ended", outcome: "stuck", reason });
      return { kind: "stuck", reason };
    }
    const plans = made.plans.map((plan) => ({ ...plan }));
    await writeWhole(join(opened.dir, "plan.md"), plans.map(printPlan).join("\n"));
    await keepRecord(opened, { inputs: { ...record.inputs, plans }, planned: true });
    return undefined;
  } finally {
    await world.close();
  }
}

/** One model's run: begun, gone on with, or left as it ended. What keeps it from running is its row's reason. */
async function pursue(model: string, calling: Calling): Promise<void> {
  const { starting, watch, failures } = calling;
  try {
    const run = await runOf(model, calling);
    if (run.resumed) for (const entry of await starting.store.open(run.id).entries()) watch.entry(entry);
    if (!(await hasEnded(run.id, calling))) await runOnce(run, watch);
  } catch (error) {
    if (error instanceof InputError) failures.set(model, error.problems.join(" | "));
    else if (error instanceof StepFailure) failures.set(model, `${error.message} ${error.hint}`);
    else throw error;
  }
}

async function hasEnded(run: string, { starting }: Calling): Promise<boolean> {
  return isFinal((await starting.store.runs()).find(({ id }) => id === run)?.outcome);
}

async function runOf(model: string, { starting, opened, newRun }: Calling): Promise<Starting> {
  const { store } = starting;
  const { record } = opened;
  const compared = true;
  const id = record.runs[model] ?? newRun();
  const isThere = (await store.runs()).some((row) => row.id === id);
  if (isThere && (await store.open(id).find("done/inputs"))) {
    const { inputs, notices } = await frozenInputs(store, id);
    return { ...starting, id, inputs: mended(inputs, record.inputs), notices, resumed: true, compared };
  }
  await keepRecord(opened, { runs: { ...record.runs, [model]: id } });
  const inputs = inputsFor(model, record.inputs);
  const notices = [`${model} makes this run, of the comparison ${record.id}.`, ...record.notices];
  const run: Starting = { ...starting, id, inputs, notices, resumed: false, compared };
  await store.create({
    id,
    title: `${record.inputs.spec.title} (${model})`,
    createdAt: record.inputs.startedAt * 1000,
  });
  await freeze(run);
  return run;
}

/** The same for every model but for who makes it; what is missing at the end is not planned for. */
function inputsFor(model: string, inputs: RunInputs): RunInputs {
  const { land: _land, ...kept } = inputs;
  const workflow = { ...inputs.workflow, goal: { ...inputs.workflow.goal, rounds: 1 } };
  return { ...kept, config: withMaker(inputs.config, model), workflow };
}

/** Asks the judge for every result that can change no more. */
async function judgeAll(calling: Calling): Promise<Outcome | undefined> {
  const { opened, watch, starting } = calling;
  const diffs: (string | undefined)[] = [];
  for (const model of opened.record.models) diffs.push(await finalDiff(model, calling));
  if (diffs.every((diff) => diff === undefined)) return undefined;
  const run = ownRun(calling);
  const world = await openWorld(run, watch);
  try {
    for (const [at, model] of opened.record.models.entries()) {
      const diff = diffs[at];
      if (diff === undefined) continue;
      calling.judged.set(model, await judgeDifference(diff, world.context));
      await keepTable(calling);
    }
  } finally {
    await world.close();
  }
  const rows = await rowsOf(calling);
  if (rows.every(({ state }) => isFinal(state)))
    await starting.store.open(run.id).append("ended", { type: "run-ended", outcome: "done", reason: "" });
  return undefined;
}

async function finalDiff(model: string, calling: Calling): Promise<string | undefined> {
  const run = calling.opened.record.runs[model];
  if (run === undefined || !(await hasEnded(run, calling))) return undefined;
  const diff = await landedDiff(run, calling);
  return diff === "" ? undefined : diff;
}

async function end(calling: Calling, outcome: Outcome): Promise<CompareEnd> {
  const comparison = await keepTable(calling);
  return { id: comparison.id, outcome, comparison, report: join(calling.opened.dir, "report.md") };
}
