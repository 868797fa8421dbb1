import type { Clock } from "../../engine/ports.ts";

/** The machine's clock. `sleep` resolves early, without an error, when the signal is aborted. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    sleep(milliseconds, signal) {
      return new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const wake = () => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", wake);
          resolve();
        };
        const timer = setTimeout(wake, milliseconds);
        signal?.addEventListener("abort", wake, { once: true });
      });
    },
  };
}
