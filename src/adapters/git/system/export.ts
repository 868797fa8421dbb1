import { createHash, randomUUID } from "node:crypto";
import { chmod, lstat, readdir, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { StepFailure } from "../../../domain/step-failure.ts";
import type { TreeId } from "../../../domain/work.ts";
import { clearAfterTheDead, makeFolder } from "./files.ts";
import { onDisk } from "./git-failure.ts";
import { runGit } from "./git-program.ts";
import { idOf } from "./listing.ts";
import { oneAtATime, placeWith, type Workshop, withScratch } from "./workshop.ts";

export interface Exported {
  readonly dir: string;
  dispose(): Promise<void>;
}

export interface Exporter {
  export(tree: TreeId): Promise<Exported>;
  /** Removes the folder that held the exports, when none is left in it. */
  close(): Promise<void>;
}

const OWNER_ONLY = 0o700;
const GROUP_AND_OTHERS = 0o077;

/** Each export in a new folder under the system's folder for temporary files, far from the target's own modules and configs. */
export async function openFreshExports(workshop: Workshop): Promise<Exporter> {
  const name = createHash("sha256").update(workshop.engineDir).digest("hex").slice(0, 12);
  const parent = join(tmpdir(), `millwright-${name}`);
  await onDisk("making the folder for exports", async () => {
    await privateFolder(parent);
    await clearAfterTheDead(parent);
  });
  return {
    async export(tree) {
      const dir = join(parent, `${process.pid}-${randomUUID().slice(0, 8)}`);
      // Another mill that looked at the same repository may have closed, and taken the empty folder with it.
      await onDisk("making the folder for exports", () => privateFolder(parent));
      await fill(workshop, dir, tree);
      return { dir, dispose: () => onDisk(`removing ${dir}`, () => remove(dir)) };
    },
    close: () => rmdir(parent).catch(() => undefined),
  };
}

/** Every export at the same path, one after the other: the next begins when the one before is disposed of. */
export async function openFixedExports(workshop: Workshop, fixed: string): Promise<Exporter> {
  const dir = resolve(fixed);
  await onDisk(`making ${dir}`, () => claim(dir));
  const inTurn = oneAtATime();
  const next = (tree: TreeId): Promise<Exported> =>
    new Promise((answer, refuse) => {
      inTurn(async () => {
        await onDisk(`emptying ${dir}`, () => remove(dir));
        await fill(workshop, dir, tree);
        await new Promise<void>((disposed) => {
          const dispose = async (): Promise<void> => {
            await onDisk(`removing ${dir}`, () => remove(dir)).finally(disposed);
          };
          let once: Promise<void> | undefined;
          answer({
            dir,
            dispose: () => {
              once ??= dispose();
              return once;
            },
          });
        });
      }).catch(refuse);
    });
  return { export: next, close: async () => undefined };
}

async function fill(workshop: Workshop, dir: string, tree: TreeId): Promise<void> {
  try {
    await onDisk(`making ${dir}`, () => makeFolder(dir));
    await withScratch(workshop.engineDir, async (index) => {
      const place = placeWith(workshop.engine, { GIT_WORK_TREE: dir, GIT_INDEX_FILE: index });
      await runGit(place, ["read-tree", "--reset", "-u", idOf(tree)]);
    });
  } catch (error) {
    await remove(dir).catch(() => undefined);
    throw error;
  }
}

/** Removes a folder, also one whose folders a test made read-only; links are removed and never followed. */
async function remove(dir: string): Promise<void> {
  try {
    await rm(dir, { recursive: true, force: true });
  } catch {
    await unlock(dir);
    await rm(dir, { recursive: true, force: true });
  }
}

async function unlock(dir: string): Promise<void> {
  await chmod(dir, OWNER_ONLY);
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    if (entry.isDirectory()) await unlock(join(dir, entry.name));
  }
}

/** A folder that only this user can look into; somebody else's with that name is refused. */
async function privateFolder(dir: string): Promise<void> {
  await makeFolder(dir, OWNER_ONLY);
  const seen = await lstat(dir);
  const mine = seen.isDirectory() && (process.getuid === undefined || seen.uid === process.getuid());
  if (mine && (seen.mode & GROUP_AND_OTHERS) === 0) return;
  if (mine) return await chmod(dir, OWNER_ONLY);
  throw foreign(dir);
}

/** A fixed folder is emptied again and again: it must be ours, empty or new. A file beside it says so from then on. */
async function claim(dir: string): Promise<void> {
  const mark = `${dir}.millwright`;
  await makeFolder(dirname(dir));
  const claimed = await stat(mark).then(
    () => true,
    () => false,
  );
  const seen = await lstat(dir).catch(() => undefined);
  const empty = seen === undefined || (seen.isDirectory() && (await readdir(dir)).length === 0);
  if (!claimed && !empty) throw foreign(dir);
  await writeFile(mark, "Millwright empties the folder of this name before each use.\n");
}

function foreign(dir: string): StepFailure {
  return new StepFailure(`${dir} is not a folder of the mill's: exports would empty it`, {
    code: "environment",
    remedy: "ask",
    hint: "Move what is in there away, or configure another folder.",
  });
}
