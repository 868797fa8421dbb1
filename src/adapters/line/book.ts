import type { Surroundings } from "../../domain/incident-opening.ts";
import type { Action, Analysis, Closing, Incident } from "../../domain/incident-record.ts";
import type { Clock, Line } from "../../engine/ports.ts";

/** What a person's work on an incident changes of it. */
export interface Amendment {
  readonly analysis?: Analysis;
  readonly actions?: readonly Action[];
  /** Texts by file name, written over what is there. */
  readonly documents?: Readonly<Record<string, string>>;
}

/** All incidents of a repository, open and closed. */
export interface IncidentBook extends Line {
  /** Oldest first. An incident whose files cannot be read is not among them, though it stops the line. */
  all(): Promise<readonly Incident[]>;
  find(id: string): Promise<Incident | undefined>;
  /** Changes an open incident; two changes at once are made one after the other. @throws InputError when it is not open */
  amend(id: string, change: (incident: Incident) => Amendment): Promise<Incident>;
  /** Writes the final report and moves the incident to the archive. @throws InputError when it is not open */
  close(id: string, closing: Closing, finalReport: string): Promise<Incident>;
}

/** What every book needs of the world. */
export interface BookWorld {
  readonly clock: Pick<Clock, "now">;
  /** Looked at when an incident is opened. */
  look(): Promise<Surroundings>;
}
