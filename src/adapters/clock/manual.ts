import type { Clock } from "../../engine/ports.ts";

/** A clock that moves only when it is told to, or when somebody sleeps on it: sleeping takes no real time. */
export interface ManualClock extends Clock {
  /** Sets the time, also backwards. */
  set(milliseconds: number): void;
  advance(milliseconds: number): void;
}

/** A clock for tests and measurements that starts at `start` milliseconds since 1970. */
export function manualClock(start = 0): ManualClock {
  let time = start;
  return {
    now: () => time,
    set(milliseconds) {
      time = milliseconds;
    },
    advance(milliseconds) {
      time += milliseconds;
    },
    async sleep(milliseconds, signal) {
      if (!signal?.aborted) time += milliseconds;
    },
  };
}
