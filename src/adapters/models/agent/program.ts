import { access, constants, readFile, realpath } from "node:fs/promises";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import type { Mount } from "../../../domain/sandbox-job.ts";

/** An agent's program as it was found on this machine, and what of the machine it needs to be seen. */
export interface FoundProgram {
  readonly argv: readonly string[];
  readonly mounts: readonly Mount[];
  /** Folders for the PATH, the first one first. */
  readonly path: readonly string[];
  /** From the package that it belongs to; undefined when it belongs to none. */
  readonly version: string | undefined;
}

/** Finds a command by its name on the PATH, or by its path; undefined when it is not installed. */
export async function findProgram(
  command: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<FoundProgram | undefined> {
  const [name = "", ...args] = command;
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  const program = await firstExecutable(isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name)));
  if (program === undefined) return undefined;
  const node = await firstExecutable(folders.map((folder) => join(folder, "node")));
  const files = [program, ...args.filter(isAbsolute), ...(node === undefined ? [] : [node])];
  const places = await Promise.all(files.map(placeOf));
  const real = places[0]?.real ?? program;
  return {
    argv: [real, ...args],
    mounts: places.flatMap(({ mount }) => mount ?? []).filter(onlyOnce),
    path: [...new Set([...(node === undefined ? [] : [dirname(places.at(-1)?.real ?? node)])])],
    version: await packageVersion(real),
  };
}

async function firstExecutable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const there = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (there) return path;
  }
  return undefined;
}

/** Where a file is in truth, and what to show of it: the modules that it is one of, or itself. */
async function placeOf(path: string): Promise<{ real: string; mount: Mount | undefined }> {
  const real = await realpath(path).catch(() => path);
  if (real.startsWith("/usr/") || real.startsWith("/bin/")) return { real, mount: undefined };
  const at = real.indexOf("/node_modules/");
  const source = at < 0 ? real : real.slice(0, at + "/node_modules".length);
  return { real, mount: { source, target: source, access: "read" } };
}

function onlyOnce(mount: Mount, index: number, all: readonly Mount[]): boolean {
  return all.findIndex((other) => other.target === mount.target) === index;
}

async function packageVersion(real: string): Promise<string | undefined> {
  for (let folder = dirname(real), step = 0; step < 4; folder = dirname(folder), step += 1) {
    const text = await readFile(join(folder, "package.json"), "utf8").catch(() => undefined);
    const found = text === undefined ? undefined : /"version"\s*:\s*"(\d+\.\d+\.\d+)/.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a version is at least another one, number by number. */
export function atLeast(version: string, minimum: string): boolean {
  const [have, want] = [version, minimum].map((text) => text.split(".").map(Number));
  for (let at = 0; at < 3; at += 1) {
    const difference = (have?.[at] ?? 0) - (want?.[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
