import { spawn } from "node:child_process";
import { type House, pause } from "./house.ts";

const COMMAND_SECONDS = 120;

/** Runs the configured command and waits until the server answers again; what went wrong, in words, or undefined. */
export async function restartServer(house: House, command: string, signal: AbortSignal): Promise<string | undefined> {
  const problem = await run(command, signal);
  if (problem !== undefined) return `\`restart: ${command}\` ${problem}`;
  for (let waited = 0; waited <= house.restartSeconds; waited += 0.5) {
    if (await answers(house, signal)) return undefined;
    await pause(house, 0.5, signal);
  }
  return `\`restart: ${command}\` ended, and ${house.restartSeconds} s later the server did not answer`;
}

/** A person's own command, with their own environment: it may need their session to reach a service. */
function run(command: string, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn("sh", ["-c", command], { stdio: ["ignore", "ignore", "pipe"], detached: true });
    let errors = "";
    let late = false;
    const kill = () => {
      late = true;
      if (child.pid !== undefined) killGroup(child.pid);
    };
    const timer = setTimeout(kill, COMMAND_SECONDS * 1000);
    signal.addEventListener("abort", kill, { once: true });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors = (errors + text).slice(-400);
    });
    const end = (problem: string | undefined) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", kill);
      child.stderr.destroy();
      resolve(problem);
    };
    child.on("error", (error) => end(`could not be started: ${error.message}`));
    // `exit`, not `close`: a server that the command leaves behind may hold the pipe for ever.
    child.on("exit", (code) => end(late ? `did not end within ${COMMAND_SECONDS} s` : problemOf(code, errors)));
  });
}

function problemOf(code: number | null, errors: string): string | undefined {
  if (code === 0) return undefined;
  return errors === "" ? `ended with ${code}` : `ended with ${code}: ${errors.trim()}`;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It is gone already.
  }
}

async function answers(house: House, signal: AbortSignal): Promise<boolean> {
  try {
    await house.api.version(AbortSignal.any([signal, AbortSignal.timeout(5000)]));
    return true;
  } catch {
    return false;
  }
}
