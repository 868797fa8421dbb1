import type { Config } from "../../domain/config.ts";
import type { Budget } from "../../domain/limits.ts";
import type { Role } from "../../domain/model-call.ts";
import type { GateType } from "../../domain/research/gate-type.ts";
import type { StageState } from "../../domain/research/pipeline-text.ts";
import type { StageName } from "../../domain/research/stage.ts";
import type { RunEnd, Watch } from "../run-end.ts";

/** What may be said about a research run before it starts. */
export interface ResearchRequest {
  /** The experiment's repository; its design is in `design/`. */
  readonly dir: string;
  readonly workflow?: string | undefined;
  readonly budget?: Budget | undefined;
  /** Branch that is moved to the result at the end, fast-forward only. */
  readonly land?: string | undefined;
  readonly sandbox?: Config["sandbox"] | undefined;
  readonly independence?: Config["independence"] | undefined;
  readonly models?: Readonly<Partial<Record<Role | "default", string>>> | undefined;
  /** Folder of recorded replies that answer instead of models. */
  readonly recording?: string | undefined;
  /** Refuses a recorded reply whose request has drifted. */
  readonly strict?: boolean | undefined;
}

/** Where one stage stands. */
export interface StageLook {
  readonly stage: StageName;
  /** `open`: begun in a run that has not ended or paused. */
  readonly state: StageState | "open";
  /** Whose word lets it pass when it is visited next. */
  readonly gate: GateType;
  /** Whose word it was at the last visit; undefined when there was none. */
  readonly visitedUnder: GateType | undefined;
  /** What has happened in it, oldest first. */
  readonly history: readonly string[];
}

/** Where a pipeline stands. */
export interface ResearchLook {
  readonly run: string;
  readonly name: string;
  readonly branch: string | undefined;
  readonly stages: readonly StageLook[];
  /** What is at work, or comes next. */
  readonly next: string;
  /** How the run last paused or ended, and why; undefined while it goes on. */
  readonly ended: string | undefined;
  /** Absolute path of `pipeline.yaml` as it stands. */
  readonly path: string;
}

/** The research pipeline of a repository. */
export interface Research {
  /** Takes the design of a repository through its stages. @throws InputError, StepFailure */
  research(request: ResearchRequest, watch: Watch): Promise<RunEnd>;
  /** Where a pipeline stands; undefined: the newest. @throws InputError when there is none */
  researchLook(run: string | undefined): Promise<ResearchLook>;
  /** Changes whose word lets a stage pass, also while the run goes on. @throws InputError */
  researchGate(
    run: string | undefined,
    change: { readonly stage: StageName; readonly gate: GateType; readonly by: string },
  ): Promise<ResearchLook>;
}
