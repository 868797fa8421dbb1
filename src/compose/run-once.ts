import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { systemClock } from "../adapters/clock/system.ts";
import type { Inspection } from "../adapters/git/system/inspection.ts";
import type { JournalStore } from "../adapters/journal/store.ts";
import { openLibrary } from "../adapters/library/open-library.ts";
import type { AgentWorld } from "../adapters/models/agent/agent-world.ts";
import { scripted } from "../adapters/models/scripted/scripted.ts";
import { castOf, independenceProblems, rolesOf } from "../domain/independence.ts";
import { answering } from "../domain/known-backends.ts";
import type { Role } from "../domain/model-call.ts";
import type { RunOutcome } from "../domain/outcome.ts";
import { RunInputs } from "../domain/run-inputs.ts";
import { InputError } from "../domain/step-failure.ts";
import type { RunContext } from "../engine/context.ts";
import type { Journal, Library, Models, Ports, Repository, Sandbox } from "../engine/ports.ts";
import { run } from "../engine/run.ts";
import type { Watch } from "../mill.ts";
import { announce } from "./announce.ts";
import { chooseSandbox, closeSandbox } from "./choose-sandbox.ts";
import { toolsOf } from "./connect/tool-desk.ts";
import { activeCorrections, correctedRepositories } from "./corrected-repositories.ts";
import { landOn } from "./land-on.ts";
import { type ModelNotes, modelNotes } from "./model-notes.ts";
import { refuseNetwork } from "./network-guard.ts";
import { type AgentHouse, agentWorld } from "./open-agent.ts";
import { openLine } from "./open-line.ts";
import { beginLoading, openModels } from "./open-models.ts";
import { type OpenedRepository, openRepository } from "./open-repository.ts";
import { loadConfig, packageDir } from "./read-config.ts";
import { waitAtLine } from "./wait-at-line.ts";
import { withLogPage } from "./wiki/run-log.ts";
import { SCRIPTED, type Wiring } from "./wiring.ts";

/** A run that is about to begin or to go on. */
export interface Starting {
  readonly id: string;
  readonly root: string;
  readonly stateDir: string;
  readonly store: JournalStore;
  readonly inputs: RunInputs;
  readonly notices: readonly string[];
  readonly resumed: boolean;
  readonly wiring: Wiring;
  /** Done once the world is open, before anything is said of the run's going on. */
  readonly before?: ((context: RunContext) => Promise<void>) | undefined;
  /** A person said something with it, which is written down even where the line is stopped. */
  readonly heard?: boolean;
  /** The only roles that are asked; absent: those of the workflow. */
  readonly roles?: readonly Role[];
  /** It is one of the runs of a comparison. */
  readonly compared?: boolean;
  /** What was found out about `root` when the mill was opened. */
  readonly inspection: Inspection;
}

/** A run with everything it touches open. */
export interface OpenedWorld {
  readonly context: RunContext;
  readonly sandbox: Sandbox;
  close(): Promise<void>;
}

/** Pursues a run and lets go of the world whatever happens. While the line is stopped, the run waits and asks nobody. */
export async function runOnce(starting: Starting, watch: Watch): Promise<RunOutcome> {
  const wait = () => waitAtLine(openLine(starting.root, starting.stateDir), journalOf(starting));
  const refused = starting.heard ? undefined : await wait();
  if (refused) return refused;
  const world = await openWorld(starting, watch);
  try {
    const waiting = starting.heard ? await wait() : undefined;
    if (waiting) return waiting;
    const finish = landOn(landing(starting), world.context);
    return await run(world.context, withLogPage(starting, world.context, finish));
  } finally {
    await world.close();
  }
}

/** The runs of a comparison are not rivals for a branch. */
function landing({ inputs, compared }: Starting): Pick<RunInputs, "land" | "config"> {
  return compared ? { config: { ...inputs.config, land: undefined } } : inputs;
}

/**
 * Opens repositories, sandbox and models for a run, and says in the journal what it begins with. Every role's prompt is
 * read, so that a broken one is found before an answer is paid for.
 * @throws InputError, StepFailure
 */
