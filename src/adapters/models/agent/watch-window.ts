import { execFile } from "node:child_process";
import { appendFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ModelRequest } from "../../../domain/model-call.ts";
import { agentFailure } from "./agent-failure.ts";
import { ownFolder } from "./own-folder.ts";

/** A tmux session in which a person can watch an agent. The agent does not depend on it. */
export interface WatchWindow {
  /** One more line for whoever watches. */
  show(line: string): void;
  close(): Promise<void>;
}

export const NO_WINDOW: WatchWindow = { show: () => undefined, close: async () => undefined };

/** `millwright-<run>-<task>-<role>`, in letters that tmux takes. */
export function windowName({ run, task, role }: Pick<ModelRequest, "run" | "task" | "role">): string {
  return `millwright-${run}-${task}-${role}`.replace(/[^\w-]/g, "-");
}

/**
 * Opens a detached tmux session that follows what is shown. Attaching, detaching and even ending it changes nothing for
 * the agent, which runs in its sandbox.
 * @throws StepFailure `environment` when there is no tmux
 */
export async function openWindow(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<WatchWindow> {
  const folder = await ownFolder("watch");
  const file = join(folder, "transcript");
  await writeFile(file, `${name}: detach with Ctrl-b d; the agent goes on.\n`, { mode: 0o600 });
  const tmux = (...args: readonly string[]) =>
    promisify(execFile)("tmux", [...args], { env: tmuxEnvironment(env), timeout: 10_000 });
  // One that a killed mill left has the same name.
  await tmux("kill-session", "-t", `=${name}`).catch(() => undefined);
  try {
    await tmux("new-session", "-d", "-s", name, "-x", "160", "-y", "48", "tail", "-n", "+1", "-F", file);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    const hint = "Install tmux, or take `tmux: true` out of the agent in millwright.yaml.";
    throw agentFailure(`no tmux session could be made: ${error}`, "environment", "ask", hint);
  }
  let written = Promise.resolve();
  return {
    show(line) {
      written = written.then(() => appendFile(file, `${line}\n`)).catch(() => undefined);
    },
    async close() {
      await written;
      await tmux("kill-session", "-t", `=${name}`).catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** tmux finds a person's server by these, and hands nothing else on. */
function tmuxEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const names = ["PATH", "HOME", "TMUX_TMPDIR", "LANG", "USER", "SHELL"];
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
