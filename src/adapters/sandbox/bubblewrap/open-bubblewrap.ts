import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Sandbox } from "../../../engine/ports.ts";
import { installCommand, type SandboxProbe } from "../sandbox-probe.ts";
import { findProgram, textOf, thisSystem } from "../this-machine.ts";
import { unavailable } from "../unavailable.ts";
import { type Bubblewrap, runInBubblewrap } from "./bubblewrap-run.ts";
import { controlGroups, groupHomes } from "./control-groups.ts";
import { explainFailedStart, type FailedStart } from "./explain-failed-start.ts";
import { inheritedDescriptors } from "./launch.ts";
import { type Limiter, perProcessLimiter } from "./limiter.ts";
import { systemdScope } from "./systemd-scope.ts";
import { visibleHost } from "./visible-host.ts";

export interface BubblewrapOptions {
  /** Name or path of bubblewrap; `bwrap` unless given. */
  readonly program?: string;
  /** `best` (unless given) tries control groups and systemd before limits of single processes. */
  readonly limits?: "best" | "per-process";
}

/** A sandbox on Linux, and how it keeps its limits on this host. */
export interface BubblewrapSandbox extends Sandbox {
  /** `cgroup v1`, `cgroup v2`, `systemd scope`, or `limits of single processes`. */
  readonly limitedBy: string;
}

/**
 * Linux namespaces through bubblewrap: of the host only programs and a little of /etc are there, read-only; no network
 * but the sandbox's own loopback; everything is dead when `run` returns. Writable mounts lie on the host's disk: one file
 * is limited at once, their sum within a quarter of a second, and then the run ends as `output`.
 * @throws StepFailure `sandbox-unavailable`
 */
export async function openBubblewrap(options: BubblewrapOptions = {}): Promise<BubblewrapSandbox> {
  const opened = await tryOpeningBubblewrap(options);
  if ("run" in opened) return opened;
  throw unavailable(opened.reason, opened.fix);
}

/** The sandbox, or why there is none and what to do about it. */
export async function tryOpeningBubblewrap(
  options: BubblewrapOptions = {},
): Promise<BubblewrapSandbox | Extract<SandboxProbe, { usable: false }>> {
  const [tried, limiter, host] = await Promise.all([
    tryBubblewrap(options),
    options.limits === "per-process" ? perProcessLimiter : bestLimiter(),
    visibleHost(process.execPath),
  ]);
  if (!tried.usable) return tried;
  const bubblewrap: Bubblewrap = {
    ...tried.programs,
    limiter,
    host,
    nesting: nestingSince(tried.version),
    inherited: inheritedDescriptors(),
  };
  return {
    name: `bubblewrap ${tried.version}`,
    isolated: true,
    limitedBy: limiter.name,
    run: (job, signal) => runInBubblewrap(bubblewrap, job, signal),
  };
}

/** Whether bubblewrap is installed and may make a sandbox here; asked by starting one. */
export async function probeBubblewrap(options: BubblewrapOptions = {}): Promise<SandboxProbe> {
  const tried = await tryBubblewrap(options);
  return tried.usable ? { usable: true, name: `bubblewrap ${tried.version}` } : tried;
}

type Tried =
  | {
      readonly usable: true;
      readonly version: string;
      readonly programs: { readonly program: string; readonly prlimit: string };
    }
  | Extract<SandboxProbe, { usable: false }>;

async function tryBubblewrap(options: BubblewrapOptions): Promise<Tried> {
  const system = await thisSystem();
  if (process.platform !== "linux") {
    const fix = `use a container engine instead: ${installCommand(system, "podman")}, and write "sandbox: podman"`;
    return { usable: false, reason: "bubblewrap exists on Linux only", fix };
  }
  const [program, prlimit] = await Promise.all([findProgram(options.program ?? "bwrap"), findProgram("prlimit")]);
  if (program === undefined) {
    return { usable: false, reason: "bubblewrap is not installed", fix: installCommand(system, "bubblewrap") };
  }
  if (prlimit === undefined) {
    return { usable: false, reason: "prlimit is not installed", fix: installCommand(system, "util-linux") };
  }
  try {
    const version = await versionOf(program);
    const nesting = nestingSince(version) === "refused" ? ["--disable-userns"] : [];
    const trial = [
      "--unshare-all",
      "--unshare-user",
      ...nesting,
      "--ro-bind",
      "/",
      "/",
      "--proc",
      "/proc",
      "--dev",
      "/dev",
    ];
    await promisify(execFile)(program, [...trial, "--", "/usr/bin/env", "true"], { env: {}, timeout: 10_000 });
    return { usable: true, version, programs: { program, prlimit } };
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim() || String(error);
    return { usable: false, ...explainFailedStart(await failedStart(said), system) };
  }
}

async function failedStart(said: string): Promise<FailedStart> {
  const kernelSwitch = async (name: string) => (await textOf(`/proc/sys/${name}`)).trim();
  return {
    said,
    appArmorRestriction: await kernelSwitch("kernel/apparmor_restrict_unprivileged_userns"),
    unprivilegedClone: await kernelSwitch("kernel/unprivileged_userns_clone"),
    mostNamespaces: await kernelSwitch("user/max_user_namespaces"),
  };
}

async function versionOf(program: string): Promise<string> {
  const { stdout } = await promisify(execFile)(program, ["--version"], { env: {}, timeout: 10_000 });
  return stdout.trim().split(" ").at(-1) ?? "";
}

/** Since 0.8.0, what runs inside can be kept from making user namespaces of its own. */
function nestingSince(version: string): Bubblewrap["nesting"] {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 0 || minor >= 8 ? "refused" : "possible";
}

async function bestLimiter(): Promise<Limiter> {
  for (const home of groupHomes(await textOf("/proc/self/cgroup"), await textOf("/proc/self/mountinfo"))) {
    const limiter = await controlGroups(home);
    if (limiter !== undefined) return limiter;
  }
  return (await systemdScope()) ?? perProcessLimiter;
}
