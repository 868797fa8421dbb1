import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { foldersUp, inFolder } from "./languages.ts";
import type { Ground } from "./workspace.ts";

/** A package among the target's dependencies. */
export interface InstalledPackage {
  readonly version: string;
  /** Its folder as a tool sees it. */
  readonly path: string;
}

/** The npm package that code in `folder` of the repository would get, if it is installed. */
export async function installedPackage(
  ground: Ground,
  folder: string,
  name: string,
): Promise<InstalledPackage | undefined> {
  for (const above of foldersUp(folder)) {
    const place = inFolder(above, "node_modules");
    const dependency = ground.dependencies.find((one) => one.place === place);
    const version = dependency && (await versionOf(join(dependency.source, name)));
    if (version) return { version, path: `${ground.root}/${place}/${name}` };
  }
  return undefined;
}

async function versionOf(dir: string): Promise<string | undefined> {
  try {
    const { version } = JSON.parse(await readFile(join(dir, "package.json"), "utf8")) as { version?: unknown };
    return typeof version === "string" ? version : undefined;
  } catch {
    return undefined;
  }
}
