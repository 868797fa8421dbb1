import type { NamedCheck } from "../domain/browser-check.ts";
import type { BrowserReport } from "../domain/browser-report.ts";
import type { Config } from "../domain/config.ts";
import type { ActiveCorrection, Corrected, ProposedText } from "../domain/correction.ts";
import type { DiagnosticReport, DiagnosticTool, WrittenCases } from "../domain/diagnostic.ts";
import type { Event, JournalEntry } from "../domain/event.ts";
import type { IncidentReport, OpenIncident } from "../domain/incident.ts";
import type { LiteralUse } from "../domain/literal-use.ts";
import type { ModelIdentity, ModelReply, ModelRequest, Role } from "../domain/model-call.ts";
import type { Selection } from "../domain/need.ts";
import type { FileOutline } from "../domain/outline.ts";
import type { RelatedPart, RelatedQuestion } from "../domain/related.ts";
import type { SandboxJob, SandboxResult } from "../domain/sandbox-job.ts";
import type { SkillLook } from "../domain/skill.ts";
import type { SuiteReport } from "../domain/suite-report.ts";
import type { ToolProfile } from "../domain/tool-profile.ts";
import type { BlobId, CommitId, FileChange, Layer, TreeChange, TreeId } from "../domain/work.ts";

/** The journal of one run: append-only facts, blobs, and the memo of observations that all runs share. */
export interface Journal {
  readonly run: string;
  /** Writes the fact unless its key is already there; durable when the promise resolves. */
  append(key: string, event: Event): Promise<void>;
  /** The fact with this key, if it was ever written. */
  find(key: string): Promise<Event | undefined>;
  /** All facts of this run, oldest first. */
  entries(): Promise<readonly JournalEntry[]>;
  /** Facts of all runs of this journal that were written at `at` (milliseconds since 1970) or later, oldest first. */
  since(at: number): Promise<readonly JournalEntry[]>;
  /** What was observed under this digest in any run. */
  recall(digest: string): Promise<unknown>;
  remember(digest: string, kind: string, result: unknown): Promise<void>;
  /** Keeps a text under its SHA-256. */
  putBlob(text: string): Promise<string>;
  /** @throws StepFailure `journal-broken` when the blob is missing or its digest is wrong. */
  getBlob(sha256: string): Promise<string>;
}

/** One git repository, behind an engine-owned git directory: nothing of the target's config, hooks or filters ever runs. */
export interface Git {
  /** Commit and tree of a ref or commit name, or undefined when there is none. */
  resolve(ref: string): Promise<{ commit: CommitId; tree: TreeId } | undefined>;
  /** Every file of a tree. */
  list(tree: TreeId): Promise<readonly { path: string; blob: BlobId; mode: string }[]>;
  /** Text of a file; undefined when missing or binary. */
  read(tree: TreeId, path: string): Promise<string | undefined>;
  readBlob(blob: BlobId): Promise<string>;
  writeBlob(text: string): Promise<BlobId>;
  /** The tree that results from laying `layers` over `tree`, later ones winning. */
  layOver(tree: TreeId, ...layers: readonly Layer[]): Promise<TreeId>;
  changes(from: TreeId, to: TreeId): Promise<readonly TreeChange[]>;
  /** Unified diff with `context` lines around each change. */
  diff(from: TreeId, to: TreeId, context?: number): Promise<string>;
  /** Stable patch id of the difference: a clean rebase keeps it. */
  patchId(from: TreeId, to: TreeId): Promise<string>;
  /**
   * Moves a layer from one base to another, file by file, by three-way merge. `conflicts` names the paths that could not
   * be merged; they are left out of `layer`.
   */
  transplant(
    layer: Layer,
    from: TreeId,
    onto: TreeId,
  ): Promise<{ layer: readonly FileChange[]; conflicts: readonly string[] }>;
  /** Writes a commit object; `at` is seconds since 1970 for author and committer, so that equal content has an equal id. */
  commit(input: { tree: TreeId; parents: readonly CommitId[]; message: string; at: number }): Promise<CommitId>;
  /** Keeps a commit reachable under `refs/millwright/<name>`. */
  keep(name: string, commit: CommitId): Promise<void>;
  /** Moves a branch fast-forward from `from` (undefined: it must not exist) to `to`; false when it is elsewhere. */
  advance(branch: string, from: CommitId | undefined, to: CommitId): Promise<boolean>;
  /** Shows a commit to people in a detached worktree at `dir`, made when missing. */
  show(dir: string, commit: CommitId): Promise<void>;
  /** A clean folder with exactly the files of `tree`, and no git directory. */
  export(tree: TreeId): Promise<{ readonly dir: string; dispose(): Promise<void> }>;
}

