import type { BlobId, CommitId, TreeId } from "../../../domain/work.ts";
import { gitFailure } from "./git-failure.ts";
import { knownResults } from "./known-results.ts";
import type { ObjectReader } from "./object-reader.ts";

export interface TreeEntry {
  readonly path: string;
  readonly blob: BlobId;
  readonly mode: string;
}

/** Every file of a tree, by path, in git's order. */
export type Listing = ReadonlyMap<string, TreeEntry>;

/** One entry of a tree object. */
export interface TreeNode {
  readonly mode: string;
  /** The bytes of the name, one character a byte: a name need not be UTF-8. */
  readonly name: string;
  readonly id: string;
}

/** Reads trees object by object; what was read is kept, for an object never changes. */
export interface TreeReader {
  nodes(tree: TreeId): Promise<readonly TreeNode[]>;
  /** The files of a tree, or of a commit's tree. */
  listing(tree: TreeId | CommitId): Promise<Listing>;
}

/** A folder as it stands in listings: its own files, and the folders below. */
type Part = TreeEntry | { readonly folder: string; readonly tree: TreeId };

const FOLDERS_KEPT = 4096;
const LISTINGS_KEPT = 16;
const NOT_ASCII = /[\u0080-\u00ff]/;
const FOLDER_MODE = "40000";
const ZERO = 0;
const SPACE = 0x20;

export function openTreeReader(reader: ObjectReader): TreeReader {
  const folders = knownResults<readonly TreeNode[]>(FOLDERS_KEPT);
  const parts = knownResults<readonly Part[]>(FOLDERS_KEPT);
  const listings = knownResults<Listing>(LISTINGS_KEPT);
  const nodes = (tree: TreeId) => folders(tree, () => readTree(reader, tree));
  const partsOf = (tree: TreeId, prefix: string) =>
    parts(`${tree} ${prefix}`, async () => (await nodes(tree)).map((node) => partOf(node, prefix)));
  const gather = async (tree: TreeId, prefix: string): Promise<readonly TreeEntry[]> => {
    const found = (await partsOf(tree, prefix)).map((part) =>
      "folder" in part ? gather(part.tree, part.folder) : [part],
    );
    return (await Promise.all(found)).flat();
  };
  return {
    nodes,
    listing: (tree) =>
      listings(tree, async () => new Map((await gather(tree, "")).map((entry) => [entry.path, entry] as const))),
  };
}

function partOf({ mode, name, id }: TreeNode, prefix: string): Part {
  const path = prefix + (NOT_ASCII.test(name) ? Buffer.from(name, "latin1").toString("utf8") : name);
  return mode === FOLDER_MODE ? { folder: `${path}/`, tree: id } : { path, blob: id, mode };
}

async function readTree(reader: ObjectReader, id: TreeId | CommitId): Promise<readonly TreeNode[]> {
  const object = await reader.find(id);
  if (object?.kind === "tree") return nodesOf(object.bytes, id.length / 2);
  const tree = object?.kind === "commit" ? treeOfCommit(object.bytes) : undefined;
  if (tree === undefined) throw gitFailure(`reading tree ${id}`, `missing tree ${id}`);
  return await readTree(reader, tree);
}

/** The tree that a commit's bytes name. */
export function treeOfCommit(bytes: Buffer): TreeId | undefined {
  return /^tree ([0-9a-f]+)\n/.exec(bytes.toString("latin1", 0, 80))?.[1];
}

/** A tree object is `<mode> <name>\0<id>`, again and again. */
function nodesOf(bytes: Buffer, idBytes: number): readonly TreeNode[] {
  const nodes: TreeNode[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(SPACE, at);
    const end = bytes.indexOf(ZERO, space);
    const after = end + 1 + idBytes;
    nodes.push({
      mode: bytes.toString("latin1", at, space),
      name: bytes.toString("latin1", space + 1, end),
      id: bytes.toString("hex", end + 1, after),
    });
    at = after;
  }
  return nodes;
}