export async function openWorld(starting: Starting, watch: Watch): Promise<OpenedWorld> {
  const { inputs } = starting;
  const journal = journalOf(starting);
  if (!inputs.replay) beginLoading(inputs.config);
  const sandbox = await chooseSandbox(inputs.config);
  const repositories = await openRepositories(starting, sandbox);
  const notes = modelNotes(journal);
  const last: (() => Promise<void>)[] = [];
  const close = async () => {
    try {
      await notes.end();
      for (const work of last.splice(0)) await work();
    } finally {
      for (const opened of repositories.values()) await opened.close();
      await closeSandbox(sandbox);
    }
  };
  try {
    if (!inputs.replay) await refuseNetwork(inputs.config, rolesAsked(starting), othersIn(starting));
    const agents = await agentsOf(starting, watch, { sandbox, repositories, atEnd: (work) => last.push(work) });
    const models = modelsOf(starting, watch, { ...notes, agents });
    refuseDependence(starting, models);
    const corrected = await correctedRepositories(repositories, correctionsCommit(starting));
    const ports = portsOf({ starting, watch, journal, models, repositories: corrected, sandbox: sandbox.name });
    await Promise.all(rolesAsked(starting).map(ports.library.role));
    const context = { ...inputsOf(inputs), ports, purse: { pending: new Set<never>(), released: 0 } };
    await starting.before?.(context);
    await announce(starting, ports, activeCorrections(corrected));
    return { context, sandbox, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function rolesAsked({ roles, inputs }: Starting): readonly Role[] {
  return roles ?? [...rolesOf(castOf(inputs.workflow, inputs.config.approvals)), "orchestrator"];
}

/** A run begins with the corrections of its base, and goes on with those of the person's checkout as it stands then. */
function correctionsCommit({ resumed, inputs, inspection }: Starting): string {
  return (resumed ? inspection.head : undefined) ?? inputs.base.commit;
}

function journalOf({ store, id, wiring }: Starting): Journal {
  const own = store.open(id);
  return wiring.wrapJournal?.(own) ?? own;
}

type Repositories = ReadonlyMap<string | undefined, OpenedRepository>;

async function openRepositories(
  starting: Starting,
  sandbox: Awaited<ReturnType<typeof chooseSandbox>>,
): Promise<Repositories> {
  const { root, stateDir, inputs, inspection } = starting;
  const opened = new Map<string | undefined, OpenedRepository>();
  opened.set(undefined, await openRepository({ root, stateDir, config: inputs.config, sandbox, inspection }));
  for (const [name, path] of Object.entries(inputs.config.repos)) {
    const other = resolve(root, path);
    const config = { ...(await loadConfig(other)), limits: inputs.config.limits, sandbox: inputs.config.sandbox };
    opened.set(name, await openRepository({ root: other, stateDir: join(stateDir, "repos", name), config, sandbox }));
  }
  return opened;
}

type Around = Pick<AgentHouse, "sandbox" | "repositories" | "atEnd">;

function agentsOf({ inputs, stateDir }: Starting, watch: Watch, around: Around): Promise<AgentWorld> {
  const onDoing = (task: string, what: string) => watch.glimpse({ kind: "doing", task, what });
  return agentWorld({ config: inputs.config, stateDir, ...around, env: process.env, onDoing });
}

type Beside = Pick<ModelNotes, "onNotice" | "onLoads"> & { readonly agents: AgentWorld };

function modelsOf(starting: Starting, watch: Watch, { agents, onNotice, onLoads }: Beside): Models {
  const { inputs, root, stateDir, id, wiring } = starting;
  const { config, replay } = inputs;
  const clock = systemClock();
  return openModels({
    config,
    run: id,
    title: inputs.spec.title,
    root,
    mailboxDir: resolve(root, config.mailbox.dir),
    recordingDir: recordingDir(stateDir, id),
    ...(replay === undefined ? {} : { replay }),
    env: process.env,
    clock,
    agents,
    onNotice,
    onLoads,
    ...toolsOf({ root, stateDir, config, env: process.env }, journalOf(starting)),
    onTokens: (task, output) => watch.glimpse({ kind: "tokens", task, output }),
    onWaiting: (message, { task }) => watch.glimpse({ kind: "doing", task, what: message }),
    ...(wiring.script ? { backends: { [SCRIPTED]: scripted(wiring.script, clock) } } : {}),
  });
}

/** Backends of this process. */
export function othersIn({ wiring }: Pick<Starting, "wiring">): readonly string[] {
  return ["mailbox", ...(wiring.script ? [SCRIPTED] : [])];
}

export function recordingDir(stateDir: string, run: string): string {
  return join(stateDir, "recordings", run);
}

/** @throws InputError when makers and judges are less independent than the config wants */
function refuseDependence({ inputs, roles }: Starting, models: Models): void {
  const cast = castOf(inputs.workflow, inputs.config.approvals);
  for (const role of roles ?? rolesOf(cast)) models.identify(role);
  if (inputs.replay || roles) return;
  const { config } = inputs;
  const problems = independenceProblems(config.independence, cast, (role) => answering(config, role));
  if (problems.length > 0) throw new InputError(problems);
}

interface World {
  readonly starting: Starting;
  readonly watch: Watch;
  readonly journal: Journal;
  readonly models: Models;
  readonly repositories: Repositories;
  readonly sandbox: string;
}

function portsOf(world: World): Ports {
  const { repositories } = world;
  return {
    journal: world.journal,
    models: world.models,
    library: libraryOf(world.starting),
    line: openLine(world.starting.root, world.starting.stateDir),
    clock: world.starting.wiring.clock ?? systemClock(),
    sandbox: world.sandbox,
    repository: (name): Repository => {
      const found = repositories.get(name);
      if (found) return found.repository;
      throw new InputError([`The plan names the repository ${name}, which \`repos:\` in millwright.yaml does not.`]);
    },
    glimpse: (seen) => world.watch.glimpse(seen),
    signal: world.watch.signal,
  };
}

/** A replay keeps to what was recorded: whatever has become of the spec since is not its matter. */
function libraryOf({ root, inputs }: Starting): Library {
  const library = openLibrary({ packageDir, repoDir: root });
  return inputs.replay === undefined ? library : { ...library, text: async () => undefined };
}

/** The frozen inputs as the loop takes them: absent members absent. */
function inputsOf(inputs: RunInputs) {
  const { spec, plans, delivered, config, workflow, base, startedAt, version } = inputs;
  const { path, ...rest } = spec;
  return {
    spec: path === undefined ? rest : { ...rest, path },
    ...(plans === undefined ? {} : { plans }),
    ...(delivered === undefined ? {} : { delivered }),
    config,
    workflow,
    base: { commit: base.commit, ...(base.branch === undefined ? {} : { branch: base.branch }) },
    startedAt,
    version,
  };
}

/**
 * Keeps what the run froze: beside the recording for replay, and as a blob for resume, with what a person was told at the
 * start. The fact comes last: with it the run has begun.
 */
export async function freeze(starting: Starting): Promise<void> {
  const { id, inputs, notices, stateDir } = starting;
  const dir = recordingDir(stateDir, id);
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, "run.json"), `${JSON.stringify(inputs, null, 2)}\n`);
  const journal = journalOf(starting);
  const blob = await journal.putBlob(JSON.stringify(inputs));
  await journal.append("done/inputs", { type: "step-completed", step: "inputs", result: { blob, notices } });
}

/** What a run froze. @throws InputError when there is no such run */
export async function frozenInputs(store: JournalStore, id: string): Promise<Pick<Starting, "inputs" | "notices">> {
  const journal = store.open(id);
  const fact = await journal.find("done/inputs");
  const frozen = fact?.type === "step-completed" ? Frozen.safeParse(fact.result).data : undefined;
  if (frozen === undefined)
    throw new InputError([`Run ${id} did not begin: it has no frozen inputs. Start a new one.`]);
  return { inputs: RunInputs.parse(JSON.parse(await journal.getBlob(frozen.blob))), notices: frozen.notices };
}

const Frozen = z.object({ blob: z.string(), notices: z.array(z.string()).default([]) });
