/** A git commit's object id. */
export type CommitId = string;
/** A git tree's object id. */
export type TreeId = string;
/** A git blob's object id. */
export type BlobId = string;

/** A file of a layer: its new content, or its removal. */
export interface FileChange {
  /** Path inside the repository, forward slashes, no leading slash. */
  readonly path: string;
  /** `null` deletes the file. */
  readonly blob: BlobId | null;
  readonly mode: "100644" | "100755" | "120000";
}

/** The tests or the code that a task adds to its base; sorted by path, each path once. */
export type Layer = readonly FileChange[];

/** Base commit + tests layer + code layer of one task. The layers are disjoint by path. */
export interface Work {
  readonly base: { readonly commit: CommitId; readonly tree: TreeId };
  readonly tests: Layer;
  readonly code: Layer;
  readonly trees: {
    /** base + tests: what red observes. */
    readonly red: TreeId;
    /** base + tests + code: what everything else observes, and what lands. */
    readonly work: TreeId;
  };
}

/** A copy that the journal's shape accepts. */
export function mutableWork(work: Work) {
  return { base: { ...work.base }, tests: [...work.tests], code: [...work.code], trees: { ...work.trees } };
}

/** How a path differs between two trees. */
export interface TreeChange {
  readonly path: string;
  readonly status: "added" | "modified" | "deleted" | "type-changed";
  /** `null` when the path is gone. */
  readonly blob: BlobId | null;
  readonly before: BlobId | null;
  /** Git file mode after the change (`000000` when gone): 120000 is a symbolic link, 160000 a submodule. */
  readonly mode: string;
}
