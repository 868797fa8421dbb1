import type { Andon } from "./compose/andon/andon-door.ts";
import type { ApprovalsDoor } from "./compose/approvals/approvals-door.ts";
import type { AuditEnd, AuditRequest, Audits } from "./compose/audit/audit-door.ts";
import type { PullRequestEnd, PullRequestWish } from "./compose/connect/connect-door.ts";
import type { CorrectionLook } from "./compose/correction-look.ts";
import type { InitEnd, InitOptions } from "./compose/goal-files/init-end.ts";
import type { ModelsEnd } from "./compose/models-end.ts";
import type { Research, ResearchRequest } from "./compose/research/research-door.ts";
import type { RunEnd, Watch } from "./compose/run-end.ts";
import type { InstalledUnit, Serve } from "./compose/serve/serve-door.ts";
import type { Wiki } from "./compose/wiki/wiki-door.ts";
import type { Config } from "./domain/config.ts";
import type { EmbeddedChoice, Machine } from "./domain/embedded-models.ts";
import type { JournalEntry } from "./domain/event.ts";
import type { Candidate } from "./domain/learn-candidate.ts";
import type { Budget } from "./domain/limits.ts";
import type { AppliedRules, IndexBenchEnd, MemoryState } from "./domain/memory-layers.ts";
import type { Role } from "./domain/model-call.ts";
import type { SkillLook } from "./domain/skill.ts";
import type { Comparison } from "./views/comparison.ts";

export type { AuditEnd, AuditRequest } from "./compose/audit/audit-door.ts";
export type { AgentLook, ModelLook, ModelsEnd, ServerLook } from "./compose/models-end.ts";
export type { RunEnd, Watch } from "./compose/run-end.ts";
export type { QueryEnd, Wiki, WikiLintEnd } from "./compose/wiki/wiki-door.ts";

/** What a person changes when a run goes on. */
export interface Changes {
  readonly budget?: Budget | undefined;
  /** Lets a resting task come back, with what its makers are to do differently. */
  readonly retry?: { readonly task: string; readonly word: string } | undefined;
  /** Whoever lets the run go on beside a spec that has changed. */
  readonly approveSpec?: string | undefined;
}

/** What may be said about a run before it starts; what is absent comes from the config. */
export interface RunRequest {
  /** The path of a spec or of a plan, or a sentence. */
  readonly input: string;
  readonly workflow?: string | undefined;
  readonly budget?: Budget | undefined;
  /** Branch that is moved to the result at the end; absent: none of the user's branches move. */
  readonly land?: string | undefined;
  readonly sandbox?: Config["sandbox"] | undefined;
  readonly models?: Readonly<Partial<Record<Role | "default", string>>> | undefined;
  readonly independence?: Config["independence"] | undefined;
  /** Folder of recorded replies that answer instead of models. */
  readonly recording?: string | undefined;
  /** Refuses a recorded reply whose request has drifted. */
  readonly strict?: boolean | undefined;
}

export type PlanRequest = Pick<
  RunRequest,
  "input" | "workflow" | "budget" | "models" | "independence" | "recording" | "strict"
>;

export interface PlanEnd extends RunEnd {
  /** The plan file, relative to the repository; undefined when the architect's plans were refused to the end. */
  readonly path: string | undefined;
  /** Names of the plan and of the linked plans, in the order in which they are pursued. */
  readonly plans: readonly string[];
}

/** Models that are to pursue one plan, and the conditions; `models` is for the other roles. */
export interface CompareRequest
  extends Pick<RunRequest, "input" | "workflow" | "budget" | "sandbox" | "models" | "independence"> {
  /** Names as in the config, in the order of the table. */
  readonly compared: readonly string[];
  /** Name of the one server that all of them are asked through. */
  readonly samePath?: string | undefined;
  /** Begins anew beside a comparison of the same, instead of going on with it. */
  readonly again?: boolean | undefined;
}

export interface CompareEnd {
  readonly id: string;
  /** `stuck`: there is no plan; `waiting`: some runs have not ended, and the same call goes on with them. */
  readonly outcome: { readonly kind: "done" | "stuck" | "waiting" | "cancelled"; readonly reason: string };
  readonly comparison: Comparison;
  /** Absolute path of the Markdown report; `table.json` lies beside it. */
  readonly report: string;
}

export type ReplaySource = { readonly run: string } | { readonly dir: string };

/** What a person decides about candidates, by their ids; `all`: every one that waits. */
export interface LearnDecisions {
  readonly approve?: readonly string[] | "all" | undefined;
  readonly reject?: readonly string[] | undefined;
}

