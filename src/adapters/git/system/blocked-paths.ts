import type { Layer } from "../../../domain/work.ts";
import type { Listing } from "./tree-reader.ts";

/** Paths of a layer that would be a file where the tree, or the layer, has a folder, or inside what is a file there. */
export function blockedPaths(layer: Layer, tree: Listing): readonly string[] {
  const removed = new Set(layer.filter((change) => change.blob === null).map((change) => change.path));
  const written = layer.filter((change) => change.blob !== null).map((change) => change.path);
  const files = new Set([...[...tree.keys()].filter((path) => !removed.has(path)), ...written]);
  const folders = new Set([...files].flatMap(foldersOf));
  return written.filter((path) => folders.has(path) || foldersOf(path).some((folder) => files.has(folder)));
}

function foldersOf(path: string): readonly string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_part, at) => parts.slice(0, at + 1).join("/"));
}
