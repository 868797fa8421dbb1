import { createHash, randomUUID } from "node:crypto";
import { chmod, lstat, readdir, rename, rmdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { StepFailure } from "../../../domain/step-failure.ts";
import type { TreeId } from "../../../domain/work.ts";
import { clearAfterTheDead, makeFolder } from "./files.ts";
import { onDisk } from "./git-failure.ts";
import { runGit } from "./git-program.ts";
import { idOf } from "./names.ts";
import { remove } from "./remove.ts";
import { openSpares } from "./spares.ts";
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
  const room = await openRoom(workshop);
  return {
    async export(tree) {
      const dir = join(room.parent, newName());
      // Another mill that looked at the same repository may have closed, and taken the empty folder with it.
      await onDisk("making the folder for exports", () => privateFolder(room.parent));
      await room.fill(dir, tree);
      return { dir, dispose: () => onDisk(`removing ${dir}`, () => room.throwAway(dir)) };
    },
    close: room.close,
  };
}

/** Every export at the same path, one after the other: the next begins when the one before is disposed of. */
export async function openFixedExports(workshop: Workshop, fixed: string): Promise<Exporter> {
  const dir = resolve(fixed);
  await onDisk(`making ${dir}`, () => claim(dir));
  const room = await openRoom(workshop);
  const inTurn = oneAtATime();
  const next = (tree: TreeId): Promise<Exported> =>
    new Promise((answer, refuse) => {
      inTurn(async () => {
        await onDisk(`emptying ${dir}`, () => room.throwAway(dir));
        await room.fill(dir, tree);
        await new Promise<void>((disposed) => {
          const dispose = async (): Promise<void> => {
            await onDisk(`removing ${dir}`, () => room.throwAway(dir)).finally(disposed);
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
  return { export: next, close: room.close };
}

/** Where exports are made ready and thrown away: a folder that nobody else looks into, removed when it is empty. */
interface Room {
  readonly parent: string;
  /** Makes `dir` a clean export. */
  fill(dir: string, tree: TreeId): Promise<void>;
  /** Takes `dir` away at once; what was in it is removed beside whatever else is done. */
  throwAway(dir: string): Promise<void>;
  close(): Promise<void>;
}

async function openRoom(workshop: Workshop): Promise<Room> {
  const name = createHash("sha256").update(workshop.engineDir).digest("hex").slice(0, 12);
  const parent = join(tmpdir(), `millwright-${name}`);
  await onDisk("making the folder for exports", async () => {
    await privateFolder(parent);
    await clearAfterTheDead(parent);
  });
  const spares = openSpares(workshop, parent, (dir, tree) => fill(workshop, dir, tree));
  const going = new Set<Promise<void>>();
  return {
    parent,
    async fill(dir, tree) {
      if (!(await spares.take(idOf(tree), dir))) await fill(workshop, dir, tree);
      spares.prepare(tree);
    },
    async throwAway(dir) {
      const away = join(parent, newName());
      const moved = await rename(dir, away).then(
        () => true,
        () => false,
      );
      if (!moved) return await remove(dir);
      const removal = remove(away)
        .catch(() => undefined)
        .finally(() => going.delete(removal));
      going.add(removal);
    },
    async close() {
      await spares.close();
      await Promise.all(going);
      await rmdir(parent).catch(() => undefined);
    },
  };
}

function newName(): string {
  return `${process.pid}-${randomUUID().slice(0, 8)}`;
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
