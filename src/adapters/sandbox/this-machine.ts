import { constants } from "node:fs";
import { access, readFile, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { type System, systemOf } from "./sandbox-probe.ts";

/** Absolute path of a program, looked up in this process's PATH; undefined when there is none that may be run. */
export async function findProgram(name: string): Promise<string | undefined> {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(isAbsolute);
  const candidates = isAbsolute(name) ? [name] : [...folders, "/usr/bin", "/bin"].map((folder) => join(folder, name));
  for (const candidate of candidates) {
    const runnable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runnable) return candidate;
  }
  return undefined;
}

/** Text of a small file, or the empty text when it cannot be read. */
export function textOf(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}

export async function thisSystem(): Promise<System> {
  return systemOf(process.platform, await textOf("/etc/os-release"));
}

export function isSocket(path: string): Promise<boolean> {
  return stat(path).then(
    (seen) => seen.isSocket(),
    () => false,
  );
}
