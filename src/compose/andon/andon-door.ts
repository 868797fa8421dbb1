import type { Answer } from "../../domain/five-whys.ts";
import type { OpenIncident } from "../../domain/incident.ts";
import type { Incident } from "../../domain/incident-record.ts";

/** All incidents of a repository, and what stops its line. */
export interface AndonState {
  readonly stopped: readonly OpenIncident[];
  /** Oldest first; a closed one has a closing. */
  readonly incidents: readonly Incident[];
}

/** One incident, and what is missing until it may be closed. */
export interface AndonShown {
  readonly incident: Incident;
  /** Absolute path of its folder. */
  readonly folder: string;
  /** As far as it can be seen without looking at the repository. */
  readonly missing: readonly string[];
}

/** What became of a report of a person: an incident, or a fix where the failure is routine. */
export type AndonOpened =
  | { readonly kind: "incident"; readonly incident: Incident }
  | { readonly kind: "routine"; readonly fix: string };

export interface AndonHook {
  /** Where the hook stands, or would stand. */
  readonly path: string;
  readonly text: string;
  readonly written: boolean;
  /** Why it was not written. */
  readonly reason: string | undefined;
}

/** Names an incident: its id, the beginning or the end of it; undefined: the newest open one. */
type Wanted = string | undefined;

/** What a person may ask of the line and its incidents. Nothing is locked until something is changed. */
export interface Andon {
  readonly root: string;
  state(): Promise<AndonState>;
  /** Writes what is missing of the mill's own texts beside it: the report, the templates of a Meta-Andon. */
  show(wanted: Wanted): Promise<AndonShown>;
  /** A failure that a person reports: the second one stops the line, `stop` at once. @throws InputError */
  open(problem: string, options: { readonly stop: boolean }): Promise<AndonOpened>;
  /** Runs or reads what verifies the answer, and adds it. @throws InputError with everything that is wrong with it */
  why(wanted: Wanted, given: Answer & { readonly expectExit: number }): Promise<AndonShown>;
  /** @throws InputError with everything that is wrong with it */
  act(wanted: Wanted, action: { level: string; what: string; artefact: string }): Promise<AndonShown>;
  /** @throws InputError with everything that is missing */
  close(wanted: Wanted, said: { approvedBy?: string | undefined; hypothesis?: string | undefined }): Promise<Incident>;
  /** The optional pre-push hook; a person's own hook is never written over. */
  hook(options: { readonly write: boolean }): Promise<AndonHook>;
}
