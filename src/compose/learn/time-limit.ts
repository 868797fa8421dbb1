import type { LearnPlace } from "./learn-world.ts";

/** A signal that is aborted when `limits.learnMinutes` are over by the place's clock, or when the place's own signal is. */
export interface TimeLimit {
  readonly signal: AbortSignal;
  /** Nobody waits for the time any more. */
  end(): void;
}

export function timeLimit({ clock, config, signal }: LearnPlace): TimeLimit {
  const [over, ended] = [new AbortController(), new AbortController()];
  const sleeping = clock.sleep(Math.ceil(config.limits.learnMinutes * 60_000), ended.signal);
  void sleeping.then(() => {
    if (!ended.signal.aborted) over.abort();
  });
  return { signal: AbortSignal.any([signal, over.signal]), end: () => ended.abort() };
}
