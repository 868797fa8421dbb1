import type { Design } from "../../domain/research/design.ts";
import type { Json, PythonWorld, StageEnd, StageName } from "../../domain/research/stage.ts";
import type { TreeId } from "../../domain/work.ts";
import type { RunContext } from "../../engine/context.ts";
import type { Sandbox } from "../../engine/ports.ts";

/** A clean folder with exactly the files of a tree. */
export interface Exported {
  /** Absolute path. */
  readonly folder: string;
  remove(): Promise<void>;
}

/** A trouble that the coder cannot settle, for the orchestrator. */
export interface StageProblem {
  readonly stage: StageName;
  /** What it is about: a baseline, a task, a package. */
  readonly subject: string;
  /** The whole error context, as Markdown. */
  readonly text: string;
  /** The moves that it may choose, each `word` or `word: what it means`. */
  readonly moves: readonly string[];
}

/** One line of `logs/errors.log`. */
export interface StageError {
  readonly stage: StageName;
  readonly subject: string;
  readonly error: string;
  /** What was done about it. */
  readonly resolution: string;
}

/** What a stage is given: it looks, asks and answers, and writes nothing into the checkout. */
export interface StageWork {
  readonly design: Design;
  readonly context: RunContext;
  readonly sandbox: Sandbox;
  /** Absolute path of the person's repository; read it only to find sources that the design names by path. */
  readonly root: string;
  /** Absolute path of the mill's own folder of this repository, for caches. */
  readonly stateDir: string;
  /** Head of the research branch. */
  readonly commit: string;
  /** Tree of that head: what the stage looks at. */
  readonly tree: TreeId;
  /** Unique to this visit of the stage, the same when the run goes on: put it before the key of every `step`. */
  readonly key: string;
  /** `key` without slashes: the task name for questions that a stage asks by itself. */
  readonly name: string;
  /** A clean export of `tree`; remove it when done. */
  exportTo(): Promise<Exported>;
  /** @throws StepFailure when the environment stage has not passed */
  python(): PythonWorld;
  /** What a stage reported when it last passed or was refused. */
  reportOf(stage: StageName): Json | undefined;
  /** Asks the orchestrator; the answer is a fact, and a line of `logs/errors.log`. @throws StepFailure `model-unusable` */
  orchestrate(problem: StageProblem): Promise<{ readonly move: string; readonly words: string }>;
  /** Writes a line of `logs/errors.log`; the same line again in this visit changes nothing. */
  error(entry: StageError): Promise<void>;
}

export type Stage = (work: StageWork) => Promise<StageEnd>;
