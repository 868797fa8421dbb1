import type { Loop, Schedule } from "../../domain/schedule/schedule-config.ts";
import type { LoggedLine, LoggedNote, WorkEnd } from "../../domain/schedule/serve-log.ts";
import type { ServeState } from "../../domain/schedule/serve-state.ts";
import type { Address, Pause } from "./serve-files.ts";

/** When a loop was and will be. Times are milliseconds since 1970. */
export interface LoopStanding {
  readonly loop: Loop;
  /** As the config says it. */
  readonly when: string;
  readonly next: number | undefined;
}

/** Where the schedule stands. */
export interface ServeStatus {
  readonly root: string;
  /** The process that serves; undefined: none. */
  readonly pid: number | undefined;
  readonly state: "off" | "idle" | "working" | "paused" | "line-stopped";
  readonly pause: Pause | undefined;
  readonly address: Address | undefined;
  readonly begun: ServeState["begun"];
  readonly loops: readonly LoopStanding[];
  readonly missed: Schedule["missed"];
  /** The newest lines of its log, oldest first. */
  readonly log: readonly LoggedLine[];
}

/** One pass of the loops, in order, without a schedule: for build servers. */
export interface PassEnd extends WorkEnd {
  readonly loop: Loop;
}

/** Where a daemon is watched from, and from where it is stopped. */
export interface ServeWatch {
  note(note: LoggedNote): void;
  /** Called once this process may serve; answers the address at which it can be asked, if there is one. */
  listening(): Promise<string | undefined>;
  readonly signal: AbortSignal;
}

/** The schedule of one repository, for the apps. */
export interface Serve {
  readonly root: string;
  /** The bearer token of this repository's loopback servers. */
  token(): Promise<string>;
  /** Serves until the signal is aborted. @throws InputError for a wrong schedule, StepFailure when another one serves */
  run(watch: ServeWatch): Promise<void>;
  /** Begins each of these loops once, one after the other; the first that does not end well ends the pass. */
  pass(loops: readonly Loop[], signal: AbortSignal): Promise<readonly PassEnd[]>;
  pause(reason: string): Promise<void>;
  /** False when it was not paused. */
  resume(): Promise<boolean>;
  status(): Promise<ServeStatus>;
}

/** The file that lets the system serve a repository. */
export interface InstalledUnit {
  readonly path: string;
  readonly text: string;
  readonly written: boolean;
  /** What to type so that it begins. */
  readonly next: readonly string[];
}
