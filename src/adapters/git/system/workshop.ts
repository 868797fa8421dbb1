import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Place } from "./git-program.ts";
import type { Inspection } from "./inspection.ts";
import { type ObjectReader, openObjectReader } from "./object-reader.ts";
import { type ObjectWriter, openObjectWriter } from "./object-writer.ts";
import { openRefDesk, type RefDesk } from "./ref-desk.ts";
import { openTreeReader, type TreeReader } from "./tree-reader.ts";

/** What every part of the git room works with. */
export interface Workshop {
  readonly inspection: Inspection;
  readonly engineDir: string;
  /** Our git directory, writing objects straight into the person's object store. */
  readonly engine: Place;
  /** The person's git directory: only refs are read and moved there. */
  readonly target: Place;
  readonly reader: ObjectReader;
  readonly trees: TreeReader;
  readonly writer: ObjectWriter;
  readonly refs: RefDesk;
}

/** What reads and writes through processes that stay open; `close` ends them. */
export type Desks = Pick<Workshop, "reader" | "trees" | "writer" | "refs"> & { close(): Promise<void> };

export function openDesks({ engine, target }: Pick<Workshop, "engine" | "target">, engineDir: string): Desks {
  const reader = openObjectReader(engine);
  const writer = openObjectWriter(engine, join(engineDir, "scratch"));
  const refs = openRefDesk(target);
  return {
    reader,
    trees: openTreeReader(reader),
    writer,
    refs,
    async close() {
      await Promise.all([reader, writer, refs].map((desk) => desk.close()));
    },
  };
}

export function placesOf(
  inspection: Inspection,
  engineDir: string,
): { readonly engine: Place; readonly target: Place } {
  const engine = {
    GIT_DIR: engineDir,
    GIT_OBJECT_DIRECTORY: inspection.objectsDir,
    GIT_SHALLOW_FILE: join(inspection.sharedDir, "shallow"),
  };
  return {
    engine: { cwd: engineDir, variables: engine },
    target: { cwd: inspection.gitDir, variables: { GIT_DIR: inspection.gitDir } },
  };
}

export function placeWith(place: Place, variables: Readonly<Record<string, string>>): Place {
  return { cwd: variables.GIT_WORK_TREE ?? place.cwd, variables: { ...place.variables, ...variables } };
}

/** A path of our own for the time of `work`: nothing is there before, and nothing after. */
export async function withScratch<Result>(engineDir: string, work: (path: string) => Promise<Result>): Promise<Result> {
  const path = join(engineDir, "scratch", `${process.pid}-${randomUUID()}`);
  try {
    return await work(path);
  } finally {
    await Promise.all([path, `${path}.lock`].map((left) => rm(left, { recursive: true, force: true })));
  }
}

/** Lets one piece of work in at a time, in the order of asking. */
export function oneAtATime(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
