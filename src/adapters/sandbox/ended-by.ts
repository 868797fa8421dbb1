import type { SandboxResult } from "../../domain/sandbox-job.ts";
import type { Supervised } from "./supervise.ts";

const FIRST_SIGNAL = 129;
const LAST_SIGNAL = 192;

/**
 * The result of a supervised program. Stopped programs have no exit code; one that died of signal n has 128 + n, also
 * when a shell or a sandbox says so in its place.
 */
export function endedBy(seen: Supervised, ranOutOfMemory: boolean): SandboxResult {
  const { stdout, stderr, seconds, exitCode } = seen;
  if (seen.stopped !== undefined) return { ended: seen.stopped, exitCode: null, stdout, stderr, seconds };
  if (ranOutOfMemory && exitCode !== 0) return { ended: "memory", exitCode, stdout, stderr, seconds };
  const ended = exitCode >= FIRST_SIGNAL && exitCode <= LAST_SIGNAL ? "signal" : "exited";
  return { ended, exitCode, stdout, stderr, seconds };
}
