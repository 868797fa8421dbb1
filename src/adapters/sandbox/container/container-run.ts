import { PassThrough } from "node:stream";
import type Docker from "dockerode";
import type { SandboxJob, SandboxResult } from "../../../domain/sandbox-job.ts";
import { StepFailure } from "../../../domain/step-failure.ts";
import { endedBy } from "../ended-by.ts";
import { cancelled, type Running, supervise } from "../supervise.ts";
import { mustExist, unavailable } from "../unavailable.ts";
import { watchWrittenFolders } from "../written-folders.ts";
import { attach } from "./attach.ts";
import { type ContainerSetting, containerOptions } from "./container-options.ts";

/** Runs one job in a container of its own, which is gone afterwards. @throws StepFailure `sandbox-unavailable`, `cancelled` */
export async function runInContainer(
  docker: Docker,
  setting: ContainerSetting,
  job: SandboxJob,
  signal?: AbortSignal,
): Promise<SandboxResult> {
  if (signal?.aborted) throw cancelled();
  await mustExist(job.mounts.map((mount) => mount.source));
  const watch = watchWrittenFolders(job);
  let container: Docker.Container | undefined;
  try {
    container = await docker.createContainer(containerOptions(job, setting));
    const seen = await supervise(await start({ docker, setting, container }, job), job.limits, signal, watch.overflow);
    const { State: state } = await container.inspect();
    return endedBy(seen, state.OOMKilled);
  } catch (error) {
    if (error instanceof StepFailure) throw error;
    const fix = `check that ${setting.engine} runs and that the folders named exist, and run \`millwright doctor\``;
    throw unavailable(error instanceof Error ? error.message : String(error), fix, error);
  } finally {
    watch.end();
    await container?.remove({ force: true, v: true }).catch(() => undefined);
  }
}

interface Made {
  readonly docker: Docker;
  readonly setting: ContainerSetting;
  readonly container: Docker.Container;
}

async function start(made: Made, job: SandboxJob): Promise<Running> {
  const { docker, setting, container } = made;
  const stdin = job.input !== undefined;
  const attached = await attach(setting.socket, container.id, { stdin });
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  docker.modem.demuxStream(attached, stdout, stderr);
  const drained = () => {
    stdout.end();
    stderr.end();
  };
  for (const event of ["end", "close", "error"]) attached.once(event, drained);
  // A waiter that comes after the end would wait for the next one.
  const exited = container.wait({ condition: "next-exit" }).then((end: { StatusCode: number }) => end.StatusCode);
  exited.catch(() => undefined);
  await container.start();
  if (stdin) attached.end(job.input);
  // The container is the engine's child and not ours: only the engine can end it, and does so with all that is in it.
  const end = (name: "SIGTERM" | "SIGKILL") => void container.kill({ signal: name }).catch(() => undefined);
  return { stdout, stderr, exited, terminate: () => end("SIGTERM"), kill: () => end("SIGKILL") };
}
