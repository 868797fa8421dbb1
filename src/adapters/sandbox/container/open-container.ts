import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import type { Sandbox } from "../../../engine/ports.ts";
import { installCommand, type SandboxProbe } from "../sandbox-probe.ts";
import { findProgram, isSocket, textOf, thisSystem } from "../this-machine.ts";
import { unavailable } from "../unavailable.ts";
import { type ContainerSetting, OWNER } from "./container-options.ts";
import { runInContainer } from "./container-run.ts";
import { startPodmanSocket } from "./podman-socket.ts";

export interface ContainerOptions {
  readonly engine: "docker" | "podman";
  /** The image that has the target's runtime and /usr/bin/env; it is never pulled. */
  readonly image?: string | undefined;
  /** Path of the engine's socket; looked for where the engine puts it unless given. */
  readonly socket?: string;
  /** OCI runtime for a service of Podman that is started here, e.g. `runc`. */
  readonly runtime?: string;
}

/** A sandbox that holds a connection, and perhaps a service. */
export interface ContainerSandbox extends Sandbox {
  /** Ends the service of Podman that was started for it, if any. */
  close(): Promise<void>;
}

interface Connected {
  readonly docker: Docker;
  readonly socket: string;
  readonly name: string;
  readonly rootless: boolean;
  close(): Promise<void>;
}

/**
 * Containers of Docker or Podman: read-only root, no capabilities, no network, limits of memory, processes and file
 * size; a container is killed and removed through the engine's API. Writable mounts are watched, not limited at once.
 * Which system calls are refused is the engine's own choice: Podman's lets user namespaces be made inside.
 * @throws StepFailure `sandbox-unavailable`
 */
export async function openContainer(options: ContainerOptions): Promise<ContainerSandbox> {
  const tried = await tryContainer(options);
  if (!tried.usable) throw unavailable(tried.reason, tried.fix);
  const { connected, setting } = tried;
  await removeOrphans(connected.docker);
  return {
    name: connected.name,
    isolated: true,
    run: (job, signal) => runInContainer(connected.docker, setting, job, signal),
    close: connected.close,
  };
}

/** Whether the engine answers and has the image; nothing is pulled or started for good. */
export async function probeContainer(options: ContainerOptions): Promise<SandboxProbe> {
  const tried = await tryContainer(options);
  if (!tried.usable) return tried;
  await tried.connected.close();
  return { usable: true, name: tried.connected.name };
}

type Unusable = Extract<SandboxProbe, { usable: false }>;
type Tried = { readonly usable: true; readonly connected: Connected; readonly setting: ContainerSetting } | Unusable;

async function tryContainer(options: ContainerOptions): Promise<Tried> {
  const { engine, image } = options;
  if (image === undefined) {
    return { usable: false, reason: `no image is named for ${engine}`, fix: "write `image:` in millwright.yaml" };
  }
  const connected = await connect(options);
  if ("usable" in connected) return connected;
  try {
    const { Config: config } = await connected.docker.getImage(image).inspect();
    const limits = await textOf("/proc/self/limits");
    const most = (what: string) => Number(new RegExp(`^Max ${what} +\\d+ +(\\d+)`, "m").exec(limits)?.[1] ?? 65_536);
    const setting: ContainerSetting = {
      engine,
      image,
      socket: connected.socket,
      user: process.getuid?.(),
      group: process.getgid?.(),
      rootless: connected.rootless,
      openFiles: most("open files"),
      // Podman lowers its own to this, and may not give more than it has.
      mostProcesses: Math.min(most("processes"), 32_768),
      imageEnvironment: (config.Env ?? []).map((entry) => entry.split("=")[0] ?? ""),
    };
    return { usable: true, connected, setting };
  } catch (error) {
    await connected.close();
    const reason = `${engine} has no image ${image}: ${error instanceof Error ? error.message : error}`;
    return { usable: false, reason, fix: `${engine} pull ${image}` };
  }
}

async function connect(options: ContainerOptions): Promise<Connected | Unusable> {
  const { engine, runtime } = options;
  // A service that runs already has its own runtime.
  const present = options.socket ?? (runtime === undefined ? await socketOf(engine) : undefined);
  const program = await findProgram(engine);
  if (present !== undefined) return answering(engine, present, async () => undefined);
  if (engine === "docker" || program === undefined) return notThere(engine, program);
  try {
    const service = await startPodmanSocket(program, runtime);
    return await answering(engine, service.socket, service.close);
  } catch (error) {
    return noAnswer(engine, error);
  }
}

async function answering(
  engine: ContainerOptions["engine"],
  socketPath: string,
  close: () => Promise<void>,
): Promise<Connected | Unusable> {
  try {
    const { default: Dockerode } = await import("dockerode");
    const docker = new Dockerode({ socketPath });
    const { Version: version } = await docker.version();
    const rootless = engine === "podman" && process.getuid?.() !== 0;
    return { docker, socket: socketPath, name: `${engine} ${version}`, rootless, close };
  } catch (error) {
    await close();
    return noAnswer(engine, error);
  }
}

function noAnswer(engine: string, error: unknown): Unusable {
  const reason = `${engine} does not answer: ${error instanceof Error ? error.message : error}`;
  return { usable: false, reason, fix: `see that \`${engine} info\` works for this user` };
}

async function notThere(engine: "docker" | "podman", program: string | undefined): Promise<Unusable> {
  if (program !== undefined) {
    const fix = "sudo systemctl start docker, and join the group docker (or set DOCKER_HOST)";
    return { usable: false, reason: `${engine} does not run`, fix };
  }
  const system = await thisSystem();
  const packageName = engine === "docker" && system === "debian" ? "docker.io" : engine;
  return { usable: false, reason: `${engine} is not installed`, fix: installCommand(system, packageName) };
}

/** Where an engine listens: for the user, then for the system; Podman's of the system belongs to root. */
async function socketOf(engine: "docker" | "podman"): Promise<string | undefined> {
  const ofUser = process.env.XDG_RUNTIME_DIR;
  const named =
    engine === "docker" && process.env.DOCKER_HOST?.startsWith("unix://")
      ? process.env.DOCKER_HOST.slice(7)
      : undefined;
  const places = {
    docker: [named, ofUser && join(ofUser, "docker.sock"), "/var/run/docker.sock"],
    podman: [process.getuid?.() === 0 ? "/run/podman/podman.sock" : ofUser && join(ofUser, "podman/podman.sock")],
  };
  for (const place of places[engine]) if (place && (await isSocket(place))) return place;
  return undefined;
}

/** Containers outlive an engine that was killed: those whose owner is gone are removed. */
async function removeOrphans(docker: Docker): Promise<void> {
  const all = await docker.listContainers({ all: true, filters: { label: [OWNER] } }).catch(() => []);
  const alive = new Set(await readdir("/proc").catch(() => all.map(({ Labels }) => Labels[OWNER])));
  const orphans = all.filter(({ Labels }) => !alive.has(Labels[OWNER]));
  await Promise.all(
    orphans.map(({ Id }) =>
      docker
        .getContainer(Id)
        .remove({ force: true })
        .catch(() => undefined),
    ),
  );
}
