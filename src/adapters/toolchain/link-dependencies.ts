import { mkdir, readdir, readlink, symlink } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";

/**
 * Puts a shared dependency folder into an export by links. A `node_modules` becomes a real folder of links, so that
 * links to workspaces lead to the export's own packages (and not to those the dependencies were installed beside), and
 * what tools write there stays in the export.
 */
export async function linkDependencies(source: string, dir: string, place: string): Promise<void> {
  const target = join(dir, place);
  if (basename(place) !== "node_modules") return symlink(source, target);
  await mkdir(target, { recursive: true });
  const entries = await readdir(source, { withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      if (!entry.name.startsWith("@") || !entry.isDirectory()) return linkEntry(source, target, entry.name);
      await mkdir(join(target, entry.name));
      const scoped = await readdir(join(source, entry.name));
      await Promise.all(scoped.map((name) => linkEntry(source, target, join(entry.name, name))));
    }),
  );
}

async function linkEntry(source: string, target: string, name: string): Promise<void> {
  const found = join(source, name);
  const linkedTo = await readlink(found).catch(() => undefined);
  const isWorkspace =
    linkedTo !== undefined && !isAbsolute(linkedTo) && leaves(source, resolve(dirname(found), linkedTo));
  await symlink(isWorkspace ? linkedTo : found, join(target, name));
}

function leaves(folder: string, path: string): boolean {
  return relative(folder, path).startsWith("..");
}
