import type { Mount, SandboxJob } from "../../../domain/sandbox-job.ts";
import type { VisibleHost } from "./visible-host.ts";

/** File descriptors that the launched program reads and writes besides its three streams. */
export const DESCRIPTORS = { arguments: 3, status: 4, passwd: 5, group: 6, hosts: 7 } as const;

const MEGABYTE = 1024 * 1024;

/** What bubblewrap is told through its descriptor, so that no value of the environment is seen in a list of processes. */
export function bubblewrapArguments(job: SandboxJob, host: VisibleHost, nesting: "refused" | "possible") {
  const size = String(job.limits.diskMegabytes * MEGABYTE);
  const tmpfs = (target: string) => ["--size", size, "--tmpfs", target];
  return [
    // As root, all capabilities would stay; a normal user has none to drop.
    ...["--unshare-all", "--unshare-user", "--cap-drop", "ALL", "--die-with-parent", "--new-session"],
    ...(nesting === "refused" ? ["--disable-userns"] : []),
    ...(job.network ? ["--share-net"] : ["--hostname", "sandbox"]),
    ...["--json-status-fd", String(DESCRIPTORS.status)],
    ...["--proc", "/proc", "--dev", "/dev", ...tmpfs("/dev/shm"), "--remount-ro", "/dev", ...tmpfs("/tmp")],
    ...host.shown.flatMap(({ source, target }) => ["--ro-bind", source, target]),
    ...host.links.flatMap(({ to, target }) => ["--symlink", to, target]),
    ...["--ro-bind-data", String(DESCRIPTORS.passwd), "/etc/passwd"],
    ...["--ro-bind-data", String(DESCRIPTORS.group), "/etc/group"],
    ...(job.network
      ? host.shownWithNetwork.flatMap(({ source, target }) => ["--ro-bind", source, target])
      : ["--ro-bind-data", String(DESCRIPTORS.hosts), "/etc/hosts"]),
    ...homeFolder(job).flatMap(tmpfs),
    ...outerFirst(job.mounts).flatMap(({ source, target, access }) => [
      access === "write" ? "--bind" : "--ro-bind",
      source,
      target,
    ]),
    ...["--remount-ro", "/", "--chdir", job.cwd],
    ...Object.entries(job.env).flatMap(([name, value]) => ["--setenv", name, value]),
  ];
}

/** A home that no mount provides is an empty folder in memory. */
function homeFolder(job: SandboxJob): readonly string[] {
  const home = job.env.HOME;
  if (!home?.startsWith("/") || home === "/" || isInside(home, "/tmp")) return [];
  return job.mounts.some((mount) => isInside(home, mount.target)) ? [] : [home];
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** A mount that came before the folder around it would be hidden by it. */
function outerFirst(mounts: readonly Mount[]): readonly Mount[] {
  const depth = (mount: Mount) => mount.target.split("/").filter((part) => part !== "").length;
  return [...mounts].sort((one, other) => depth(one) - depth(other));
}
