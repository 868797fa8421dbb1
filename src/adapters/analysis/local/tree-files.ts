import type { TreeId } from "../../../domain/work.ts";
import type { Git } from "../../../engine/ports.ts";
import { boundedCache } from "./bounded-cache.ts";

/** The regular files of a tree, for looking at what it is configured with. */
export interface TreeFiles {
  readonly tree: TreeId;
  /** Blob by path. */
  readonly blobs: ReadonlyMap<string, string>;
  text(path: string): Promise<string | undefined>;
}

export type ReadTree = (tree: TreeId) => Promise<TreeFiles>;

/** Lists trees, remembering the last few. */
export function treeReader(git: Pick<Git, "list" | "read">): ReadTree {
  const known = boundedCache<TreeFiles>(8);
  return async (tree) => {
    const cached = known.get(tree);
    if (cached) return cached;
    const entries = await git.list(tree);
    const blobs = new Map(entries.filter(({ mode }) => mode.startsWith("100")).map(({ path, blob }) => [path, blob]));
    const files: TreeFiles = {
      tree,
      blobs,
      text: async (path) => (blobs.has(path) ? git.read(tree, path) : undefined),
    };
    known.set(tree, files);
    return files;
  };
}
