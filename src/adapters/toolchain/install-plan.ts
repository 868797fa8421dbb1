import { posix } from "node:path";
import type { Config } from "../../domain/config.ts";
import { parseObject } from "./files.ts";
import { isManifest, lockFileIn, type NodeInstaller, nodeInstaller, REQUIREMENTS, upwards } from "./manifests.ts";

/** One command that installs packages, and the folder it runs in. */
export interface InstallCommand {
  readonly dir: string;
  readonly run: string;
}

/** What of a tree decides about its dependencies. */
export interface ManifestTree {
  readonly paths: ReadonlySet<string>;
  /** Text of a manifest; undefined when missing. */
  read(path: string): Promise<string | undefined>;
}

/** The commands that install what the suites of this tree need; none when there is nothing to install. */
export async function installPlan(config: Config, tree: ManifestTree): Promise<readonly InstallCommand[]> {
  const { install } = config.dependencies;
  if (install === "none") return [];
  if (install !== "auto") return [{ dir: ".", run: install }];
  const dirs = [...new Set([".", ...config.suites.map((suite) => posix.normalize(suite.dir).replace(/\/$/, ""))])];
  const pytestDirs = config.suites.filter((suite) => suite.runner === "pytest").map((suite) => suite.dir);
  const node = await Promise.all(dirs.map((dir) => nodeInstall(dir, tree)));
  const python = pytestDirs.map((dir) => pythonInstall(dir, tree.paths));
  return unique([...node, ...python].filter((command) => command !== undefined));
}

async function nodeInstall(dir: string, tree: ManifestTree): Promise<InstallCommand | undefined> {
  const around = upwards(dir);
  const home =
    around.find((one) => lockFileIn(one, tree.paths)) ??
    around.find((one) => tree.paths.has(posix.join(one, "package.json")));
  if (home === undefined) return undefined;
  const manifest = parseObject(await tree.read(posix.join(home, "package.json")));
  if (manifest === undefined || !wantsPackages(manifest)) return undefined;
  const lockFile = lockFileIn(home, tree.paths);
  return { dir: home, run: nodeCommand(nodeInstaller(manifest, lockFile), lockFile !== undefined, tree.paths) };
}

function nodeCommand(manager: NodeInstaller, isLocked: boolean, paths: ReadonlySet<string>): string {
  if (manager === "npm")
    return isLocked
      ? "npm ci --include=dev --no-audit --no-fund"
      : "npm install --include=dev --no-audit --no-fund --no-package-lock";
  if (manager === "pnpm") return `pnpm install ${isLocked ? "--frozen-lockfile" : "--no-lockfile"} --prod=false`;
  const isBerry = paths.has(".yarnrc.yml");
  if (isBerry) return `yarn install${isLocked ? " --immutable" : ""}`;
  return `yarn install --production=false --non-interactive ${isLocked ? "--frozen-lockfile" : "--no-lockfile"}`;
}

function wantsPackages(manifest: Readonly<Record<string, unknown>>): boolean {
  if (manifest.workspaces !== undefined) return true;
  const kinds = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];
  return kinds.some((kind) => Object.keys((manifest[kind] as object | undefined) ?? {}).length > 0);
}

function pythonInstall(dir: string, paths: ReadonlySet<string>): InstallCommand | undefined {
  for (const home of upwards(dir)) {
    const files = REQUIREMENTS.filter((name) => paths.has(posix.join(home, name)));
    if (files.length === 0) continue;
    const wanted = files.map((name) => `-r ${name}`).join(" ");
    const pip = ".venv/bin/python -m pip --disable-pip-version-check --no-input install";
    // The system's own packages stay visible: pytest and what the distribution ships need not be downloaded.
    return { dir: home, run: `"$MILLWRIGHT_PYTHON" -m venv --system-site-packages .venv && ${pip} ${wanted}` };
  }
  return undefined;
}

function unique(commands: readonly InstallCommand[]): readonly InstallCommand[] {
  return [...new Map(commands.map((command) => [`${command.dir}\n${command.run}`, command])).values()];
}

/** Everything in the tree that decides about its dependencies, as `path blob`. */
export function manifestBlobs(files: readonly { readonly path: string; readonly blob: string }[]): readonly string[] {
  return files
    .filter(({ path }) => isManifest(path))
    .map(({ path, blob }) => `${path} ${blob}`)
    .sort();
}
