import { lstat, mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { InputError } from "../../domain/step-failure.ts";

/** What became of a file that the mill wanted to write. `kept`: a person's text stands there and stays. */
export interface KeptFile {
  readonly path: string;
  readonly state: "written" | "updated" | "unchanged" | "kept";
}

/** Writes a file that is not there yet; one that is stays as it is. @throws InputError when its folder leads out of the repository */
export async function writeNew(root: string, path: string, text: string): Promise<KeptFile> {
  const before = await textAt(root, path);
  if (before !== undefined) return { path, state: before === text ? "unchanged" : "kept" };
  await writeFile(await placeIn(root, path), text, { flag: "wx" });
  return { path, state: "written" };
}

/** Rewrites the mill's own part of a file; `change` gets the text that stands there, empty when there is none. */
export async function rewrite(root: string, path: string, change: (before: string) => string): Promise<KeptFile> {
  const before = await textAt(root, path);
  const after = change(before ?? "");
  if (after === before) return { path, state: "unchanged" };
  await writeFile(await placeIn(root, path), after);
  return { path, state: before === undefined ? "written" : "updated" };
}

/** The text of a file of the checkout. @throws InputError for anything but a file: nothing is read or written through a link */
export async function textAt(root: string, path: string): Promise<string | undefined> {
  const file = join(root, path);
  const found = await lstat(file).catch(() => undefined);
  if (found === undefined) return undefined;
  if (!found.isFile())
    throw new InputError([`${path} is no file of its own (a link or a folder): nothing is written there`]);
  return readFile(file, "utf8");
}

async function placeIn(root: string, path: string): Promise<string> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  const [outer, inner] = await Promise.all([realpath(root), realpath(dirname(file))]);
  if (inner !== outer && !inner.startsWith(outer + sep))
    throw new InputError([`${path} leads out of the repository: nothing is written there`]);
  return file;
}
