import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openGit } from "../../src/adapters/git/system/open-git.ts";
import { openMemoryStore } from "../../src/adapters/journal/memory/memory.ts";
import { scripted } from "../../src/adapters/models/scripted/scripted.ts";
import type { StageError, StageProblem, StageWork } from "../../src/compose/research/world.ts";
import { Config } from "../../src/domain/config.ts";
import { Baseline } from "../../src/domain/research/baseline.ts";
import { type Design, PlanFront } from "../../src/domain/research/design.ts";
import type { PythonWorld } from "../../src/domain/research/stage.ts";
import type { RunContext } from "../../src/engine/context.ts";
import type { Clock, Journal, Models, Ports, Sandbox } from "../../src/engine/ports.ts";
import type { Target } from "./target.ts";

/** A stage's work on a real repository and a real sandbox; models and the orchestrator answer from a script. */
export interface ResearchWork {
  readonly work: StageWork;
  readonly errors: StageError[];
  readonly problems: StageProblem[];
  /** What the coder was told, oldest first. */
  readonly briefs: string[];
  /** The same visit again, as after a resume: the journal stays. */
  again(change?: Partial<ResearchSetting>): Promise<ResearchWork>;
  remove(): void;
}

export interface ResearchSetting {
  readonly target: Target;
  readonly sandbox: Sandbox;
  /** Front matter of the plan, beside name, title and training. */
  readonly plan: object;
  readonly baselines?: readonly object[];
  readonly config?: object;
  readonly python?: PythonWorld;
  coder?(told: string, attempt: number): string;
  orchestrator?(problem: StageProblem): { readonly move: string; readonly words: string };
  /** Journal and folder of an earlier life. */
  readonly before?: { readonly journal: Journal; readonly stateDir: string };
}

const clock: Clock = { now: () => Date.now(), sleep: async () => undefined };

export async function researchWork(setting: ResearchSetting): Promise<ResearchWork> {
  const { target, sandbox } = setting;
  const own = setting.before?.stateDir ?? realpathSync(mkdtempSync(join(tmpdir(), "millwright-research-")));
  const journal = setting.before?.journal ?? (await openMemoryStore(clock).create({ id: "R1" } as never));
  const { git } = await openGit({ root: target.dir, stateDir: own, submodules: "refuse" } as never);
  const head = await git.resolve("HEAD");
  if (head === undefined) throw new Error("no commit");
  const config = Config.parse(setting.config ?? {});
  const [errors, problems, briefs]: [StageError[], StageProblem[], string[]] = [[], [], []];
  const ports = {
    journal,
    models: modelsOf(setting, briefs),
    clock,
    repository: () => ({ git, config }),
    glimpse: () => undefined,
    signal: new AbortController().signal,
  } as unknown as Ports;
  const context = { config, ports, purse: { pending: new Set(), released: 0 } } as unknown as RunContext;
  const work: StageWork = {
    design: designOf(setting),
    context,
    sandbox,
    root: target.dir,
    stateDir: own,
    commit: head.commit,
    tree: head.tree,
    key: "research/stage/1",
    name: "stage-1",
    exportTo: async () => {
      const { dir, dispose } = await git.export(head.tree);
      return { folder: dir, remove: dispose };
    },
    python() {
      if (setting.python === undefined) throw new Error("no Python in this story");
      return setting.python;
    },
    reportOf: () => undefined,
    async orchestrate(problem) {
      problems.push(problem);
      return setting.orchestrator?.(problem) ?? { move: "person", words: "nobody is there" };
    },
    async error(entry) {
      errors.push(entry);
    },
  };
  return {
    work,
    errors,
    problems,
    briefs,
    again: (change = {}) => researchWork({ ...setting, ...change, before: { journal, stateDir: own } }),
    remove: () => rmSync(own, { recursive: true, force: true }),
  };
}

function modelsOf(setting: ResearchSetting, briefs: string[]): Models {
  const backend = scripted(({ user, attempt }) => {
    briefs.push(user);
    return setting.coder?.(user, attempt) ?? "I do not know.";
  }, clock);
  const identity = { name: "scripted", model: "scripted", backend: "scripted" };
  return {
    identify: () => identity,
    ladder: () => [identity],
    contextOf: async () => undefined,
    busy: () => undefined,
    ask: (request: never, signal: never) => backend.ask(request, signal),
  } as unknown as Models;
}

function designOf({ plan, baselines = [] }: ResearchSetting): Design {
  const front = { name: "tiny", title: "A tiny experiment", training: { steps: 10, batch: 2 }, ...plan };
  return {
    ...PlanFront.parse(front),
    body: "A tiny experiment.",
    tasks: [],
    baselines: baselines.map((one) => Baseline.parse(one)),
    metrics: [],
    folder: "design",
    digest: "d".repeat(64),
  };
}