export interface LearnRequest extends LearnDecisions {
  /** Asks the orchestrator's model for a candidate too; it is tried like any other. */
  readonly ask?: boolean | undefined;
}

export interface LearnDecision {
  readonly id: string;
  readonly decision: "approved" | "rejected";
  /** The correction's file. */
  readonly path: string;
  /** The commit that an approval made on the branch that is checked out. */
  readonly commit?: string;
}

export interface LearnEnd {
  /** Replies of makers that were recorded. */
  readonly recorded: number;
  /** Different places where something was refused and something else landed. */
  readonly cases: number;
  /** Candidates that wait for a person's word. */
  readonly waiting: readonly Candidate[];
  /** Those that are not offered, or were decided before. */
  readonly others: readonly Candidate[];
  readonly decided: readonly LearnDecision[];
  /** What was left out, and what could not be read. */
  readonly notes: readonly string[];
}

/** One run of the journal, newest last. */
export interface RunRow {
  readonly id: string;
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Kind of the run's outcome; undefined while it is open (running, or cut off). */
  readonly outcome: string | undefined;
}

/** One repository with its config, journal and models: all that an app needs. Nothing is locked until something is run. */
export interface Mill extends Audits, Research {
  /** Absolute path of the repository's top folder. */
  readonly root: string;
  /** Absolute path of the journal's file. */
  readonly journal: string;
  readonly config: Config;
  /** Asks the architect for a plan and writes its file; nothing else changes. @throws InputError, StepFailure */
  plan(request: PlanRequest, watch: Watch): Promise<PlanEnd>;
  /** @throws InputError, StepFailure */
  run(request: RunRequest, watch: Watch): Promise<RunEnd>;
  /** Plans once and lets each model pursue that plan in a run of its own. @throws InputError, StepFailure */
  compare(request: CompareRequest, watch: Watch): Promise<CompareEnd>;
  /**
   * Goes on with a run; undefined: the newest that has not ended, else the newest that is stuck.
   * @throws InputError when there is none, or when nothing that could matter has changed for a stuck one
   */
  resume(run: string | undefined, changes: Changes, watch: Watch): Promise<RunEnd>;
  /** Reads the repository, says what is wrong in it, verified, and writes plans. @throws InputError, StepFailure */
  audit(request: AuditRequest, watch: Watch): Promise<AuditEnd>;
  /** Runs again, offline, with the recorded replies of a run or of a folder. */
  replay(source: ReplaySource, options: { readonly strict: boolean }, watch: Watch): Promise<RunEnd>;
  /**
   * Looks for corrections in what was recorded, tries each on every recorded proposal, and does what is decided of those that
   * wait. Ends in `limits.learnMinutes`. @throws InputError, StepFailure
   */
  learn(request: LearnRequest, watch: Watch): Promise<LearnEnd>;
  /** Does what is decided of the candidates that are kept, without looking again. @throws InputError, StepFailure */
  decide(decisions: LearnDecisions): Promise<readonly LearnDecision[]>;
  /** The candidates that are kept, those that wait and the others. */
  candidates(): Promise<readonly Candidate[]>;
  runs(): Promise<readonly RunRow[]>;
  /** True while a process works here: a run without an outcome is then on its way, else it was cut off. */
  atWork(): boolean;
  /** Facts of one run, by its full id, oldest first. */
  entries(run: string): Promise<readonly JournalEntry[]>;
  /** What is remembered of the repository, layer by layer, and the rules that are proposed for AGENTS.md. */
  memory(): Promise<MemoryState>;
  /** Writes the proposed rules into AGENTS.md, in a commit of its own on the branch that is checked out. @throws InputError */
  applyRules(): Promise<AppliedRules>;
  /** Drops proposed rules for good, by the beginnings of their ids; answers their texts. @throws InputError */
  refuseRules(ids: readonly string[]): Promise<readonly string[]>;
  /** Measures retrieval on the repository's own history and keeps the verdict. @throws InputError, StepFailure */
  benchIndex(told: (what: string) => void): Promise<IndexBenchEnd>;
  /** Its wiki, and the loop that documents what has changed. */
  readonly wiki: Wiki;
  /** Unified diff of what the run landed, or of one task: its landed work, else its last refused attempt. */
  diff(run: string, task?: string): Promise<string>;
  /** Whose word lets stages pass, and what waits for a person's. */
  readonly approvals: ApprovalsDoor;
  close(): Promise<void>;
}

export interface MillFlags {
  /** Path of the config file; default: `millwright.yaml` in the repository's top folder. */
  readonly config?: string | undefined;
}

export interface DoctorCheck {
  readonly name: string;
  readonly state: "ok" | "warn" | "bad";
  readonly detail: string;
  /** What to do about it. */
  readonly fix?: string | undefined;
}

