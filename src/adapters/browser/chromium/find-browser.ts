import { realpath } from "node:fs/promises";
import { dirname } from "node:path";
import type { Config } from "../../../domain/config.ts";
import type { Mount } from "../../../domain/sandbox-job.ts";
import { StepFailure } from "../../../domain/step-failure.ts";
import type { Sandbox } from "../../../engine/ports.ts";
import { browserLimits } from "./browser-limits.ts";

/** A browser that answered inside the sandbox. */
export interface FoundBrowser {
  readonly executable: string;
  /** Name and version, e.g. `Chromium 156.0.8078.79`. */
  readonly name: string;
  /** What the sandbox has to show of this machine, so that it can be started. */
  readonly mounts: readonly Mount[];
}

/** Looked for in this order. Debian's program in the PATH is a script that wants more of a machine than a sandbox shows. */
const CANDIDATES = [
  "/usr/lib/chromium/chromium",
  "/usr/lib/chromium-browser/chromium-browser",
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const PROBE = `
for name in "$@"; do
  found=$(command -v "$name") && said=$("$found" --version 2>/dev/null) && printf '%s\\n%s\\n' "$found" "$said" && exit 0
done
exit 3
`;

/** The config's browser, or the first that is there, as the sandbox sees it. @throws StepFailure `browser-missing` */
export async function findBrowser(config: Config, sandbox: Sandbox, path: string): Promise<FoundBrowser> {
  const wanted = config.browser?.executable;
  const mounts = wanted === undefined ? [] : await around(wanted);
  const result = await sandbox.run({
    argv: ["sh", "-c", PROBE, "sh", ...(wanted === undefined ? CANDIDATES : [wanted])],
    cwd: "/",
    mounts,
    env: { PATH: path, HOME: "/tmp" },
    network: false,
    limits: browserLimits(config, 60),
  });
  const [executable = "", said = ""] = result.stdout.split("\n").map((line) => line.trim());
  if (result.exitCode !== 0 || executable === "") throw missing(wanted, sandbox.name);
  return { executable, name: /^.*?\d+(?:\.\d+)+/.exec(said)?.[0] ?? said, mounts };
}

/** A program needs the files beside it, which a sandbox need not show. */
async function around(executable: string): Promise<readonly Mount[]> {
  const real = await realpath(executable).catch(() => undefined);
  if (real === undefined) return [];
  const folders = [...new Set([dirname(executable), dirname(real)])].filter(
    (folder) => !/^\/(?:usr|bin|nix)(?:\/|$)/.test(folder),
  );
  return folders.map((folder) => ({ source: folder, target: folder, access: "read" }));
}

function missing(wanted: string | undefined, sandbox: string): StepFailure {
  const what =
    wanted === undefined
      ? `No Chromium or Chrome was found in the sandbox (${sandbox})`
      : `\`browser.executable\` ${wanted} does not answer in the sandbox (${sandbox})`;
  return new StepFailure(`${what}, so criteria that are seen in a browser cannot be judged.`, {
    code: "browser-missing",
    remedy: "ask",
    hint: "Install it (Debian, Ubuntu: `sudo apt-get install -y chromium`; in a container: into its image), or name one under `browser.executable` in millwright.yaml; then `millwright resume`.",
  });
}
