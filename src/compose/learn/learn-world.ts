import { correctWith } from "../../adapters/corrections/local/correct-with.ts";
import { readCorrections } from "../../adapters/corrections/local/open-corrections.ts";
import type { Inspection } from "../../adapters/git/system/inspection.ts";
import type { JournalStore } from "../../adapters/journal/store.ts";
import { openLibrary } from "../../adapters/library/open-library.ts";
import type { Config } from "../../domain/config.ts";
import { isCorrectionPath } from "../../domain/correction-path.ts";
import type { ParsedCorrection } from "../../domain/correction-text.ts";
import { modelIdentity } from "../../domain/known-backends.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import type { Clock, Corrections, Models, Ports, Repository } from "../../engine/ports.ts";
import { chooseSandbox, closeSandbox } from "../choose-sandbox.ts";
import { openRepository } from "../open-repository.ts";
import { packageDir } from "../read-config.ts";
import { shadowJournal } from "./shadow-journal.ts";

/** Where there is something to learn from. */
export interface LearnPlace {
  readonly root: string;
  readonly stateDir: string;
  readonly store: JournalStore;
  readonly config: Config;
  readonly inspection: Inspection;
  /** By which the minutes of a look are over. */
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A repository open for judging again what its runs recorded. */
export interface LearnWorld {
  readonly place: LearnPlace;
  readonly repository: Repository;
  /** The head of the person's checkout. */
  readonly head: { readonly commit: string; readonly tree: string };
  /** The corrections at the head, those that are switched off too. */
  readonly corrections: readonly ParsedCorrection[];
  /** What is wrong with corrections that could not be read. */
  readonly problems: readonly string[];
  correctWith(corrections: readonly ParsedCorrection[]): Corrections;
  /** Ports of one judging; no model answers in it. */
  portsFor(run: string, signal: AbortSignal): Ports;
  close(): Promise<void>;
}

/** @throws StepFailure, InputError */
export async function openLearnWorld(place: LearnPlace): Promise<LearnWorld> {
  const { root, stateDir, config, inspection } = place;
  const sandbox = await chooseSandbox(config);
  const opened = await openRepository({ root, stateDir, config, sandbox, inspection });
  const close = async () => {
    await opened.close();
    await closeSandbox(sandbox);
  };
  try {
    const { repository } = opened;
    const head = await repository.git.resolve("HEAD");
    if (head === undefined) throw noHead();
    const tools = { git: repository.git, analysis: repository.analysis, retrieval: repository.retrieval };
    const read = await readCorrections(await textsAt(head.tree, repository), { tree: head.tree, tools });
    return {
      place,
      repository,
      head,
      ...read,
      correctWith: (corrections) => correctWith(corrections, tools),
      portsFor: (run, signal) => portsOf({ place, repository, sandbox: sandbox.name }, run, signal),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function textsAt(tree: string, { git }: Repository) {
  const listed = (await git.list(tree)).filter(({ path, mode }) => isCorrectionPath(path) && mode !== "120000");
  return Promise.all(listed.map(async ({ path, blob }) => ({ path, text: await git.readBlob(blob) })));
}

interface World {
  readonly place: LearnPlace;
  readonly repository: Repository;
  readonly sandbox: string;
}

function portsOf({ place, repository, sandbox }: World, run: string, signal: AbortSignal): Ports {
  const git = { ...repository.git, keep: async () => undefined, show: async () => undefined };
  return {
    journal: shadowJournal(place.store, run),
    models: nobody(place.config),
    library: openLibrary({ packageDir, repoDir: place.root }),
    line: { stopped: async () => [], report: async () => "" },
    clock: place.clock,
    sandbox,
    repository: (name) => {
      if (name === undefined) return { ...repository, git };
      throw notAsked("a task of another repository is not judged again");
    },
    glimpse: () => undefined,
    signal,
  };
}

/** Nothing is asked of a model when a proposal is judged again: its word cannot be had twice. */
function nobody(config: Config): Models {
  const identity = modelIdentity(config, "nobody");
  return {
    identify: () => identity,
    ladder: () => [identity],
    contextOf: async () => undefined,
    busy: () => undefined,
    ask: async () => {
      throw notAsked("a model's word is not asked for again");
    },
  };
}

function notAsked(message: string): StepFailure {
  return new StepFailure(message, { code: "model-rejected", remedy: "stop", hint: "Judge it yourself." });
}

function noHead(): StepFailure {
  const hint = "Commit what is there, then try again.";
  return new StepFailure("There is no commit here yet.", { code: "git-failed", remedy: "ask", hint });
}
