/** How much an audit looks at, from least to most. */
export const AUDIT_LEVELS = ["quick", "standard", "deep"] as const;
export type AuditLevel = (typeof AUDIT_LEVELS)[number];

/** What is read and run at a level. `share` is of `limits.auditTokens`; `each`: tokens of one question, at most. */
export interface Depth {
  readonly share: number;
  readonly each: number;
  /** The target's own tools are run: tests with coverage, type checker. */
  readonly runsTools: boolean;
}

export const DEPTHS: Readonly<Record<AuditLevel, Depth>> = {
  quick: { share: 0.25, each: 25_000, runsTools: false },
  standard: { share: 1, each: 30_000, runsTools: true },
  deep: { share: 4, each: 30_000, runsTools: true },
};
