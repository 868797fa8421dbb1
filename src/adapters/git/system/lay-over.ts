import { StepFailure } from "../../../domain/step-failure.ts";
import type { Layer, TreeId } from "../../../domain/work.ts";
import { blockedPaths } from "./blocked-paths.ts";
import { askGit, runGit } from "./git-program.ts";
import { idOf } from "./names.ts";
import { isPlain } from "./plain-path.ts";
import type { TreeNode } from "./tree-reader.ts";
import { placeWith, type Workshop, withScratch } from "./workshop.ts";

/**
 * Lays the changes of one merged layer over a tree. Only folders on the way to a change are written again; a path that
 * git might forbid takes the way through an index, where git itself looks.
 */
export async function layOver(workshop: Workshop, tree: TreeId, layer: Layer): Promise<TreeId> {
  const blocked = blockedPaths(layer, await workshop.trees.listing(tree));
  if (blocked.length > 0) throw notLaid(blocked, "a file and a folder at once");
  if (!layer.every((change) => isPlain(change.path))) return await layThroughIndex(workshop, tree, layer);
  return (await rewritten(workshop, tree, plannedOf(layer))) ?? (await workshop.writer.tree([]));
}

/** One change a path, the later layers winning; removals first, so that a file may take an emptied folder's place. */
export function mergedLayer(layers: readonly Layer[]): Layer {
  const changes = [...new Map(layers.flat().map((change) => [change.path, change])).values()];
  return changes.sort((a, b) => Number(a.blob !== null) - Number(b.blob !== null));
}

/** The changes in one folder, and in the folders below. Plain names are the same in UTF-8 and byte by byte. */
interface Planned {
  readonly files: Map<string, Layer[number]>;
  readonly folders: Map<string, Planned>;
}

function plannedOf(layer: Layer): Planned {
  const root: Planned = { files: new Map(), folders: new Map() };
  for (const change of layer) {
    const names = change.path.split("/");
    const last = names.pop() ?? "";
    let folder = root;
    for (const name of names) {
      const below = folder.folders.get(name) ?? { files: new Map(), folders: new Map() };
      folder.folders.set(name, below);
      folder = below;
    }
    folder.files.set(last, change);
  }
  return root;
}

const FOLDER_MODE = "40000";

type Nodes = Map<string, TreeNode>;

/** The tree with the planned changes; undefined when nothing is left in it. */
async function rewritten(workshop: Workshop, tree: TreeId | undefined, planned: Planned): Promise<TreeId | undefined> {
  const before = tree === undefined ? [] : await workshop.trees.nodes(tree);
  const nodes: Nodes = new Map(before.map((node) => [node.name, node]));
  for (const [name, { blob }] of planned.files) if (blob === null && !isFolder(nodes, name)) nodes.delete(name);
  await rewriteFolders(workshop, nodes, planned);
  for (const [name, { blob, mode }] of planned.files)
    if (blob !== null) nodes.set(name, { mode, name, id: idOf(blob) });
  if (nodes.size === 0) return undefined;
  return tree !== undefined && isSame(before, nodes) ? tree : await workshop.writer.tree([...nodes.values()]);
}

async function rewriteFolders(workshop: Workshop, nodes: Nodes, { folders }: Planned): Promise<void> {
  const rewriting = [...folders].map(async ([name, folder]) => {
    const inside = isFolder(nodes, name) ? nodes.get(name)?.id : undefined;
    return { name, id: await rewritten(workshop, inside, folder) };
  });
  for (const { name, id } of await Promise.all(rewriting)) {
    if (id !== undefined) nodes.set(name, { mode: FOLDER_MODE, name, id });
    else if (isFolder(nodes, name)) nodes.delete(name);
  }
}

function isFolder(nodes: Nodes, name: string): boolean {
  return nodes.get(name)?.mode === FOLDER_MODE;
}

function isSame(before: readonly TreeNode[], after: ReadonlyMap<string, TreeNode>): boolean {
  if (before.length !== after.size) return false;
  return before.every(({ name, mode, id }) => after.get(name)?.id === id && after.get(name)?.mode === mode);
}

async function layThroughIndex(workshop: Workshop, tree: TreeId, layer: Layer): Promise<TreeId> {
  const zeros = "0".repeat(idOf(tree).length);
  const lines = layer.map((change) =>
    change.blob === null ? `0 ${zeros}\t${change.path}\0` : `${change.mode} ${idOf(change.blob)}\t${change.path}\0`,
  );
  return await withScratch(workshop.engineDir, async (index) => {
    const place = placeWith(workshop.engine, { GIT_INDEX_FILE: index });
    await runGit(place, ["read-tree", tree]);
    const { errors } = await runGit(place, ["update-index", "--add", "-z", "--index-info"], { input: lines.join("") });
    // Git leaves out a path that it forbids, says so, and ends well.
    if (errors !== "")
      throw notLaid(
        layer.map((change) => change.path),
        errors.trim(),
      );
    return await askGit(place, ["write-tree"]);
  });
}

function notLaid(paths: readonly string[], why: string): StepFailure {
  const named = paths.map((path) => JSON.stringify(path)).join(", ");
  return new StepFailure(`cannot be laid over the tree: ${named}: ${why}`, {
    code: "git-failed",
    remedy: "ask",
    hint: "Git forbids the path, or a file is where a folder must be: delete in the same layer what is in the way.",
  });
}
