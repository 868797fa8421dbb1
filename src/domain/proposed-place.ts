import { folded } from "./paths.ts";

/** What the door must know of the base: its paths and which of them are symbolic links. */
export interface StandingFacts {
  readonly paths: readonly string[];
  readonly links: readonly string[];
}

/** Why a file cannot be where it is proposed. */
export interface BadPlace {
  readonly rule: "door/symlink" | "door/folder" | "door/case-variant";
  readonly message: string;
}

/** Judges places against the files of the base and the other files of the same proposal. */
export function placesIn(
  base: StandingFacts,
  proposed: readonly { readonly path: string; readonly after: string | null }[],
): (path: string) => BadPlace | undefined {
  const leaving = new Set(proposed.filter((file) => file.after === null).map((file) => file.path));
  const written = proposed.filter((file) => file.after !== null).map((file) => file.path);
  const files = new Set([...base.paths, ...written].filter((path) => !leaving.has(path)));
  const folders = new Set([...files].flatMap(foldersOf));
  const stays = base.paths.filter((path) => !leaving.has(path));
  const spellings = new Map<string, string>();
  for (const path of [...stays, ...stays.flatMap(foldersOf), ...written, ...written.flatMap(foldersOf)])
    if (!spellings.has(folded(path))) spellings.set(folded(path), path);
  return (path) =>
    throughLink(path, base.links) ?? (leaving.has(path) ? undefined : clash(path, { files, folders, spellings }));
}

interface Places {
  readonly files: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
  readonly spellings: ReadonlyMap<string, string>;
}

function throughLink(path: string, links: readonly string[]): BadPlace | undefined {
  const link = links.find((candidate) => path === candidate || path.startsWith(`${candidate}/`));
  return link ? { rule: "door/symlink", message: `${path} goes through the symbolic link ${link}.` } : undefined;
}

function clash(path: string, places: Places): BadPlace | undefined {
  const file = foldersOf(path).find((folder) => places.files.has(folder));
  if (file !== undefined || places.folders.has(path))
    return { rule: "door/folder", message: `${path} and ${file ?? `${path}/`} cannot both exist.` };
  for (const part of [path, ...foldersOf(path)]) {
    const known = places.spellings.get(folded(part));
    if (known !== undefined && known !== part)
      return { rule: "door/case-variant", message: `${path} is ${known} in another spelling.` };
  }
  return undefined;
}

function foldersOf(path: string): readonly string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_part, index) => parts.slice(0, index + 1).join("/"));
}
