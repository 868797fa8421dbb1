import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { systemClock } from "../adapters/clock/system.ts";
import { type Inspection, inspectRepository, refusals } from "../adapters/git/system/inspection.ts";
import { openStore } from "../adapters/journal/libsql/open-store.ts";
import type { JournalStore } from "../adapters/journal/store.ts";
import { acquireLock, isHeld } from "../adapters/lock/lock.ts";
import { Approvals } from "../domain/approvals.ts";
import { withCeilings } from "../domain/budget.ts";
import { judgedByCommands } from "../domain/independence.ts";
import { lineStopped } from "../domain/line-stopped.ts";
import { RunInputs } from "../domain/run-inputs.ts";
import { InputError } from "../domain/step-failure.ts";
import type { RunContext } from "../engine/context.ts";
import type {
  Changes,
  Mill,
  MillFlags,
  PlanEnd,
  PlanRequest,
  ReplaySource,
  RunEnd,
  RunRequest,
  Watch,
} from "../mill.ts";
import { openApprovals } from "./approvals/open-approvals.ts";
import { letComeBack, withModelsNow } from "./come-back.ts";
import { compare } from "./compare.ts";
import { diffOf } from "./diff.ts";
import { benchIndex } from "./index-bench.ts";
import { keepLog } from "./keep-log.ts";
import { keepResults } from "./keep-results.ts";
import { keptCandidates } from "./learn/keep-candidates.ts";
import { afterRun, decideIn, learnIn } from "./learn/learn-door.ts";
import { memoryOf } from "./memory.ts";
import { verdictText } from "./memory-index.ts";
import { applyRules, refuseRules, withProposal } from "./memory-rules.ts";
import { openLine } from "./open-line.ts";
import { planOnly } from "./plan-only.ts";
import { loadConfig, loadWorkflow, packageDir, withFlags } from "./read-config.ts";
import { readInput } from "./read-input.ts";
import { freeze, frozenInputs, runOnce, type Starting } from "./run-once.ts";
import { prepareStateDir } from "./state-dir.ts";
import { bent, type Wiring } from "./wiring.ts";

interface Opened {
  readonly inspection: Inspection;
  readonly stateDir: string;
  readonly store: JournalStore;
  readonly wiring: Wiring;
}

/** Opens a repository for the apps. Nothing is locked until something is run. @throws InputError */
export async function openMill(dir: string, flags: MillFlags, wiring: Wiring = {}): Promise<Mill> {
  const inspection = await inspectRepository(dir);
  const { root } = inspection;
  const config = await loadConfig(root, flags.config);
  const reasons = refusals(inspection, config.submodules);
  if (reasons.length > 0) throw new InputError(reasons);
  const stateDir = await prepareStateDir(root, inspection.sharedDir);
  const store = openStore(stateDir, wiring.clock ?? systemClock());
  const opened: Opened = { inspection, stateDir, store, wiring };
  const place = { root, stateDir, store, config };
  return {
    root,
    journal: join(stateDir, "journal.db"),
    config,
    plan: (request, watch) =>
      locked(opened, `plan ${request.input}`, watch, () => plan(request, opened, { config, watch })),
    run: (request, watch) =>
      locked(opened, `run ${request.input}`, watch, () =>
        withProposal(afterRun(begin(request, opened, { config, watch }), { ...opened, config }, watch), place),
      ),
    compare: (request, watch) =>
      locked(opened, `compare ${request.input}`, watch, async () => {
        const stopped = lineStopped(await openLine(root, stateDir).stopped());
        if (stopped) throw stopped;
        const starting = await prepare(request, opened, config);
        return compare(request, { starting, watch, newRun: () => runId(systemClock().now()) });
      }),
    resume: (run, changes, watch) =>
      locked(opened, "resume", watch, () =>
        withProposal(afterRun(resume(run, changes, opened, { config, watch }), { ...opened, config }, watch), place),
      ),
    replay: (source, options, watch) =>
      locked(opened, "replay", watch, () => replay(source, options.strict, opened, watch)),
    learn: (request, watch) => locked(opened, "learn", watch, () => learnIn(request, { ...opened, config }, watch)),
    decide: (decisions) => locked(opened, "learn", unwatched(), () => decideIn(decisions, { ...opened, config })),
    candidates: async () => [...(await keptCandidates(stateDir)).values()],
    runs: () => store.runs(),
    atWork: () => isHeld(stateDir),
    entries: (run) => store.open(run).entries(),
    memory: () => memoryOf(place),
    applyRules: () =>
      locked(opened, "memory", unwatched(), () => applyRules(place, Math.floor(systemClock().now() / 1000))),
    refuseRules: (ids) => locked(opened, "memory", unwatched(), () => refuseRules(place, ids)),
    benchIndex: (told) =>
      locked(opened, "index bench", unwatched(), async () => {
        const verdict = await benchIndex(place, told);
        return { verdict, text: verdictText(verdict) };
      }),
    diff: (run, task) => diffOf({ root, stateDir, store, submodules: config.submodules }, run, task),
    approvals: openApprovals(place),
    close: async () => store.close(),
  };
}

function unwatched(): Watch {
  return { entry: () => undefined, glimpse: () => undefined, signal: new AbortController().signal };
}

/** One process at a time; facts reach the watcher once they are durable. */
async function locked<Result>(
  opened: Opened,
  command: string,
  watch: Watch,
  work: () => Promise<Result>,
): Promise<Result> {
  const lock = await acquireLock(opened.stateDir, { command }, systemClock());
  const unwatch = opened.store.watch((entry) => watch.entry(entry));
  const results = keepResults(opened.stateDir, opened.store);
  const log = keepLog(opened.stateDir, opened.store);
  try {
    return await work();
  } finally {
    unwatch();
    await results.end();
    await log.end();
    lock.release();
  }
}

