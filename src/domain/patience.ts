import type { StepFailure } from "./step-failure.ts";

const PROVIDER = ["model-rate-limited", "model-unreachable", "model-timeout"];
const LONGEST_PAUSE = 300;

/** What is known when a call to a provider has failed. */
export interface Patience {
  /** Times that it was tried. */
  readonly tries: number;
  /** Seconds since the first failure. */
  readonly waited: number;
  /** True when this provider has answered in this run: then it will be back. */
  readonly answered: boolean;
  readonly limits: { readonly stepTries: number; readonly outageMinutes: number };
}

/** Seconds until the next try of any other step, or undefined when it is given up after `most` tries. */
export function transientPause(failure: StepFailure, tried: number, most: number): number | undefined {
  return failure.remedy === "retry" && tried < most ? (failure.retryAfter ?? 2 ** tried) : undefined;
}

/**
 * Seconds until the next try of a call, or undefined when it is given up. An outage or a usage window of a provider that
 * has answered before is waited out, within the limit; it is nobody's failure.
 */
export function pauseBefore(failure: StepFailure, known: Patience): number | undefined {
  const backoff = failure.retryAfter ?? 2 ** known.tries;
  if (failure.remedy === "retry" && known.tries < known.limits.stepTries) return backoff;
  if (!known.answered || !PROVIDER.includes(failure.code)) return undefined;
  const pause = failure.retryAfter ?? Math.min(LONGEST_PAUSE, backoff);
  return known.waited + pause <= known.limits.outageMinutes * 60 ? pause : undefined;
}
