import { randomBytes } from "node:crypto";
import { cp, mkdir, readdir, readFile, realpath, rename, writeFile } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, posix, relative, resolve } from "node:path";
import type { Config } from "../../domain/config.ts";
import { digestOfValue } from "../../domain/digest.ts";
import type { Mount } from "../../domain/sandbox-job.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import type { Git, Sandbox } from "../../engine/ports.ts";
import type { DependencyFolder } from "./dependency-folder.ts";
import { exists, textOf } from "./files.ts";
import { installFailure } from "./install-failure.ts";
import { type InstallCommand, installPlan, manifestBlobs } from "./install-plan.ts";
import { removeFolder } from "./remove-folder.ts";
import { inside, installEnvironment, runEnvironment, runLimits } from "./run-environment.ts";
import { makeCachePlaces } from "./tool-caches.ts";

/** The packages that a tree needs, ready to be mounted. */
export interface Installed {
  readonly digest: string;
  readonly folders: readonly DependencyFolder[];
}

export interface DependencyRoom {
  readonly config: Config;
  readonly root: string;
  readonly sandbox: Sandbox;
  readonly git: Pick<Git, "export" | "list" | "read">;
  readonly cacheDir: string;
  /** Packages that stand already: nothing is installed. */
  readonly packages?: DependencyFolder | undefined;
  /** Versions of the run times, as the sandbox has them. */
  runtimes(): Promise<string>;
  /** The interpreter that makes virtual environments. */
  python(): Promise<string>;
}

const DONE = "installed.json";

/** Installs once per digest of manifests, lock files, run times and sandbox; many callers and processes may ask at once. */
export function openDependencies(room: DependencyRoom): (tree: string) => Promise<Installed> {
  const byTree = new Map<string, Promise<Installed>>();
  const byDigest = new Map<string, Promise<Installed>>();
  return (tree) =>
    once(byTree, tree, async () => {
      const files = await room.git.list(tree);
      const borrowed = room.packages ?? (await borrowedFolder(room));
      const digest = await digestOf(room, files, borrowed);
      if (borrowed !== undefined) return { digest, folders: [borrowed] };
      const paths = new Set(files.map((file) => file.path));
      const plan = await installPlan(room.config, { paths, read: (path) => room.git.read(tree, path) });
      if (plan.length === 0) return { digest, folders: [] };
      return once(byDigest, digest, () =>
        found(room, digest).then((there) => there ?? install(room, tree, digest, plan)),
      );
    });
}

/** Asks once; a failure is forgotten, so that the next caller tries again. */
function once<Value>(memo: Map<string, Promise<Value>>, key: string, make: () => Promise<Value>): Promise<Value> {
  const known = memo.get(key);
  if (known !== undefined) return known;
  const made = make();
  memo.set(key, made);
  made.catch(() => memo.delete(key));
  return made;
}

async function digestOf(
  room: DependencyRoom,
  files: readonly { path: string; blob: string }[],
  borrowed: DependencyFolder | undefined,
): Promise<string> {
  const lock = borrowed === undefined ? undefined : await textOf(join(borrowed.source, ".package-lock.json"));
  return digestOfValue({
    manifests: manifestBlobs(files),
    install: room.config.dependencies.install,
    // What is mounted for the suites depends on where they are.
    dirs: room.config.suites.map((suite) => `${suite.runner} ${suite.dir}`),
    borrowed: borrowed && { source: borrowed.source, lock },
    runtimes: await room.runtimes(),
    platform: `${process.platform}-${process.arch}`,
    sandbox: room.sandbox.name,
  }).slice(0, 32);
}

/** `dependencies.from`: a folder of the user's that already holds the packages. */
async function borrowedFolder(room: DependencyRoom): Promise<DependencyFolder | undefined> {
  const { from } = room.config.dependencies;
  if (from === undefined) return undefined;
  const path = resolve(room.root, from);
  const source = await realpath(path).catch(() => {
    throw new StepFailure(`dependencies.from names ${from}, which is not there`, {
      code: "install-failed",
      remedy: "ask",
      hint: "Install the dependencies in that folder, name another one, or take the line out of millwright.yaml.",
    });
  });
  if (basename(source) === "node_modules") await makeCachePlaces(source);
  const within = relative(room.root, path);
  const isOutside = within.startsWith("..") || isAbsolute(within);
  return { source, place: isOutside ? basename(path) : within.split("\\").join("/") };
}

