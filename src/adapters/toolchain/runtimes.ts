import type { Config } from "../../domain/config.ts";
import type { Sandbox } from "../../engine/ports.ts";
import { runEnvironment, runLimits } from "./run-environment.ts";

/** What the sandbox has to run things with. */
export interface Runtimes {
  /** Versions of Node and Python, as text. */
  readonly versions: string;
  /** The interpreter that has pytest, else the first there is. */
  readonly python: string;
}

const PROBE = `
node --version
for python in python3 /usr/bin/python3 python; do
  if "$python" -c 'import pytest' 2>/dev/null; then found=$python; break; fi
done
for python in python3 /usr/bin/python3 python; do
  if [ -z "$found" ] && "$python" -c '' 2>/dev/null; then found=$python; fi
done
echo "$found"
[ -n "$found" ] && "$found" --version 2>&1
exit 0
`;

/** Looks once what the sandbox has. Python is looked for only when a suite needs it. */
export async function probeRuntimes(config: Config, sandbox: Sandbox): Promise<Runtimes> {
  const wantsPython = config.suites.some((suite) => suite.runner === "pytest");
  const result = await sandbox.run({
    argv: ["sh", "-c", wantsPython ? PROBE : "node --version; exit 0"],
    cwd: "/",
    mounts: [],
    env: runEnvironment({ root: "/target", dir: ".", scratch: "/tmp" }),
    network: false,
    limits: runLimits(config, 30),
  });
  const [node = "", python = "", version = ""] = result.stdout.split("\n").map((line) => line.trim());
  return { versions: `node ${node} ${version}`.trim(), python: python || "python3" };
}
