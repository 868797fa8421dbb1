import { spawn } from "node:child_process";
import { mkdir, readlink, symlink, unlink } from "node:fs/promises";
import { constants } from "node:os";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import type { SandboxJob, SandboxResult } from "../../domain/sandbox-job.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import type { Sandbox } from "../../engine/ports.ts";
import { endedBy } from "./ended-by.ts";
import { guardGroup } from "./guard-group.ts";
import { cancelled, type Running, supervise } from "./supervise.ts";
import { type TranslatedJob, translatePaths } from "./translate-paths.ts";
import { mustExist, unavailable } from "./unavailable.ts";
import { watchWrittenFolders } from "./written-folders.ts";

/** What is really started for a job whose paths are the host's. */
export type Wrap = (translated: TranslatedJob, job: SandboxJob) => Promise<TranslatedJob>;

/** A sandbox without mounts: paths are the host's, one job runs at a time, its process group is killed at the end. */
export function openDirect(name: string, wrap: Wrap): Sandbox {
  let last: Promise<unknown> = Promise.resolve();
  return {
    name,
    isolated: false,
    run: (job, signal) => {
      const result = last.then(() => runDirectly(job, wrap, signal));
      last = result.catch(() => undefined);
      return result;
    },
  };
}

async function runDirectly(job: SandboxJob, wrap: Wrap, signal?: AbortSignal): Promise<SandboxResult> {
  if (signal?.aborted) throw cancelled();
  const translated = translatePaths(job);
  await mustExist([...job.mounts.map((mount) => mount.source), translated.cwd]);
  const linked: string[] = [];
  const watch = watchWrittenFolders(job);
  try {
    for (const link of translated.links) linked.push(...(await makeLink(link)));
    const seen = await supervise(start(await wrap(translated, job), job.input), job.limits, signal, watch.overflow);
    return endedBy(seen, false);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof StepFailure) throw error;
    // The folder exists: it is the program that is missing, or may not be run.
    if (code === "ENOENT" || code === "EACCES") return notStarted(job, code);
    throw unavailable(String(error), "read the message above", error);
  } finally {
    watch.end();
    await Promise.all(linked.map((path) => unlink(path).catch(() => undefined)));
  }
}

/** What a shell says of such a program. */
function notStarted(job: SandboxJob, code: "ENOENT" | "EACCES"): SandboxResult {
  const [exitCode, why] = code === "ENOENT" ? [127, "not found"] : [126, "permission denied"];
  return { ended: "exited", exitCode, stdout: "", stderr: `${job.argv[0]}: ${why}\n`, seconds: 0 };
}

/** Makes a link and names it, or nothing when that very link is there already. */
async function makeLink({ at, to }: { at: string; to: string }): Promise<readonly string[]> {
  await mkdir(dirname(at), { recursive: true });
  if ((await readlink(at).catch(() => undefined)) === to) return [];
  await symlink(to, at).catch((error: unknown) => {
    const fix = "use bubblewrap or a container, or take that path out of the repository";
    throw unavailable(`without mounts, ${to} cannot be laid over ${at}, which exists`, fix, error);
  });
  return [at];
}

function start({ argv, cwd, env }: TranslatedJob, input: string | undefined): Running {
  const [program = "", ...args] = argv;
  // A group of its own, so that it can be killed as a whole, and not by a terminal's Ctrl-C.
  const child = spawn(program, args, {
    cwd,
    env,
    detached: true,
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(input);
  const unguard = child.pid === undefined ? () => undefined : guardGroup(child.pid);
  const group = (name: "SIGTERM" | "SIGKILL") => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch {
      // Nobody is left in it.
    }
  };
  const exited = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      group("SIGKILL");
      unguard();
      resolve(code ?? 128 + (signal === null ? 9 : signalNumber(signal)));
    });
  });
  return {
    stdout: child.stdout as Readable,
    stderr: child.stderr as Readable,
    exited,
    terminate: () => group("SIGTERM"),
    kill: () => group("SIGKILL"),
  };
}

function signalNumber(signal: NodeJS.Signals): number {
  return constants.signals[signal];
}