/** Runs a command where it can do no harm. */
export interface Sandbox {
  /** Kind and version, e.g. `bubblewrap 0.8.0`, `none`. */
  readonly name: string;
  /** False when the host's folders are used as they are (`none`): mounts are then links, and runs are serial. */
  readonly isolated: boolean;
  /** @throws StepFailure `sandbox-unavailable` when the command could not be started at all. */
  run(job: SandboxJob, signal?: AbortSignal): Promise<SandboxResult>;
}

/** The target's package manager and test runners. */
export interface Toolchain {
  readonly profile: ToolProfile;
  /**
   * Makes sure that the dependencies of this tree are installed; quick when they are. `digest` names manifests, lock
   * files, runtime and sandbox.
   * @throws StepFailure `install-failed` with the end of the installer's output in its message.
   */
  prepare(tree: TreeId): Promise<{ readonly digest: string }>;
  /**
   * Runs the suites on a clean export of the tree.
   * @throws StepFailure `tests-cannot-run` when the runner itself could not be started or is not installed.
   */
  suite(job: SuiteJob, signal?: AbortSignal): Promise<SuiteReport>;
  /** Runs any command of config or plan on a clean export of the tree, through `sh -c`. */
  command(job: { tree: TreeId; run: string; seconds: number }, signal?: AbortSignal): Promise<SandboxResult>;
}

export interface SuiteJob {
  readonly tree: TreeId;
  readonly selection: Selection;
  readonly seconds: number;
  /** Multiplies the limit that the runner itself sets for one test. Default 1. */
  readonly patience?: 1 | 2;
}

/** A browser that looks at the target's built pages. */
export interface Browser {
  /**
   * Digest of everything beside tree and checks that could change what is seen: browser, settings, the build's
   * dependencies. @throws StepFailure `browser-missing`, `install-failed`
   */
  prepare(tree: TreeId): Promise<string>;
  /**
   * Builds the pages on a clean export of the tree and runs the checks, each in a fresh profile, without a network.
   * @throws StepFailure `browser-missing`, `browser-cannot-run`
   */
  look(job: BrowserJob, signal?: AbortSignal): Promise<BrowserReport>;
}

export interface BrowserJob {
  readonly tree: TreeId;
  readonly checks: readonly NamedCheck[];
  /** Multiplies how long a step waits and a check may take. */
  readonly patience: 1 | 2;
}

/** Looks at source text without running it. */
export interface Analysis {
  /** Tool names, versions and settings: part of the key of every diagnosis. */
  readonly versions: Readonly<Record<DiagnosticTool, string>>;
  /** Diagnostics of the given paths (`types` may look at more than these, and reports all it sees). */
  diagnose(tool: DiagnosticTool, tree: TreeId, paths: readonly string[]): Promise<DiagnosticReport>;
  /** A test file's cases, syntax tree for syntax tree. */
  cases(path: string, text: string): Promise<WrittenCases>;
  /** The literals of a file, and its functions that never answer anything else. */
  literals(path: string, text: string): Promise<LiteralUse>;
  /** Variants of a file, each with one small change within the lines (1-based, inclusive); at most `limit`. */
  mutants(
    path: string,
    text: string,
    lines: { from: number; to: number },
    limit: number,
  ): Promise<readonly { text: string; what: string }[]>;
}

