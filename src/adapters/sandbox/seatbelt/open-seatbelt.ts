import type { Sandbox } from "../../../engine/ports.ts";
import { openDirect } from "../direct-run.ts";
import type { SandboxProbe } from "../sandbox-probe.ts";
import { findProgram } from "../this-machine.ts";
import { unavailable } from "../unavailable.ts";
import { seatbeltCommand } from "./seatbelt-command.ts";

/**
 * macOS's own sandbox, `sandbox-exec`, with a profile of `@anthropic-ai/sandbox-runtime`. NEVER RUN ON A MAC by those who
 * wrote it: only the command that it starts is tested.
 *
 * Kept: writes only to the job's writable mounts, a home that cannot be read, no network but the loopback, time, output
 * and the size of its folders. NOT kept: paths are the host's, so it is not `isolated`; servers of this machine can be
 * reached on the loopback; memory and processes are not limited; a daemon in a session of its own survives.
 * @throws StepFailure `sandbox-unavailable` on a machine without it.
 */
export async function openSeatbelt(): Promise<Sandbox> {
  const probe = await probeSeatbelt();
  if (!probe.usable) throw unavailable(probe.reason, probe.fix);
  return openDirect(probe.name, seatbeltCommand);
}

/** Usable where the system is macOS and has `sandbox-exec`. */
export async function probeSeatbelt(): Promise<SandboxProbe> {
  if (process.platform !== "darwin") {
    const reason = "seatbelt is macOS's own sandbox, and this is another system";
    return { usable: false, reason, fix: "write `sandbox: auto` in millwright.yaml" };
  }
  if ((await findProgram("/usr/bin/sandbox-exec")) !== undefined) return { usable: true, name: "seatbelt" };
  return { usable: false, reason: "/usr/bin/sandbox-exec is missing", fix: "use `sandbox: podman` or `docker`" };
}
