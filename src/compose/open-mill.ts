import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { systemClock } from "../adapters/clock/system.ts";
import { inspectRepository, refusals } from "../adapters/git/system/inspection.ts";
import { openStore } from "../adapters/journal/libsql/open-store.ts";
import type { JournalStore } from "../adapters/journal/store.ts";
import { acquireLock, isHeld } from "../adapters/lock/lock.ts";
import { Approvals } from "../domain/approvals.ts";
import { withCeilings } from "../domain/budget.ts";
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
import { auditsOf } from "./audit/audits-of.ts";
import { conductAudit } from "./audit/conduct-audit.ts";
import { letComeBack, withModelsNow } from "./come-back.ts";
import { compare } from "./compare.ts";
import { withNotices } from "./connect/with-notices.ts";
import { diffOf } from "./diff.ts";
import { keepLog } from "./keep-log.ts";
import { keepResults } from "./keep-results.ts";
import { keptCandidates } from "./learn/keep-candidates.ts";
import { afterRun, decideIn, learnIn } from "./learn/learn-door.ts";
import { memoriesOf } from "./memories-of.ts";
import { withProposal } from "./memory-rules.ts";
import { openLine } from "./open-line.ts";
import { planOnly } from "./plan-only.ts";
import { dirtyNotice, type Opened, prepare, startingOf } from "./prepare-run.ts";
import { loadConfig, packageVersion } from "./read-config.ts";
import { researchOf } from "./research/research-of.ts";
import { runId } from "./run-id.ts";
import { freeze, frozenInputs, runOnce, type Starting } from "./run-once.ts";
import { prepareStateDir } from "./state-dir.ts";
import { documentAfter } from "./wiki/document.ts";
import { openWiki } from "./wiki/open-wiki.ts";
import type { WikiLoop } from "./wiki/wiki-door.ts";
import { bent, type Wiring } from "./wiring.ts";

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
  const loop: WikiLoop = {
    locked: (command, watch, work) => locked(opened, command, watch, work),
    pursue: async (given, watch) =>
      start(await prepare({ ...given, input: given.input.spec.title }, opened, config, given), watch),
  };
  const ended = (running: Promise<RunEnd>, given: Pick<RunRequest, "land">, watch: Watch) => {
    const documented = documentAfter(running, given, { place: { ...place, wiring }, loop, watch });
    return withNotices(withProposal(afterRun(documented, { ...opened, config }, watch), place), place);
  };
  return {
    root,
    journal: join(stateDir, "journal.db"),
    config,
    plan: (request, watch) =>
      locked(opened, `plan ${request.input}`, watch, () => plan(request, opened, { config, watch })),
    run: (request, watch) =>
      locked(opened, `run ${request.input}`, watch, () =>
        ended(begin(request, opened, { config, watch }), request, watch),
      ),
    compare: (request, watch) =>
      locked(opened, `compare ${request.input}`, watch, async () => {
        const stopped = lineStopped(await openLine(root, stateDir).stopped());
        if (stopped) throw stopped;
        const starting = await prepare(request, opened, config);
        return compare(request, { starting, watch, newRun: () => runId(systemClock().now()) });
      }),
    resume: (run, changes, watch) =>
      locked(opened, "resume", watch, () => ended(resume(run, changes, opened, { config, watch }), {}, watch)),
    ...auditsOf(opened, {
      config,
      locked: (watch, work) => locked(opened, "audit", watch, work),
      begin: async (inputs, watch) => {
        const starting = fresh(inputs, opened);
        await freezeNew(starting);
        return conductAudit(starting, watch);
      },
      version: packageVersion,
    }),
    ...researchOf(
      { ...opened, config },
      {
        locked: (watch, work) => locked(opened, "research", watch, work),
        begin: (inputs, watch) => start(fresh(inputs, opened), watch),
        version: packageVersion,
      },
    ),
    replay: (source, options, watch) =>
      locked(opened, "replay", watch, () => replay(source, options.strict, opened, watch)),
    learn: (request, watch) => locked(opened, "learn", watch, () => learnIn(request, { ...opened, config }, watch)),
    decide: (decisions) => locked(opened, "learn", unwatched(), () => decideIn(decisions, { ...opened, config })),
    candidates: async () => [...(await keptCandidates(stateDir)).values()],
    runs: () => store.runs(),
    atWork: () => isHeld(stateDir),
    entries: (run) => store.open(run).entries(),
    ...memoriesOf(place, (command, work) => locked(opened, command, unwatched(), work)),
    diff: (run, task) => diffOf({ root, stateDir, store, submodules: config.submodules }, run, task),
    approvals: openApprovals(place),
    wiki: openWiki({ ...place, wiring }, loop),
    close: async () => store.close(),
  };
}

/** A run that begins now with inputs that were frozen for it. */
function fresh(inputs: RunInputs, opened: Opened): Starting {
  const id = opened.wiring.begin?.run ?? runId(systemClock().now());
  return startingOf(opened, { id, inputs, resumed: false, notices: dirtyNotice(opened.inspection) });
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
  await freezeNew(starting);
  return pursue(starting, watch);
}

async function freezeNew(starting: Starting): Promise<void> {
  const { store, id, inputs } = starting;
  await store.create({ id, title: inputs.spec.title, createdAt: systemClock().now() });
  await freeze(starting);
}

async function resume(wanted: string | undefined, changes: Changes, opened: Opened, asked: Asked): Promise<RunEnd> {
  const { store, wiring } = opened;
  // Corrections count as they stand at the head now, however long the mill has been open.
  const inspection = await inspectRepository(opened.inspection.root);
  const id = wanted ?? (await newestOpen(store));
  const { inputs, notices } = await frozenInputs(store, id);
  const { configured } = inputs;
  const entries = await store.open(id).entries();
  const kept = withModelsNow({ config: inputs.config, configured }, bent(asked.config, wiring), entries);
  const config = changes.budget === undefined ? kept : { ...kept, budget: withCeilings(kept.budget, changes.budget) };
  for (const entry of entries) asked.watch.entry(entry);
  const before = (context: RunContext) => letComeBack(changes, context, inspection.root);
  const heard = changes.retry !== undefined || changes.approveSpec !== undefined;
  const now = { ...opened, inspection };
  const starting = startingOf(now, { id, inputs: { ...inputs, config }, notices, resumed: true, before, heard });
  return pursue(starting, asked.watch);
}

/** An audit and an experiment are runs that ask others, and end otherwise. */
async function pursue(starting: Starting, watch: Watch): Promise<RunEnd> {
  if (starting.inputs.audit) return conductAudit(starting, watch);
  if (starting.inputs.research)
    return (await import("./research/conduct-research.ts")).conductResearch(starting, watch);
  return { run: starting.id, outcome: await runOnce(starting, watch) };
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