export interface DemoEnd {
  /** Absolute path of the repository in which it happened. */
  readonly repository: string;
  /** The runs in order; the title says what is recorded and what is scripted. */
  readonly runs: readonly (RunEnd & { readonly title: string; readonly entries: readonly JournalEntry[] })[];
}

/** What a machine could run by itself, without a server, an agent program or a key. */
export interface EmbeddedOffer {
  readonly machine: Machine;
  /** Undefined when not even the smallest model fits. */
  readonly choice: EmbeddedChoice | undefined;
  /** Names of models that are on this disk already. */
  readonly fetched: readonly string[];
  readonly engine: { readonly dir: string; readonly installed: boolean };
}

/** Told while the engine and models are fetched. */
export interface Fetching {
  readonly signal: AbortSignal;
  installing(dir: string): void;
  progress(progress: FetchProgress): void;
}

export interface FetchProgress {
  readonly name: string;
  readonly bytes: number;
  readonly total: number;
  /** Bytes a second. */
  readonly rate: number;
  /** Seconds that are left at this rate; undefined when nobody knows. */
  readonly left: number | undefined;
}

/** What src/compose.ts exports: the doors through which an app enters. */
export interface Doors {
  /** @throws InputError with every problem of the config; when `dir` is in no git repository */
  openMill(dir: string, flags: MillFlags): Promise<Mill>;
  /** Opens the line and its incidents for a person. @throws InputError */
  openAndon(dir: string, flags: MillFlags): Promise<Andon>;
  /** Detects stack, test command and linters and writes `millwright.yaml`. @throws InputError when it exists, unless `yes` */
  initRepository(dir: string, options: InitOptions): Promise<InitEnd>;
  diagnoseRepository(dir: string, flags: MillFlags): Promise<readonly DoctorCheck[]>;
  /** Whatever could answer on this machine though no config names it: a running server, agent programs, keys. */
  modelsInSight(config: Config): Promise<readonly string[]>;
  offerEmbedded(): Promise<EmbeddedOffer>;
  /** Installs the embedded engine and fetches models of a hub, `hf:owner/repo:quant`. @throws StepFailure, InputError */
  fetchEmbedded(models: readonly string[], fetching: Fetching): Promise<void>;
  /** Looks at every model of the config and at every server, agent and key that is there; asks no model anything. @throws InputError */
  inspectModels(dir: string, flags: MillFlags): Promise<ModelsEnd>;
  /** The corrections of the checkout, their examples run. @throws InputError when `dir` is in no git repository */
  lookAtCorrections(dir: string): Promise<readonly CorrectionLook[]>;
  /** Writes `state:` into the correction's file and answers its path. @throws InputError when there is no such correction */
  switchCorrection(dir: string, id: string, state: "on" | "off"): Promise<string>;
  /** Opens the schedule of the repository. Nothing is locked until it serves. @throws InputError */
  openServe(dir: string, flags: MillFlags): Promise<Serve>;
  /** Begins a command of the mill's own as a process that outlives this one; answers once its run has begun. @throws InputError */
  startInBackground(
    dir: string,
    words: readonly string[],
  ): Promise<{ readonly run: string; readonly pid: number | undefined }>;
  /** Reads an issue, `connector:KEY`, writes it as a spec and answers its path. @throws InputError, StepFailure */
  readIssue(dir: string, flags: MillFlags, issue: string): Promise<string>;
  /** Pushes a branch and opens its pull request, or brings it up to date. @throws InputError, StepFailure `line-stopped` */
  openPullRequest(root: string, wish: PullRequestWish): Promise<PullRequestEnd>;
  /** Writes what lets the system serve the repository; `print`: only shows it. @throws InputError */
  installUnit(dir: string, options: MillFlags & { readonly print: boolean }): Promise<InstalledUnit>;
  /** Writes a commented start of an experiment's design into `design/`; answers its paths. @throws InputError when one is there */
  startResearch(dir: string, name: string): Promise<readonly string[]>;
  /** What is wrong with an experiment in a folder that could not be opened, by what is on the disk; `config`: path of its config. */
  researchProblems(request: ResearchRequest, config: string | undefined): Promise<readonly string[]>;
  /** The skills that a plan of this repository may name. @throws InputError */
  listSkills(dir: string): Promise<readonly SkillLook[]>;
  /** A skill as its makers are told it. @throws InputError */
  showSkill(dir: string, name: string): Promise<SkillLook & { readonly text: string }>;
  runDemo(options: { readonly dir?: string | undefined }, watch: Watch): Promise<DemoEnd>;
}
