import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { SandboxLimits } from "../../../domain/sandbox-job.ts";
import type { LimitedRun, Limiter } from "./limiter.ts";

/** Folders of the control group file system below which this process may make its own groups. */
export interface GroupHome {
  readonly version: "cgroup v1" | "cgroup v2";
  readonly memory: string;
  readonly pids: string;
}

const NAME = /^millwright-(\d+)-\d+$/;
/** bubblewrap itself is two processes, and the commands that it starts through are gone by then. */
const OWN_PROCESSES = 2;
let runs = 0;

/**
 * Where groups could be made, best first, from the texts of /proc/self/cgroup and /proc/self/mountinfo. Always below or
 * beside this process's own group, so that limits set around the engine hold for what it starts.
 */
export function groupHomes(ownGroups: string, mounts: string): readonly GroupHome[] {
  const own = ownGroups
    .trim()
    .split("\n")
    .map((line) => {
      const [, controllers = "", ...path] = line.split(":");
      return { controllers: controllers.split(","), path: path.join(":") };
    });
  const mounted = mounts.split("\n").flatMap((line) => {
    const [before = "", after = ""] = line.split(" - ");
    const [, , , root = "", point = ""] = before.split(" ");
    const [kind = "", , options = ""] = after.split(" ");
    return kind.startsWith("cgroup") ? [{ kind, root, point, options: options.split(",") }] : [];
  });
  const folder = (kind: string, controller: string) => {
    const mount = mounted.find((one) => one.kind === kind && (controller === "" || one.options.includes(controller)));
    const group = own.find((one) => one.controllers.includes(controller));
    return mount && group ? join(mount.point, below(mount.root, group.path)) : undefined;
  };
  const [memory, pids] = [folder("cgroup", "memory"), folder("cgroup", "pids")];
  const unified = folder("cgroup2", "");
  return [
    ...(memory && pids ? [{ version: "cgroup v1", memory, pids } as const] : []),
    ...besides(unified, mounted.find((mount) => mount.kind === "cgroup2")?.point).map(
      (home) => ({ version: "cgroup v2", memory: home, pids: home }) as const,
    ),
  ];
}

/** A group that has processes may have no limited children, but perhaps siblings; never above the mounted top. */
function besides(group: string | undefined, top: string | undefined): readonly string[] {
  if (group === undefined || top === undefined) return [];
  const parent = dirname(group);
  return parent === top || parent.startsWith(`${top}/`) ? [group, parent] : [group];
}

function below(root: string, path: string): string {
  if (root === "/") return path;
  return path === root || path.startsWith(`${root}/`) ? path.slice(root.length) : "/";
}

/** Limits by control groups of the kernel; undefined when no group with both limits can be made there. */
export async function controlGroups(home: GroupHome): Promise<Limiter | undefined> {
  const limiter: Limiter = { name: home.version, begin: (limits) => begin(home, limits) };
  await sweep(home);
  try {
    const trial = await limiter.begin({
      seconds: 1,
      memoryMegabytes: 64,
      processes: 8,
      outputMegabytes: 1,
      diskMegabytes: 1,
    });
    try {
      const [shell = "", ...args] = trial.prefix;
      await promisify(execFile)(shell, [...args, "/bin/true"], { env: {}, timeout: 5000 });
    } finally {
      await trial.end();
    }
    return limiter;
  } catch {
    return undefined;
  }
}

async function begin(home: GroupHome, limits: SandboxLimits): Promise<LimitedRun> {
  const name = `millwright-${process.pid}-${++runs}`;
  const folders = [...new Set([home.memory, home.pids])].map((folder) => join(folder, name));
  const [memory, pids] = [join(home.memory, name), join(home.pids, name)];
  const bytes = String(limits.memoryMegabytes * 1024 * 1024);
  try {
    for (const folder of folders) await mkdir(folder);
    await writeFile(join(pids, "pids.max"), String(limits.processes + OWN_PROCESSES));
    if (home.version === "cgroup v1") {
      await writeFile(join(memory, "memory.limit_in_bytes"), bytes);
      await set(memory, "memory.memsw.limit_in_bytes", bytes);
    } else {
      await writeFile(join(memory, "memory.max"), bytes);
      await set(memory, "memory.swap.max", "0");
      await set(memory, "memory.oom.group", "1");
    }
  } catch (error) {
    await Promise.all(folders.map(remove));
    throw error;
  }
  const lists = folders.map((folder) => join(folder, "cgroup.procs"));
  return {
    // A shell joins the groups and becomes the sandbox; env takes away what some shells put into the environment.
    prefix: ["/bin/sh", "-c", JOIN, "sh", ...lists, "--", "/usr/bin/env", "-i"],
    env: {},
    perProcess: [],
    ranOutOfMemory: () => ranOutOfMemory(memory),
    end: async () => {
      await Promise.all(folders.map(remove));
    },
  };
}

const JOIN = 'while [ "$1" != -- ]; do echo 0 > "$1" || exit 1; shift; done; shift; exec "$@"';

/** Settings that not every kernel has. */
async function set(folder: string, file: string, value: string): Promise<void> {
  await writeFile(join(folder, file), value, { flag: "r+" }).catch(() => undefined);
}

async function ranOutOfMemory(folder: string): Promise<boolean> {
  const texts = await Promise.all(
    ["memory.oom_control", "memory.events"].map((file) => readFile(join(folder, file), "utf8").catch(() => "")),
  );
  return texts.some((text) => /^oom_kill [1-9]/m.test(text));
}

/** Kills what is left in a group and removes it; gives up silently after two seconds, a later start sweeps it up. */
async function remove(folder: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const done = await rmdir(folder).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code === "ENOENT",
    );
    if (done) return;
    const left = await readFile(join(folder, "cgroup.procs"), "utf8").catch(() => "");
    for (const pid of left.split("\n").filter((line) => line !== "")) tryKill(Number(pid));
    await sleep(tries < 10 ? 2 : 20);
  }
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}

/** Removes the groups of engines that were killed before they could. */
async function sweep(home: GroupHome): Promise<void> {
  for (const folder of new Set([home.memory, home.pids])) {
    const names = await readdir(folder).catch(() => []);
    const dead = names.filter((name) => {
      const pid = NAME.exec(name)?.[1];
      return pid !== undefined && !isAlive(Number(pid));
    });
    await Promise.all(dead.map((name) => remove(join(folder, name))));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
