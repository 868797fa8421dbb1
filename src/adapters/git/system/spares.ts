import { randomUUID } from "node:crypto";
import { mkdir, rename, rmdir, symlink, unlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TreeChange, TreeId } from "../../../domain/work.ts";
import { isPlain } from "./plain-path.ts";
import { remove } from "./remove.ts";
import { bytesOf, changes } from "./trees.ts";
import type { Workshop } from "./workshop.ts";

/** A clean export that nobody has ever used, and the tree that lies in it. */
interface Spare {
  readonly dir: string;
  readonly tree: TreeId;
}

/** Keeps one clean export in store, made while the one before is in use, so that nobody waits for the next. */
export interface Spares {
  /** Puts the spare at `dir`, brought to `tree`; false when there is none that can be: then nothing is at `dir`. */
  take(tree: TreeId, dir: string): Promise<boolean>;
  /** Makes the next spare, beside whatever else is done. */
  prepare(tree: TreeId): void;
  close(): Promise<void>;
}

/** Above this many changes a new export is no dearer than a changed one. */
const MOST_CHANGES = 500;

/** `fill` exports a tree into a folder that is not there yet; `parent` is a folder that only the mill looks into. */
export function openSpares(
  workshop: Workshop,
  parent: string,
  fill: (dir: string, tree: TreeId) => Promise<void>,
): Spares {
  let spare: Promise<Spare | undefined> | undefined;
  const discard = (left: Spare) => remove(left.dir).catch(() => undefined);
  return {
    async take(tree, dir) {
      const taken = await spare;
      spare = undefined;
      if (taken === undefined) return false;
      try {
        await bring(workshop, taken, tree);
        await rename(taken.dir, dir);
        return true;
      } catch {
        await discard(taken);
        return false;
      }
    },
    prepare(tree) {
      const dir = join(parent, `${process.pid}-${randomUUID().slice(0, 8)}`);
      spare ??= fill(dir, tree).then(
        () => ({ dir, tree }),
        // The next export is made without it, and says what is wrong.
        () => undefined,
      );
    },
    async close() {
      const left = await spare;
      spare = undefined;
      if (left !== undefined) await discard(left);
    },
  };
}

/** Writes what differs. Whatever needs git's own eye, such as a path that it might forbid, is no work for this. */
async function bring(workshop: Workshop, { dir, tree: from }: Spare, to: TreeId): Promise<void> {
  const all = await changes(workshop, from, to);
  if (all.length > MOST_CHANGES || !all.every(isSimple)) throw new Error("a new export is needed");
  for (const change of all.filter(replacesFile)) await removeFile(dir, change.path);
  await Promise.all(all.filter((change) => change.blob !== null).map((change) => writeChange(workshop, dir, change)));
}

function isSimple({ path, mode, status }: TreeChange): boolean {
  return isPlain(path) && mode !== "160000" && status !== "type-changed";
}

/** A modified file is written anew, so that it has the mode that the change says. */
function replacesFile({ status }: TreeChange): boolean {
  return status === "deleted" || status === "modified";
}

async function removeFile(root: string, path: string): Promise<void> {
  await unlink(join(root, path));
  for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) {
    const emptied = await rmdir(join(root, folder)).then(
      () => true,
      () => false,
    );
    if (!emptied) return;
  }
}

const LINK_MODE = "120000";

async function writeChange(workshop: Workshop, root: string, { path, blob, mode }: TreeChange): Promise<void> {
  const file = join(root, path);
  const bytes = await bytesOf(workshop, blob ?? "");
  await mkdir(dirname(file), { recursive: true });
  if (mode === LINK_MODE) await symlink(bytes, file);
  else await writeFile(file, bytes, { flag: "wx", mode: mode === "100755" ? 0o777 : 0o666 });
}
