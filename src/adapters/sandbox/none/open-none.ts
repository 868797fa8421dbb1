import type { Sandbox } from "../../../engine/ports.ts";
import { openDirect } from "../direct-run.ts";
import type { SandboxProbe } from "../sandbox-probe.ts";

/**
 * No sandbox: the command runs with the rights of whoever runs the engine. It gets the job's environment and nothing
 * else of the engine's, and dies with it; mounts are realised by naming their sources instead of their targets, and by links (see
 * `translatePaths`); one job runs at a time. Time, output and the size of its folders are limited, by killing its
 * process group.
 *
 * NOT kept: the host's files, secrets and network are within reach; memory, processes and the size of one file are not
 * limited; a daemon that makes a session of its own survives; a mount for reading may be written.
 */
export function openNone(): Sandbox {
  return openDirect("none", async (job) => job);
}

/** Always usable, and never a sandbox. */
export async function probeNone(): Promise<SandboxProbe> {
  return { usable: true, name: "none" };
}
