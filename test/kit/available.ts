import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

function answers(program: string, ...args: readonly string[]): boolean {
  const result = spawnSync(program, args, { stdio: "ignore", timeout: 20_000 });
  return result.status === 0;
}

/** The optional tools that are on this machine. A story that needs a missing one is listed by name as not run. */
export const available = {
  bwrap: answers("bwrap", "--ro-bind", "/", "/", "--unshare-all", "true"),
  podman: answers("podman", "--version"),
  pytest: answers("/usr/bin/python3", "-m", "pytest", "--version"),
  chromium: answers("chromium", "--version"),
  systemdAnalyze: answers("systemd-analyze", "--version"),
  tmux: answers("tmux", "-V"),
  torch: answers(
    "/usr/bin/python3",
    "-c",
    "import importlib.util as u; exit(not (u.find_spec('torch') and u.find_spec('numpy')))",
  ),
  /** The embedded engine, in the folder that MILLWRIGHT_LLAMA names. */
  llama: existsSync(join(process.env.MILLWRIGHT_LLAMA ?? "", "node_modules/node-llama-cpp/dist/index.js")),
} as const;