/** Chooses what of a repository bears on a piece of work. Its answers depend on the trees and the question alone. */
export interface Retrieval {
  /** The code files of a tree with their top-level names, in the order of the tree. */
  outline(tree: TreeId): Promise<readonly FileOutline[]>;
  /** Files and parts of files that bear on the question, of each relation the most telling first; each line at most once. */
  related(question: RelatedQuestion): Promise<readonly RelatedPart[]>;
}

/** Deterministic rewrites of what makers propose, from `corrections/` of the target as it stood at the run's base. */
export interface Corrections {
  /** Those that are switched on, in the order in which they are applied. */
  readonly active: readonly ActiveCorrection[];
  /**
   * Rewrites a proposal, before anything is written; `tree` is the task's base, `without` the corrections to leave out.
   * Applying it twice changes nothing more.
   */
  correct(proposed: readonly ProposedText[], tree: TreeId, without?: readonly string[]): Promise<Corrected>;
}

/** The line of the target's repository: while an incident that stops it is open, nothing lands. */
export interface Line {
  /** Open incidents that stop the line, oldest first. A moving thing: read it inside a step, or where nothing is kept. */
  stopped(): Promise<readonly OpenIncident[]>;
  /** Opens or files an incident and returns its id; the same run and key again changes nothing. */
  report(incident: IncidentReport): Promise<string>;
}

/** The models behind the roles. */
export interface Models {
  /** The model that is asked first for a role. */
  identify(role: Role): ModelIdentity;
  /** All models of a role, the first one asked first: the rungs of its ladder. */
  ladder(role: Role): readonly ModelIdentity[];
  /** Tokens that a model takes and gives in one call; undefined when nobody knows. */
  contextOf(model: string): Promise<number | undefined>;
  /** Says how many tasks are on their way: a server that swaps models does so when all of them wait for another one. */
  busy(tasks: number): void;
  /**
   * Asks the request's model once; transient errors are retried inside, a time-out or an abort closes the connection.
   * @throws StepFailure model-*, recording-*, network-refused.
   */
  ask(request: ModelRequest, signal?: AbortSignal): Promise<ModelReply>;
}

/** What the house and the target keep in files: role prompts, skills, the target's own instructions. */
export interface Library {
  /** The prompt of a role, with `{{placeholders}}`; the target's own override wins. */
  role(role: Role): Promise<{ text: string; digest: string }>;
  /** Body of a skill by name, or undefined. */
  skill(name: string): Promise<string | undefined>;
  /** Every skill there is, by name, a broken one with its problems. A moving thing: read it inside a step. */
  skills(): Promise<readonly SkillLook[]>;
  /** A file of the person's checkout as it is now, by its path inside the repository. A moving thing: read it inside a step. */
  text(path: string): Promise<string | undefined>;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** What people see while it happens and nobody keeps. */
export type Glimpse =
  | { readonly kind: "doing"; readonly task: string; readonly what: string }
  | { readonly kind: "tests"; readonly task: string; readonly passed: number; readonly failed: number }
  | { readonly kind: "tokens"; readonly task: string; readonly output: number };

/** One repository of the run, with its tools. */
export interface Repository {
  readonly git: Git;
  readonly toolchain: Toolchain;
  readonly analysis: Analysis;
  readonly browser: Browser;
  readonly retrieval: Retrieval;
  /** Absent: nothing is corrected. */
  readonly corrections?: Corrections | undefined;
  /** Its own config: the suites, tools and protected paths of this repository. */
  readonly config: Config;
}

/** The world, as far as the loop sees it. */
export interface Ports {
  readonly journal: Journal;
  readonly models: Models;
  readonly library: Library;
  readonly line: Line;
  readonly clock: Clock;
  readonly sandbox: string;
  /** The repository of a task; undefined names the main one. */
  repository(name: string | undefined): Repository;
  glimpse(seen: Glimpse): void;
  readonly signal: AbortSignal;
}
