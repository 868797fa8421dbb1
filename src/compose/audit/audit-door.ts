import type { AuditFinding } from "../../domain/audit/audit-finding.ts";
import type { AuditLevel } from "../../domain/audit/audit-level.ts";
import type { PlanRow } from "../../domain/audit/plan-state.ts";
import type { Unread } from "../../domain/audit/reading.ts";
import type { PlanCheck } from "../../domain/audit/reconcile.ts";
import type { Budget } from "../../domain/limits.ts";
import type { Role } from "../../domain/model-call.ts";
import type { RunOutcome } from "../../domain/outcome.ts";

/** What may be said about an audit before it starts. */
export interface AuditRequest {
  readonly level: AuditLevel;
  /** A commit by any of its names: what has changed since, and what is next to it, is read. */
  readonly since?: string | undefined;
  readonly budget?: Budget | undefined;
  readonly models?: Readonly<Partial<Record<Role | "default", string>>> | undefined;
  /** Folder of recorded replies that answer instead of models; level and start are then those of the recording. */
  readonly recording?: string | undefined;
  /** Refuses a recorded reply whose request has drifted. */
  readonly strict?: boolean | undefined;
}

export interface AuditEnd {
  readonly run: string;
  readonly outcome: RunOutcome;
  /** Absolute path of the Markdown report; `findings.json` lies beside it. Undefined when the audit did not come so far. */
  readonly report: string | undefined;
  readonly findings: readonly AuditFinding[];
  /** Claims that were thrown away, each with why. */
  readonly dropped: readonly string[];
  readonly unread: readonly Unread[];
  /** Plan files that were written, the most leverage first; paths relative to the repository. */
  readonly plans: readonly { readonly plan: string; readonly path: string; readonly leverage: number }[];
  /** Pages of the wiki that were written; paths relative to the repository. */
  readonly pages: readonly string[];
}

/** The audit loop and the plans that come of it. */
export interface Audits {
  /** Every plan in `plans/`, with where it stands, in the order in which they should be taken. */
  plans(): Promise<readonly PlanRow[]>;
  /** Writes `rejected:` into the plan's file, for a person to commit; answers its path. @throws InputError */
  rejectPlan(name: string, reason: string): Promise<string>;
  /** Looks whether plans still fit the code; `apply` writes what it proposes. @throws InputError, StepFailure */
  reconcile(options: { readonly apply: boolean; readonly signal: AbortSignal }): Promise<readonly PlanCheck[]>;
}
