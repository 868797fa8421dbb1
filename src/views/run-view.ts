import type { FailedFinding } from "../domain/failure-class.ts";

/** A run as people see it: folded from its facts, and from nothing else. */
export interface RunView {
  readonly run: string;
  readonly title: string;
  readonly workflow: string;
  readonly spec: { readonly path?: string | undefined; readonly digest: string };
  readonly base: { readonly commit: string; readonly branch?: string | undefined };
  /** Model by role. */
  readonly models: Readonly<Record<string, string>>;
  readonly independence: string;
  readonly sandbox: string;
  readonly version: string;
  /** `open` until the run has ended; then the kind of its outcome. */
  readonly state: string;
  /** Why it ended. */
  readonly reason: string;
  readonly plans: readonly PlanView[];
  readonly planRefusals: readonly RefusalView[];
  readonly tasks: readonly TaskView[];
  /** What a model is being asked for the run as a whole: a plan, the goal. */
  readonly asking: AskingView | undefined;
  readonly goals: readonly GoalView[];
  readonly landed: readonly LandedView[];
  readonly totals: Totals;
  /** By role and layer of memory: questions in which something of that layer stood. */
  readonly told: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** What every report shows, each once. */
  readonly notices: readonly string[];
  /** Steps that could not find something out. */
  readonly failures: readonly FailureView[];
  /** Incidents of this run that stop the line, in the order of opening. */
  readonly stoppedBy: readonly string[];
  readonly resumes: number;
  readonly startedAt: number;
  readonly lastAt: number;
  /** Time in which the run was at work: the pauses before resumes are left out. */
  readonly activeMilliseconds: number;
}

export interface PlanView {
  readonly plan: string;
  readonly path: string;
  readonly branch: string;
}

export type GateState = "waiting" | "passed" | "refused";
export type LaneName = "RED" | "GATES" | "GREEN" | "REVIEW";
export type LaneState = GateState | "active";

export interface TaskView {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly needs: readonly string[];
  readonly plan: string | undefined;
  /** `waiting` before it starts, `open` while it is worked on, then the kind of its outcome. */
  readonly state: string;
  readonly reason: string;
  /** The gates in order, each with what it last said. */
  readonly gates: readonly { readonly gate: string; readonly state: GateState }[];
  readonly asking: AskingView | undefined;
  /** The maker or judge that was asked last. */
  readonly last: AskingView | undefined;
  /** Answers that one maker may give, when the run says so. */
  readonly attemptLimit: number | undefined;
  /** Number of the newest answer by role. */
  readonly attempts: Readonly<Record<string, number>>;
  readonly tokens: Tokens;
  readonly refusals: readonly RefusalView[];
  readonly review: ReviewView | undefined;
  /** The maker's own word on each criterion, its newest. */
  readonly assessed?: readonly AssessedView[];
  /** Each change of model, brief or task on the way, with its reason. */
  readonly turns: readonly string[];
  /** Remarks of its gates: degraded checks, known failures of the base. */
  readonly notes: readonly string[];
  /** Tests that passed when it landed. */
  readonly tests: number | undefined;
  readonly activeMilliseconds: number;
}

export interface AskingView {
  readonly task: string;
  readonly role: string;
  readonly attempt: number;
  readonly model: string;
}

export interface FindingView extends FailedFinding {
  /** What no maker is told. */
  readonly withheld?: string | undefined;
}

export interface RefusalView {
  readonly gate: string;
  readonly findings: readonly FindingView[];
}

export interface ReviewView {
  readonly judge: string;
  readonly decision: "APPROVE" | "REJECT";
  readonly score: number;
  readonly reasons: readonly string[];
  readonly criteria?: readonly { readonly id: string; readonly met: boolean; readonly evidence: string }[] | undefined;
}

export interface AssessedView {
  readonly id: string;
  readonly said: "met" | "unmet" | "not given";
  readonly because: string;
}

export interface GoalView {
  readonly round: number;
  readonly decision: "MET" | "NOT MET";
  readonly evidence: readonly string[];
}

export interface LandedView {
  readonly task: string;
  readonly title: string;
  readonly branch: string;
  readonly commit: string;
  readonly tests: number;
  readonly paths: readonly string[];
}

export interface FailureView {
  readonly step: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export interface Tokens {
  readonly input: number;
  readonly output: number;
  readonly cached: number;
}

export interface Totals {
  /** Answers that models gave. */
  readonly answers: number;
  /** Calls that were made once more, after a kill or a transient failure: the one before may have been paid for. */
  readonly askedAgain: number;
  /** Recorded replies whose request was not the recorded one. */
  readonly drifted: number;
  readonly tokens: Tokens;
  /** False when some counts are estimates. */
  readonly counted: boolean;
  readonly tokensByModel: Readonly<Record<string, Tokens & { readonly answers: number }>>;
  readonly refusals: number;
  readonly refusalsByGate: Readonly<Record<string, number>>;
}

export const NO_TOKENS: Tokens = { input: 0, output: 0, cached: 0 };

export const EMPTY_RUN: RunView = {
  run: "",
  title: "",
  workflow: "",
  spec: { digest: "" },
  base: { commit: "" },
  models: {},
  independence: "",
  sandbox: "",
  version: "",
  state: "open",
  reason: "",
  plans: [],
  planRefusals: [],
  tasks: [],
  asking: undefined,
  goals: [],
  landed: [],
  totals: {
    answers: 0,
    askedAgain: 0,
    drifted: 0,
    tokens: NO_TOKENS,
    counted: true,
    tokensByModel: {},
    refusals: 0,
    refusalsByGate: {},
  },
  told: {},
  notices: [],
  failures: [],
  stoppedBy: [],
  resumes: 0,
  startedAt: 0,
  lastAt: 0,
  activeMilliseconds: 0,
};

export function emptyTask(id: string, title = id): TaskView {
  return {
    id,
    title,
    kind: "",
    needs: [],
    plan: undefined,
    state: "waiting",
    reason: "",
    gates: [],
    asking: undefined,
    last: undefined,
    attemptLimit: undefined,
    attempts: {},
    tokens: NO_TOKENS,
    refusals: [],
    review: undefined,
    turns: [],
    notes: [],
    tests: undefined,
    activeMilliseconds: 0,
  };
}
