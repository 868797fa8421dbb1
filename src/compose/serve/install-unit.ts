import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { inspectRepository } from "../../adapters/git/system/inspection.ts";
import { launchdAgent, systemdUnit, type Unit, WRITTEN_BY } from "../../domain/schedule/unit-text.ts";
import { InputError } from "../../domain/step-failure.ts";
import { ownProgram } from "./open-serve.ts";
import type { InstalledUnit } from "./serve-door.ts";

export interface InstallOptions {
  readonly config: string | undefined;
  readonly print: boolean;
  readonly platform: NodeJS.Platform;
  /** HOME, PATH and XDG_CONFIG_HOME count. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Writes a systemd user unit, or on macOS a launchd agent.
 * @throws InputError on other systems, and when a file that is not ours stands there
 */
export async function installUnit(dir: string, options: InstallOptions): Promise<InstalledUnit> {
  const { platform, env, print } = options;
  if (platform !== "linux" && platform !== "darwin")
    throw new InputError([
      `There is no systemd and no launchd on ${platform}. Start \`millwright serve\` by hand there.`,
    ]);
  const home = env.HOME;
  if (home === undefined || home === "") throw new InputError(["HOME is not set: nobody knows where units belong."]);
  const { root } = await inspectRepository(dir);
  if (/[\r\n]/.test(root)) throw new InputError([`The path of ${root} holds a line break, which no unit can name.`]);
  const unit = unitOf(root, options);
  const { path, text, next } = platform === "linux" ? systemd(unit, home, env) : launchd(unit, home);
  if (print) return { path, text, written: false, next };
  const before = await readFile(path, "utf8").catch(() => undefined);
  if (before !== undefined && !before.includes(WRITTEN_BY))
    throw new InputError([`${path} was not written by millwright, and is left alone. Move it away, or use --print.`]);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return { path, text, written: true, next };
}

function unitOf(root: string, { config, env }: InstallOptions): Unit {
  const folder = basename(root).replace(/[^A-Za-z0-9_-]+/g, "-");
  const name = `millwright-${folder}-${createHash("sha256").update(root).digest("hex").slice(0, 8)}`;
  const flags = config === undefined ? [] : ["--config", config];
  return {
    name,
    root,
    argv: [...ownProgram, "serve", "--dir", root, ...flags],
    path: env.PATH ?? "/usr/local/bin:/usr/bin:/bin",
    log: join(root, ".millwright", "serve", "output.log"),
  };
}

function systemd(unit: Unit, home: string, env: InstallOptions["env"]) {
  const folder = join(env.XDG_CONFIG_HOME || join(home, ".config"), "systemd", "user");
  const file = `${unit.name}.service`;
  return {
    path: join(folder, file),
    text: systemdUnit(unit),
    next: ["systemctl --user daemon-reload", `systemctl --user enable --now ${file}`, "loginctl enable-linger"],
  };
}

function launchd(unit: Unit, home: string) {
  const path = join(home, "Library", "LaunchAgents", `${unit.name}.plist`);
  return { path, text: launchdAgent(unit), next: [`launchctl bootstrap gui/$(id -u) '${path}'`] };
}
