import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Mount } from "../../domain/sandbox-job.ts";
import type { DependencyFolder } from "./dependency-folder.ts";
import { exists } from "./files.ts";

/** Folders inside `node_modules` that tools write to: Vite cannot even read its config when it may not. */
const TOOL_CACHES = [".vite-temp", ".vite", ".vitest", ".cache"] as const;

/** Makes the places where `cacheMounts` puts writable folders; a folder that may not be written is left as it is. */
export async function makeCachePlaces(nodeModules: string): Promise<void> {
  for (const name of TOOL_CACHES) await mkdir(join(nodeModules, name), { recursive: true }).catch(() => undefined);
}

/** Writable folders of this run, below `own`, over the places in read-only packages that tools write to. */
export async function cacheMounts(
  folders: readonly DependencyFolder[],
  root: string,
  own: string,
): Promise<readonly Mount[]> {
  const mounts: Mount[] = [];
  for (const [index, { source, place }] of folders.entries()) {
    for (const name of basename(place) === "node_modules" ? TOOL_CACHES : []) {
      if (!(await exists(join(source, name)))) continue;
      const writable = join(own, "caches", `${index}${name}`);
      await mkdir(writable, { recursive: true });
      mounts.push({ source: writable, target: `${root}/${place}/${name}`, access: "write" });
    }
  }
  return mounts;
}
