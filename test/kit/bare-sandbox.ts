import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import type { SandboxJob, SandboxResult } from "../../src/domain/sandbox-job.ts";
import type { Sandbox } from "../../src/engine/ports.ts";

/** A sandbox that isolates nothing: the job runs where it stands, and its process group is killed at a limit. */
export const bareSandbox: Sandbox = { name: "none", isolated: false, run };

async function run(job: SandboxJob, signal?: AbortSignal): Promise<SandboxResult> {
  const [program = "", ...args] = job.argv;
  const since = Date.now();
  if (job.env.HOME !== undefined) mkdirSync(job.env.HOME, { recursive: true });
  const child = spawn(program, args, { cwd: job.cwd, env: job.env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const written = { stdout: "", stderr: "" };
  let ended: SandboxResult["ended"] = "exited";
  const kill = (why: SandboxResult["ended"]) => {
    ended = why;
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  };
  const limit = job.limits.outputMegabytes * 1024 * 1024;
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      written[stream] += text;
      if (written.stdout.length + written.stderr.length > limit && ended === "exited") kill("output");
    });
  }
  const timer = setTimeout(() => kill("timeout"), job.limits.seconds * 1000);
  signal?.addEventListener("abort", () => kill("signal"));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("exit", (code) => {
      // A grandchild may hold the pipes open.
      setTimeout(() => resolve(code), 50);
    });
  }).finally(() => clearTimeout(timer));
  return { ended, exitCode, ...written, seconds: (Date.now() - since) / 1000 };
}
