import type { SandboxJob, SandboxResult } from "../../../domain/sandbox-job.ts";
import { StepFailure } from "../../../domain/step-failure.ts";
import { endedBy } from "../ended-by.ts";
import { cancelled, supervise } from "../supervise.ts";
import { unavailable } from "../unavailable.ts";
import { watchWrittenFolders } from "../written-folders.ts";
import { bubblewrapArguments, DESCRIPTORS } from "./bubblewrap-arguments.ts";
import { launch } from "./launch.ts";
import type { LimitedRun, Limiter } from "./limiter.ts";
import type { VisibleHost } from "./visible-host.ts";

/** What was found out about this machine once, and holds for all runs. */
export interface Bubblewrap {
  /** Absolute paths of bubblewrap and prlimit. */
  readonly program: string;
  readonly prlimit: string;
  readonly limiter: Limiter;
  readonly host: VisibleHost;
  /** User namespaces inside the sandbox. */
  readonly nesting: "refused" | "possible";
  /** Descriptors that this process was started with, and that would be handed on. */
  readonly inherited: readonly number[];
}

/** Runs one job in a sandbox of its own. @throws StepFailure `sandbox-unavailable`, `cancelled` */
export async function runInBubblewrap(
  bubblewrap: Bubblewrap,
  job: SandboxJob,
  signal?: AbortSignal,
): Promise<SandboxResult> {
  if (signal?.aborted) throw cancelled();
  const limited = await bubblewrap.limiter.begin(job.limits).catch((error: unknown) => {
    throw unavailable(`its limits could not be set: ${error}`, "run `millwright doctor`", error);
  });
  const watch = watchWrittenFolders(job);
  try {
    const launched = launch({
      commandLine: commandLine(bubblewrap, job, limited),
      env: limited.env,
      bubblewrapArguments: bubblewrapArguments(job, bubblewrap.host, bubblewrap.nesting),
      input: job.input,
      inherited: bubblewrap.inherited,
    });
    const seen = await supervise(launched, job.limits, signal, watch.overflow);
    if (!launched.begun() && seen.stopped === undefined) {
      const said = seen.stderr.trim() || `bubblewrap ended with exit code ${seen.exitCode}`;
      throw unavailable(said, "check that the folders named exist, and run `millwright doctor`");
    }
    return endedBy(seen, await limited.ranOutOfMemory());
  } catch (error) {
    if (error instanceof StepFailure) throw error;
    throw unavailable(String(error), "run `millwright doctor`", error);
  } finally {
    watch.end();
    await limited.end();
  }
}

function commandLine(bubblewrap: Bubblewrap, job: SandboxJob, limited: LimitedRun): readonly string[] {
  const largestFile = job.limits.diskMegabytes * 1024 * 1024;
  // bubblewrap sets PWD, which the job did not ask for.
  const uninvited = "PWD" in job.env ? [] : ["-u", "PWD"];
  return [
    ...limited.prefix,
    ...[bubblewrap.program, "--args", String(DESCRIPTORS.arguments), "--", "/usr/bin/env", ...uninvited],
    ...[bubblewrap.prlimit, `--fsize=${largestFile}`, "--core=0", ...limited.perProcess, "--", ...job.argv],
  ];
}
