import type { SandboxLimits } from "../../../domain/sandbox-job.ts";

/** A way of this host to limit memory and processes. */
export interface Limiter {
  /** For people, e.g. `cgroup v2`. */
  readonly name: string;
  /** Makes the limits of one run. */
  begin(limits: SandboxLimits): Promise<LimitedRun>;
}

/** The limits of one run, around all that it starts. */
export interface LimitedRun {
  /** Command line that comes before the sandbox's own, and puts it under the limits. */
  readonly prefix: readonly string[];
  /** What that command needs of the environment; it hands on none of it. */
  readonly env: Readonly<Record<string, string>>;
  /** Limits of single processes, as options of prlimit, for lack of better ones. */
  readonly perProcess: readonly string[];
  /** Whether the kernel has killed something for want of memory. */
  ranOutOfMemory(): Promise<boolean>;
  /** Kills what is left, and removes every trace. */
  end(): Promise<void>;
}

/**
 * The last resort: memory is limited in each process and not in their sum; processes are limited for a normal user,
 * and not for root, whom the kernel exempts.
 */
export const perProcessLimiter: Limiter = {
  name: "limits of single processes",
  begin: async (limits) => ({
    prefix: [],
    env: {},
    perProcess: [`--nproc=${limits.processes}`, `--data=${limits.memoryMegabytes * 1024 * 1024}`],
    ranOutOfMemory: async () => false,
    end: async () => undefined,
  }),
};