async function found(room: DependencyRoom, digest: string): Promise<Installed | undefined> {
  const home = homeOf(room, digest);
  const text = await textOf(join(home, DONE));
  if (text === undefined) return undefined;
  const places = JSON.parse(text) as readonly string[];
  return { digest, folders: places.map((place) => ({ source: join(home, place), place })) };
}

function homeOf(room: DependencyRoom, digest: string): string {
  return join(room.cacheDir, "deps", digest);
}

/** Installs beside the final place and renames: a crash leaves a folder that nobody uses. */
async function install(
  room: DependencyRoom,
  tree: string,
  digest: string,
  plan: readonly InstallCommand[],
): Promise<Installed> {
  const home = homeOf(room, digest);
  const partial = `${home}.partial-${process.pid}-${randomBytes(4).toString("hex")}`;
  await clearAfterTheDead(room);
  const [checkout, kept, scratch] = [join(partial, "work"), join(partial, "kept"), join(partial, "scratch")];
  try {
    await mkdir(kept, { recursive: true });
    await mkdir(join(scratch, "home"), { recursive: true });
    const exported = await room.git.export(tree);
    await cp(exported.dir, checkout, { recursive: true, verbatimSymlinks: true }).finally(() => exported.dispose());
    for (const command of plan) await runInstaller(room, command, { checkout, scratch });
    const places = await dependencyPlaces(checkout);
    for (const place of places) await keep(join(checkout, place), join(kept, place));
    if (!room.sandbox.isolated)
      for (const place of places.filter((one) => basename(one) === ".venv"))
        await moveScripts(join(kept, place, "bin"), checkout, home);
    await writeFile(join(kept, DONE), JSON.stringify(places));
    await rename(kept, home).catch(async (error: unknown) => {
      // Another process was faster.
      if (!(await exists(join(home, DONE)))) throw error;
    });
  } finally {
    await removeFolder(partial);
  }
  const installed = await found(room, digest);
  if (installed === undefined) throw new Error(`${home} was installed and is gone`);
  return installed;
}

/** What installs of killed processes left half done may be as large as all packages. */
async function clearAfterTheDead(room: DependencyRoom): Promise<void> {
  const shelf = join(room.cacheDir, "deps");
  for (const name of await readdir(shelf).catch(() => [])) {
    const owner = /\.partial-(\d+)-/.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) await removeFolder(join(shelf, name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

async function runInstaller(
  room: DependencyRoom,
  command: InstallCommand,
  folders: { checkout: string; scratch: string },
): Promise<void> {
  const { isolated } = room.sandbox;
  const root = isolated ? "/target" : folders.checkout;
  const own = (path: string, target: string): Mount => ({
    source: path,
    target: isolated ? target : path,
    access: "write",
  });
  const scratch = isolated ? "/millwright-scratch" : folders.scratch;
  const result = await room.sandbox.run({
    argv: ["sh", "-c", command.run],
    cwd: inside(root, command.dir),
    mounts: [own(folders.checkout, "/target"), own(folders.scratch, "/millwright-scratch")],
    env: {
      ...runEnvironment({ root, dir: command.dir, scratch }),
      ...installEnvironment(),
      MILLWRIGHT_PYTHON: await room.python(),
    },
    network: true,
    limits: runLimits(room.config, room.config.limits.installSeconds),
  });
  if (result.ended !== "exited" || result.exitCode !== 0) throw installFailure(command, result);
}

const DEPENDENCY_NAMES = new Set(["node_modules", ".venv"]);

/** Every outermost folder of packages below `dir`, relative to it. */
async function dependencyPlaces(dir: string, within = ""): Promise<readonly string[]> {
  const entries = await readdir(join(dir, within), { withFileTypes: true });
  const places = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory() && entry.name !== ".git")
      .map((entry) => {
        const place = posix.join(within, entry.name);
        return DEPENDENCY_NAMES.has(entry.name) ? [place] : dependencyPlaces(dir, place);
      }),
  );
  return places.flat().sort();
}

async function keep(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to);
  if (basename(to) === "node_modules") await makeCachePlaces(to);
}

/** A virtual environment's scripts name the interpreter by its absolute path. */
async function moveScripts(bin: string, from: string, to: string): Promise<void> {
  for (const entry of await readdir(bin, { withFileTypes: true })) {
    const path = join(bin, entry.name);
    if (!entry.isFile()) continue;
    const text = await readFile(path, "latin1");
    if (text.startsWith("#!") || entry.name.startsWith("activate"))
      await writeFile(path, text.replaceAll(from, to), "latin1");
  }
}
