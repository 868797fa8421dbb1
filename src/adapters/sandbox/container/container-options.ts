import type { ContainerCreateOptions } from "dockerode";
import type { SandboxJob } from "../../../domain/sandbox-job.ts";

/** Who runs the engine, and what containers get from it and from their image without being asked. */
export interface ContainerSetting {
  readonly engine: "docker" | "podman";
  readonly image: string;
  /** Path of the engine's socket. */
  readonly socket: string;
  readonly user: number | undefined;
  readonly group: number | undefined;
  /** Podman of a normal user maps its users; the caller must stay who they are, for their files' sake. */
  readonly rootless: boolean;
  /** Most open files and processes that this host lets anybody have. */
  readonly openFiles: number;
  readonly mostProcesses: number;
  /** Names of environment variables that the image sets. */
  readonly imageEnvironment: readonly string[];
}

/** Label of our containers: the process that started one. */
export const OWNER = "millwright.owner";

const MEGABYTE = 1024 * 1024;
const ENGINE_ENVIRONMENT = ["HOME", "HOSTNAME", "PATH", "TERM", "container"];

/** What the engine is asked to make for a job. */
export function containerOptions(job: SandboxJob, setting: ContainerSetting): ContainerCreateOptions {
  const uninvited = new Set([...ENGINE_ENVIRONMENT, ...setting.imageEnvironment]);
  for (const name of Object.keys(job.env)) uninvited.delete(name);
  const bytes = job.limits.memoryMegabytes * MEGABYTE;
  const diskBytes = job.limits.diskMegabytes * MEGABYTE;
  const same = (name: string, value: number) => ({ Name: name, Soft: value, Hard: value });
  return {
    Image: setting.image,
    Entrypoint: ["/usr/bin/env", ...[...uninvited].flatMap((name) => ["-u", name])],
    Cmd: [...job.argv],
    WorkingDir: job.cwd,
    Env: Object.entries(job.env).map(([name, value]) => `${name}=${value}`),
    ...(setting.user === undefined ? {} : { User: `${setting.user}:${setting.group ?? setting.user}` }),
    Labels: { [OWNER]: String(process.pid) },
    AttachStdin: job.input !== undefined,
    OpenStdin: job.input !== undefined,
    StdinOnce: job.input !== undefined,
    AttachStdout: true,
    AttachStderr: true,
    NetworkDisabled: !job.network,
    HostConfig: {
      ...(job.network ? {} : { NetworkMode: "none" }),
      ...(setting.rootless ? { UsernsMode: "keep-id" } : {}),
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      Memory: bytes,
      MemorySwap: bytes,
      // The container's first process is the job's command's launcher.
      PidsLimit: job.limits.processes,
      ShmSize: diskBytes,
      Tmpfs: { "/tmp": `rw,exec,nosuid,nodev,mode=1777,size=${diskBytes}` },
      Ulimits: [
        same("fsize", diskBytes),
        same("core", 0),
        same("nofile", setting.openFiles),
        same("nproc", setting.mostProcesses),
      ],
      Mounts: job.mounts.map((mount) => ({
        Type: "bind",
        Source: mount.source,
        Target: mount.target,
        ReadOnly: mount.access === "read",
      })),
    },
  };
}
