import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BlobId, FileChange, Layer } from "../../../domain/work.ts";
import { blockedPaths } from "./blocked-paths.ts";
import { onDisk } from "./git-failure.ts";
import { runGit } from "./git-program.ts";
import type { Listing, TreeEntry } from "./tree-reader.ts";
import { bytesOf, isText } from "./trees.ts";
import { type Workshop, withScratch } from "./workshop.ts";

export interface Transplanted {
  readonly layer: readonly FileChange[];
  readonly conflicts: readonly string[];
}

/** A conflict; nothing left to say because the new base already says it otherwise; or the change as it stands there. */
type Moved =
  | { readonly kind: "conflict" }
  | { readonly kind: "gone" }
  | { readonly kind: "moved"; readonly change: FileChange };

interface Sides {
  readonly change: FileChange;
  readonly before: TreeEntry | undefined;
  readonly there: TreeEntry | undefined;
}

const MOST_CONFLICTS = 127;

/** Moves each change of a layer from one base to another; what cannot be merged is named and left out. */
export async function transplant(
  workshop: Workshop,
  layer: Layer,
  from: Listing,
  onto: Listing,
): Promise<Transplanted> {
  const moved: FileChange[] = [];
  const conflicts: string[] = [];
  const blocked = new Set(blockedPaths(layer, onto));
  for (const change of layer) {
    const sides = { change, before: from.get(change.path), there: onto.get(change.path) };
    const result: Moved = blocked.has(change.path) ? { kind: "conflict" } : await move(workshop, sides);
    if (result.kind === "moved") moved.push(result.change);
    if (result.kind === "conflict") conflicts.push(change.path);
  }
  return { layer: moved, conflicts };
}

function sameFile(a: TreeEntry | undefined, b: TreeEntry | undefined): boolean {
  return a?.blob === b?.blob && a?.mode === b?.mode;
}

async function move(workshop: Workshop, { change, before, there }: Sides): Promise<Moved> {
  const { path, blob, mode } = change;
  const wanted: TreeEntry | undefined = blob === null ? undefined : { path, blob, mode };
  if (sameFile(before, there) || sameFile(wanted, there)) return { kind: "moved", change };
  if (sameFile(wanted, before)) return { kind: "gone" };
  if (wanted === undefined || before === undefined || there === undefined) return { kind: "conflict" };
  return await merge(workshop, { path, wanted, before, there });
}

interface ThreeFiles {
  readonly path: string;
  readonly wanted: TreeEntry;
  readonly before: TreeEntry;
  readonly there: TreeEntry;
}

async function merge(workshop: Workshop, { path, wanted, before, there }: ThreeFiles): Promise<Moved> {
  const mode = oneOf(before.mode, wanted.mode, there.mode);
  const blob = oneOf(before.blob, wanted.blob, there.blob);
  if (mode === undefined || !isWritable(mode)) return { kind: "conflict" };
  if (blob !== undefined) return { kind: "moved", change: { path, blob, mode } };
  if (![wanted, before, there].every((side) => side.mode.startsWith("100"))) return { kind: "conflict" };
  const merged = await mergeText(workshop, [wanted.blob, before.blob, there.blob]);
  return merged === undefined ? { kind: "conflict" } : { kind: "moved", change: { path, blob: merged, mode } };
}

function isWritable(mode: string): mode is FileChange["mode"] {
  return mode === "100644" || mode === "100755" || mode === "120000";
}

/** The side that changed, when only one did; undefined when both did, differently. */
function oneOf(before: string, wanted: string, there: string): string | undefined {
  if (wanted === there || there === before) return wanted;
  return wanted === before ? there : undefined;
}

async function mergeText(workshop: Workshop, blobs: readonly [BlobId, BlobId, BlobId]): Promise<BlobId | undefined> {
  const texts = await Promise.all(blobs.map((blob) => bytesOf(workshop, blob)));
  if (!texts.every(isText)) return undefined;
  return await withScratch(workshop.engineDir, async (dir) => {
    const files = ["ours", "before", "theirs"].map((name) => join(dir, name));
    await onDisk("merging a file", async () => {
      await mkdir(dir);
      await Promise.all(files.map((file, at) => writeFile(file, texts[at] ?? "")));
    });
    const counts = Array.from({ length: MOST_CONFLICTS + 1 }, (_none, count) => count);
    const { code, out } = await runGit(workshop.engine, ["merge-file", "-p", "-q", ...files], { answers: counts });
    return code === 0 ? await workshop.writer.blob(out) : undefined;
  });
}