interface Asked {
  readonly config: Mill["config"];
  readonly watch: Watch;
}

async function begin(request: RunRequest, opened: Opened, { config, watch }: Asked): Promise<RunEnd> {
  const starting = await prepare(request, opened, config);
  return start(starting, watch);
}

async function plan(request: PlanRequest, opened: Opened, { config, watch }: Asked): Promise<PlanEnd> {
  const starting = await prepare(request, opened, config);
  await opened.store.create({
    id: starting.id,
    title: `plan: ${starting.inputs.spec.title}`,
    createdAt: starting.inputs.startedAt * 1000,
  });
  await freeze(starting);
  return planOnly(starting, watch);
}

async function start(starting: Starting, watch: Watch): Promise<RunEnd> {
  const { store, id, inputs } = starting;
  await store.create({ id, title: inputs.spec.title, createdAt: systemClock().now() });
  await freeze(starting);
  return { run: id, outcome: await runOnce(starting, watch) };
}

/** Reads and freezes everything that a run depends on. @throws InputError with every problem */
async function prepare(request: RunRequest, opened: Opened, config: Mill["config"]): Promise<Starting> {
  const { inspection } = opened;
  const head = inspection.head ?? "";
  const merged = bent(withFlags(config, request), opened.wiring);
  const [input, workflow] = await Promise.all([
    readInput(request.input, inspection.root, head),
    loadWorkflow(inspection.root, merged.workflow),
  ]);
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
    notices: [...input.notices, ...(judged === workflow ? [] : [BY_COMMANDS]), ...dirtyNotice(inspection)],
    resumed: false,
  });
}

function startingOf(
  opened: Opened,
  rest: Pick<Starting, "id" | "inputs" | "notices" | "resumed" | "before" | "heard">,
): Starting {
  const { inspection, stateDir, store, wiring } = opened;
  return { root: inspection.root, stateDir, store, wiring, inspection, ...rest };
}

const BY_COMMANDS =
  "No model is configured for the goal-checker: the goal is judged by its commands and file checks alone.";

function dirtyNotice(inspection: Inspection): readonly string[] {
  const changed = inspection.dirty.filter((path) => !path.startsWith(".millwright"));
  if (changed.length === 0) return [];
  return [
    `Your checkout has ${changed.length} uncommitted change(s); the run starts from the commit ${inspection.head?.slice(0, 12)} and leaves them alone.`,
  ];
}

async function resume(wanted: string | undefined, changes: Changes, opened: Opened, asked: Asked): Promise<RunEnd> {
  const { store, inspection, wiring } = opened;
  const id = wanted ?? (await newestOpen(store));
  const { inputs, notices } = await frozenInputs(store, id);
  const { configured } = inputs;
  const entries = await store.open(id).entries();
  const kept = withModelsNow({ config: inputs.config, configured }, bent(asked.config, wiring), entries);
  const config = changes.budget === undefined ? kept : { ...kept, budget: withCeilings(kept.budget, changes.budget) };
  for (const entry of entries) asked.watch.entry(entry);
  const before = (context: RunContext) => letComeBack(changes, context, inspection.root);
  const heard = changes.retry !== undefined || changes.approveSpec !== undefined;
  const starting = startingOf(opened, { id, inputs: { ...inputs, config }, notices, resumed: true, before, heard });
  return { run: id, outcome: await runOnce(starting, asked.watch) };
}

async function newestOpen(store: JournalStore): Promise<string> {
  const rows = (await store.runs()).filter((row) => row.outcome !== "done").reverse();
  const [open, stuck] = [rows.filter((row) => row.outcome !== "stuck"), rows.filter((row) => row.outcome === "stuck")];
  // What a stopped line let not even begin comes after what it interrupted.
  for (const begun of ["started", "done/inputs"])
    for (const { id } of begun === "started" ? open : [...open, ...stuck])
      if ((await store.open(id).find("done/inputs")) && (await store.open(id).find(begun))) return id;
  throw new InputError(["There is no run to go on with. `millwright status` lists the runs."]);
}

async function replay(source: ReplaySource, strict: boolean, opened: Opened, watch: Watch): Promise<RunEnd> {
  const dir = "dir" in source ? resolve(source.dir) : join(opened.stateDir, "recordings", source.run);
  const text = await readFile(join(dir, "run.json"), "utf8").catch(() => undefined);
  if (text === undefined) throw new InputError([`${dir} holds no recording: it has no run.json.`]);
  const recorded = RunInputs.parse(JSON.parse(text));
  const base =
    "run" in source
      ? recorded.base
      : {
          commit: opened.inspection.head ?? "",
          ...(opened.inspection.branch === undefined ? {} : { branch: opened.inspection.branch }),
        };
  const { land: _land, ...kept } = recorded;
  // A recorded answer costs nothing, so no budget holds it; and nobody has to let a repetition pass.
  const free = { approvals: Approvals.parse({}), land: undefined };
  const config = { ...bent(kept.config, opened.wiring), budget: {}, ...free };
  const inputs: RunInputs = { ...kept, config, base, replay: { dir, strict } };
  return start(
    startingOf(opened, {
      id: runId(systemClock().now()),
      inputs,
      notices: [`Replays the recording ${dir}.`],
      resumed: false,
    }),
    watch,
  );
}

/** `r`, the UTC time to the second, and four random letters: sorts by time, easy to type a prefix of. */
function runId(now: number): string {
  const stamp = new Date(now).toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  return `r${stamp}-${randomBytes(2).toString("hex")}`;
}

async function packageVersion(): Promise<string> {
  const text = await readFile(join(packageDir, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
