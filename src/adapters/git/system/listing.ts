import type { BlobId, TreeId } from "../../../domain/work.ts";
import { type Place, records, runGit } from "./git-program.ts";
import { isObjectId } from "./names.ts";

export interface TreeEntry {
  readonly path: string;
  readonly blob: BlobId;
  readonly mode: string;
}

/** Every file of a tree, by path. */
export type Listing = ReadonlyMap<string, TreeEntry>;

const LISTINGS_KEPT = 16;

/** Answers the listing of any tree; the last few are kept, for a tree never changes. */
export function openListings(place: Place): (tree: TreeId) => Promise<Listing> {
  const kept = new Map<TreeId, Promise<Listing>>();
  return (tree) => {
    const listing = kept.get(tree) ?? listTree(place, tree);
    kept.delete(tree);
    kept.set(tree, listing);
    listing.catch(() => kept.delete(tree));
    const [oldest] = kept.keys();
    if (kept.size > LISTINGS_KEPT && oldest !== undefined) kept.delete(oldest);
    return listing;
  };
}

/** Reads the listing of a tree, or of a commit's tree. */
export async function listTree(place: Place, tree: TreeId): Promise<Listing> {
  const { out } = await runGit(place, ["ls-tree", "-r", "-z", "--full-tree", idOf(tree)]);
  const entries = records(out).map((record): [string, TreeEntry] => {
    const start = record.indexOf("\t");
    const [mode = "", , blob = ""] = record.slice(0, start).split(" ");
    const path = record.slice(start + 1);
    return [path, { path, blob, mode }];
  });
  return new Map(entries);
}

/** An object id as an argument: whatever else is a bug of the caller, and never reaches a command line. */
export function idOf(text: string): string {
  if (!isObjectId(text)) throw new Error(`not an object id: ${JSON.stringify(text)}`);
  return text;
}
