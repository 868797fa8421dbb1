import type { FailedFinding } from "./failure-class.ts";

export const INCIDENT_KINDS = [
  "spec-drift",
  "tampering",
  "scope-escape",
  "meta-andon",
  "escalation",
  "deadlock",
  "no-progress",
  "reported",
] as const;

/** Why an incident is opened or filed. */
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

/** What the loop knows when something happens that a person has to hear of. */
export interface IncidentReport {
  /** Unique in its run: reporting it again, after a crash, changes nothing. */
  readonly key: string;
  readonly run: string;
  readonly task: string | undefined;
  readonly kind: IncidentKind;
  /** True: the line stops, and nothing lands, is pushed or published here until it is closed. False: it is filed only. */
  readonly stops: boolean;
  /** Gate or place where it was seen. */
  readonly at: string;
  /** One objective sentence. */
  readonly problem: string;
  /** What was seen: findings, paths, outputs. Secrets are redacted when it is written. */
  readonly evidence: readonly string[];
  /** Findings behind it, the leading one first: they decide category, type and signature. */
  readonly failures?: readonly FailedFinding[];
  /** Tree on which it was seen; absent: the tree of HEAD. */
  readonly tree?: string;
}

/** An incident as the loop has to know it. */
export interface OpenIncident {
  /** `INC-YYYYMMDD-HHMMSS-xxxxxxxx`. */
  readonly id: string;
  readonly kind: IncidentKind;
  readonly problem: string;
}
