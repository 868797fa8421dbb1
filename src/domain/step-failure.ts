/** What could not be found out. */
export type FailureCode =
  | "model-unreachable"
  | "model-timeout"
  | "model-rate-limited"
  | "model-rejected"
  | "model-unusable"
  | "model-split"
  | "prompt-too-large"
  | "network-refused"
  | "recording-missing"
  | "recording-drifted"
  | "sandbox-unavailable"
  | "install-failed"
  | "tests-cannot-run"
  | "browser-missing"
  | "browser-cannot-run"
  | "tool-cannot-run"
  | "git-failed"
  | "disk-full"
  | "journal-broken"
  | "budget-spent"
  | "line-stopped"
  | "spec-drift"
  | "approval-needed"
  | "cancelled"
  | "environment";

/** Who or what can help: the same step again, a person, nobody. */
export type Remedy = "retry" | "ask" | "stop";

/** Something could not be found out. Never used for "the gate said no"; caught only in `step`. */
export class StepFailure extends Error {
  override readonly name = "StepFailure";
  readonly code: FailureCode;
  readonly remedy: Remedy;
  /** What a person can do about it, one sentence. */
  readonly hint: string;
  /** Seconds to wait before a retry, when the other side said so. */
  readonly retryAfter: number | undefined;

  constructor(
    message: string,
    options: { code: FailureCode; remedy: Remedy; hint: string; cause?: unknown; retryAfter?: number },
  ) {
    super(message, { cause: options.cause });
    this.code = options.code;
    this.remedy = options.remedy;
    this.hint = options.hint;
    this.retryAfter = options.retryAfter;
  }
}

/** A person's own input is wrong (config, plan, spec, flags): every problem at once, each with what to do. Exit code 2. */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}
