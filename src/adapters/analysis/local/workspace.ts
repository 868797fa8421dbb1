import { cp, lstat, mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import type { Config } from "../../../domain/config.ts";
import type { Mount, SandboxLimits } from "../../../domain/sandbox-job.ts";
import type { TreeChange, TreeId } from "../../../domain/work.ts";
import type { Git, Sandbox } from "../../../engine/ports.ts";

/** One folder of installed packages, and where it belongs inside the repository (`node_modules`, `.venv`). */
export interface DependencyFolder {
  readonly source: string;
  readonly place: string;
}

/** What the analysis needs of the rest of the world. */
export interface AnalysisWorld {
  readonly config: Config;
  readonly git: Pick<Git, "list" | "read" | "readBlob" | "export" | "changes">;
  readonly sandbox: Sandbox;
  /** Folders of the dependencies that this tree wants, installed when they were not. @throws StepFailure `install-failed`. */
  readonly dependencies: (tree: TreeId) => Promise<readonly DependencyFolder[]>;
  /** A folder of our own that outlives the process. */
  readonly cacheDir: string;
}

/** A tree with its dependencies, ready to run a tool on; nothing the tool does reaches the tree. */
export interface Ground {
  readonly tree: TreeId;
  /** The checkout on this machine. */
  readonly dir: string;
  /** The checkout as a tool sees it. */
  readonly root: string;
  readonly mounts: readonly Mount[];
  readonly dependencies: readonly DependencyFolder[];
  /** A place of ours as a tool sees it: the host's own path where nothing is isolated. */
  see(dir: string, inside: string, access: Mount["access"]): { readonly path: string; readonly mount: Mount };
}

export interface Workspace {
  /** Brings the one checkout to `tree` and lends it out; uses wait for one another. */
  use<Result>(tree: TreeId, work: (ground: Ground) => Promise<Result>): Promise<Result>;
}

export const TOOL_LIMITS: SandboxLimits = {
  seconds: 600,
  memoryMegabytes: 4096,
  processes: 512,
  outputMegabytes: 64,
  diskMegabytes: 1024,
};

/** The environment of every tool: nothing of ours. */
export function toolEnvironment(): Readonly<Record<string, string>> {
  const path = [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(":");
  return { PATH: path, HOME: "/tmp", TMPDIR: "/tmp", LANG: "C.UTF-8", NO_COLOR: "1", FORCE_COLOR: "0", CI: "1" };
}

/** One checkout that follows the trees asked for: only files that differ from the tree before are written again. */
export function openWorkspace(world: AnalysisWorld): Workspace {
  const dir = join(world.cacheDir, "workspace");
  const state = join(world.cacheDir, "workspace.json");
  let turn: Promise<unknown> = Promise.resolve();
  const bring = async (tree: TreeId): Promise<Ground> => {
    const dependencies = await world.dependencies(tree);
    await bringTo(tree, { dir, state, git: world.git });
    return groundOf(tree, dir, { sandbox: world.sandbox, dependencies });
  };
  return {
    use(tree, work) {
      const result = turn.then(async () => work(await bring(tree)));
      turn = result.catch(() => undefined);
      return result;
    },
  };
}

interface Checkout {
  readonly dir: string;
  readonly state: string;
  readonly git: AnalysisWorld["git"];
}

async function bringTo(tree: TreeId, checkout: Checkout): Promise<void> {
  const before = await treeOf(checkout);
  if (before === tree) return;
  const changes = before === undefined ? undefined : await checkout.git.changes(before, tree).catch(() => undefined);
  // While files are being written the checkout is of no tree at all: a crash here means a fresh one.
  await rm(checkout.state, { force: true });
  if (changes) for (const change of changes) await write(change, tree, checkout);
  else await fresh(tree, checkout);
  await writeFile(checkout.state, JSON.stringify({ tree }));
}

async function treeOf({ dir, state }: Checkout): Promise<TreeId | undefined> {
  try {
    await lstat(dir);
    const { tree } = JSON.parse(await readFile(state, "utf8")) as { tree?: unknown };
    return typeof tree === "string" ? tree : undefined;
  } catch {
    return undefined;
  }
}

async function fresh(tree: TreeId, { dir, git }: Checkout): Promise<void> {
  await rm(dir, { recursive: true, force: true });
  await mkdir(dirname(dir), { recursive: true });
  const exported = await git.export(tree);
  try {
    await cp(exported.dir, dir, { recursive: true, verbatimSymlinks: true });
  } finally {
    await exported.dispose();
  }
}

async function write(change: TreeChange, tree: TreeId, { dir, git }: Checkout): Promise<void> {
  const target = resolve(dir, change.path);
  if (relative(dir, target).startsWith("..") || isAbsolute(relative(dir, target))) return;
  await rm(target, { recursive: true, force: true });
  if (change.status === "deleted" || change.blob === null || change.mode === "160000") return;
  await mkdir(dirname(target), { recursive: true });
  if (change.mode === "120000") return symlink(await git.readBlob(change.blob), target);
  // A binary file is nothing that an analyser reads.
  await writeFile(target, (await git.read(tree, change.path)) ?? "", {
    mode: change.mode === "100755" ? 0o755 : 0o644,
  });
}

const ROOT = "/target";

async function groundOf(
  tree: TreeId,
  dir: string,
  given: { readonly sandbox: Sandbox; readonly dependencies: readonly DependencyFolder[] },
): Promise<Ground> {
  const { isolated } = given.sandbox;
  const dependencies: DependencyFolder[] = [];
  for (const folder of given.dependencies)
    if (await isFolder(join(dir, dirname(folder.place)))) dependencies.push(folder);
  for (const folder of dependencies) await makePlace(folder, dir, isolated);
  const see: Ground["see"] = (source, inside, access) => {
    const path = isolated ? inside : source;
    return { path, mount: { source, target: path, access } };
  };
  const root = see(dir, ROOT, "read");
  const installed = dependencies.map(
    ({ source, place }): Mount => ({ source, target: `${ROOT}/${place}`, access: "read" }),
  );
  const mounts = [root.mount, ...(isolated ? [...installed, ...runtimeMounts()] : [])];
  return { tree, dir, root: root.path, mounts, dependencies, see };
}

async function isFolder(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isDirectory() ?? false;
}

/** An empty folder to mount on, or links where nothing is isolated. */
async function makePlace(folder: DependencyFolder, dir: string, isolated: boolean): Promise<void> {
  const place = join(dir, folder.place);
  if (isolated) return void (await mkdir(place, { recursive: true }));
  await rm(place, { recursive: true, force: true });
  if (!folder.place.endsWith("node_modules")) return symlink(folder.source, place);
  await mkdir(place);
  for (const name of await readdir(folder.source)) {
    const entry = join(folder.source, name);
    const link = await readlink(entry).catch(() => undefined);
    // A workspace's own packages are links out of node_modules: they must lead to this tree's.
    await symlink(link?.startsWith("../") ? link : entry, join(place, name));
  }
}

/** A Node that lives in someone's home is hidden with that home: its own folder is shown again. */
function runtimeMounts(): readonly Mount[] {
  const prefix = dirname(dirname(process.execPath));
  if (/^\/(usr|bin|opt|nix|snap)(\/|$)/.test(prefix) || prefix === "/") return [];
  return [{ source: prefix, target: prefix, access: "read" }];
}
