/** Who has to answer a finding: a maker, the mill itself (rebase), or a person. */
export type Answerer = "architect" | "orchestrator" | "tester" | "developer" | "documenter" | "mill" | "person";

/** One reason why a gate says no. */
export interface Finding {
  /** Stable name of the rule that was broken, `gate/rule`, e.g. `red/passes-on-base`. */
  readonly rule: string;
  readonly answers: Answerer;
  /** What is wrong and what would be right, in one or two sentences that a maker can act on. */
  readonly message: string;
  /** Path inside the repository, with forward slashes. */
  readonly path?: string;
  /** 1-based line in `path`. */
  readonly line?: number;
  /** What was seen: a test's failure, a diagnostic, a quoted line. Already bounded in length. */
  readonly evidence?: string;
  /** What people see and no maker is ever told: what a held-out check did. */
  readonly withheld?: string;
}

/** What a gate says of a piece of work. */
export type Verdict =
  | { readonly kind: "pass"; readonly notes: readonly string[] }
  | { readonly kind: "refuse"; readonly findings: readonly Finding[] };

/** A pass, with remarks that every report shows (degraded runs, known failures of the base). */
export function pass(...notes: readonly string[]): Verdict {
  return { kind: "pass", notes };
}

/** A refusal when there is at least one finding, else a pass. */
export function verdictOf(findings: readonly Finding[], notes: readonly string[] = []): Verdict {
  return findings.length > 0 ? { kind: "refuse", findings } : { kind: "pass", notes };
}

/** The first "no" on the way through a task's gates. */
export interface Refusal {
  readonly gate: string;
  readonly findings: readonly Finding[];
}
