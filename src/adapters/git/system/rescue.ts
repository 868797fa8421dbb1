import { lstat, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { CommitId, TreeId } from "../../../domain/work.ts";
import { copyKeepingTime } from "./files.ts";
import { gitFailure, onDisk } from "./git-failure.ts";
import { askGit, type Place, records, runGit } from "./git-program.ts";
import { idOf, isObjectId } from "./names.ts";
import { keep } from "./refs.ts";
import { type Listing, type TreeEntry, treeOfCommit } from "./tree-reader.ts";
import { bytesOf } from "./trees.ts";
import { placeWith, type Workshop, withScratch } from "./workshop.ts";

/** A folder that shows a commit, as a linked worktree of the engine's git directory. */
export interface Shown {
  readonly dir: string;
  /** Its part of the engine's git directory. */
  readonly gitDir: string;
  readonly place: Place;
  /** The commits whose files may lie there by our own doing: the last one shown, and one whose showing was cut off. */
  readonly ours: readonly CommitId[];
}

/**
 * Keeps what a person changed or committed in a worktree of ours, before `next` is shown there; answers its ref, or
 * undefined when nothing is theirs. A file that they only deleted is not kept: it comes back.
 */
export async function rescue(workshop: Workshop, shown: Shown, next: CommitId): Promise<string | undefined> {
  const head = await headOf(shown);
  const ours = await Promise.all(shown.ours.map((commit) => treeOf(workshop, commit)));
  const around: Around = { workshop, shown, ours };
  const seen = await withScratch(workshop.engineDir, (index) => snapshot(around, index, next));
  const moved = head !== undefined && !shown.ours.includes(head);
  if (!moved && (ours.includes(seen) || !(await hasForeign(around, seen)))) return undefined;

  const parent = head ?? shown.ours[0] ?? next;
  const message = "Keep what was changed in a worktree before another commit was shown there\n";
  const kept = await askGit(shown.place, ["commit-tree", seen, "-p", parent, "-F", "-"], { input: message });
  await handOver(workshop, shown, kept);
  const name = `rescued/${basename(shown.gitDir)}/${kept.slice(0, 12)}`;
  await keep(workshop, name, kept);
  return `refs/millwright/${name}`;
}

async function headOf(shown: Shown): Promise<CommitId | undefined> {
  const said = await readFile(join(shown.gitDir, "HEAD"), "utf8").catch(() => "");
  if (isObjectId(said.trimEnd())) return said.trimEnd();
  const args = ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"];
  const { code, out } = await runGit(shown.place, args, { answers: [0, 1, 128] });
  return code === 0 ? out.toString("latin1").trim() : undefined;
}

async function treeOf(workshop: Workshop, commit: CommitId): Promise<TreeId> {
  const bytes = await workshop.reader.read(commit);
  const tree = bytes && treeOfCommit(bytes);
  if (!tree) throw gitFailure(`reading commit ${commit}`, `missing commit ${commit}`);
  return tree;
}

/** What a look at a shown folder is compared with: the trees that lie there by our own doing. */
interface Around {
  readonly workshop: Workshop;
  readonly shown: Shown;
  readonly ours: readonly TreeId[];
}

/** The tree of all that lies in the folder, less what is ignored and in nobody's way. The worktree's own index stays. */
async function snapshot({ workshop, shown, ours }: Around, index: string, next: CommitId): Promise<TreeId> {
  const place = placeWith(shown.place, { GIT_INDEX_FILE: index });
  const there = await onDisk("copying an index", () => copyKeepingTime(join(shown.gitDir, "index"), index));
  // Killed before its first index was written: what the commit would have brought is not a person's.
  if (!there) await runGit(place, ["read-tree", idOf(shown.ours.at(-1) ?? next)]);
  const quiet = ["-c", "diff.ignoreSubmodules=all", "-c", "advice.addEmbeddedRepo=false"];
  await runGit(place, [...quiet, "add", "-A", "--", "."]);
  const tree = await askGit(place, ["write-tree"]);
  const seen = ours.includes(tree) ? await workshop.trees.listing(tree) : await listedIn(place, tree);
  const inTheWay = await overwritten(shown.dir, await workshop.trees.listing(next), seen);
  if (inTheWay.length === 0) return tree;
  const paths = ["--pathspec-from-file=-", "--pathspec-file-nul"];
  await runGit(place, [...quiet, "add", "-f", ...paths], { input: inTheWay.join("\0") });
  return await askGit(place, ["write-tree"]);
}

/** The files of a tree that may lie in the engine's own object store, where the shared reader does not look. */
async function listedIn(place: Place, tree: TreeId): Promise<Listing> {
  const { out } = await runGit(place, ["ls-tree", "-r", "-z", "--full-tree", idOf(tree)]);
  const entries = records(out).map((record): [string, TreeEntry] => {
    const start = record.indexOf("\t");
    const [mode = "", , blob = ""] = record.slice(0, start).split(" ");
    const path = record.slice(start + 1);
    return [path, { path, blob, mode }];
  });
  return new Map(entries);
}

/** Ignored files and folders that the next commit's files would replace. */
async function overwritten(dir: string, next: Listing, seen: Listing): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const path of next.keys()) {
    if (seen.has(path)) continue;
    const obstacle = await obstacleAt(dir, path);
    if (obstacle !== undefined && !seen.has(obstacle)) found.add(obstacle);
  }
  return [...found];
}

/** What stands at a path, or the file that stands where one of its folders should be. */
async function obstacleAt(dir: string, path: string): Promise<string | undefined> {
  const parent = dirname(path);
  if (parent !== ".") {
    const above = await obstacleAt(dir, parent);
    if (above === undefined) return undefined;
    if (!(await lstat(join(dir, parent))).isDirectory()) return above;
  }
  const there = await lstat(join(dir, path)).catch(() => undefined);
  return there === undefined ? undefined : path;
}

/**
 * True when some file is none of those that we put there ourselves. One that holds only the beginning of ours is none of
 * theirs either: a killed git leaves such.
 */
async function hasForeign({ workshop, shown, ours }: Around, seen: TreeId): Promise<boolean> {
  const trees = await Promise.all(ours.map(workshop.trees.listing));
  const isOurs = ({ path, blob, mode }: TreeEntry): boolean =>
    trees.some((known) => known.get(path)?.blob === blob && known.get(path)?.mode === mode);
  const others = [...(await listedIn(shown.place, seen)).values()].filter((entry) => !isOurs(entry));
  for (const { path } of others) {
    const known = trees.flatMap((tree) => tree.get(path) ?? []);
    if (!(await isCutOff(workshop, join(shown.dir, path), known))) return true;
  }
  return false;
}

async function isCutOff(workshop: Workshop, file: string, known: readonly TreeEntry[]): Promise<boolean> {
  const here = await onDisk(`reading ${file}`, () => lstat(file));
  if (!here.isFile() || known.length === 0) return false;
  const [content, ...wholes] = await Promise.all([readFile(file), ...known.map(({ blob }) => bytesOf(workshop, blob))]);
  return wholes.some((whole) => whole.subarray(0, content.length).equals(content));
}

/** Brings a commit of the engine's own store, and all that hangs on it, into the person's. */
async function handOver(workshop: Workshop, shown: Shown, kept: CommitId): Promise<void> {
  const known = shown.ours.map((commit) => `^${commit}\n`).join("");
  const packed = await runGit(shown.place, ["pack-objects", "--revs", "--stdout", "-q"], {
    input: `${kept}\n${known}`,
  });
  await runGit(workshop.engine, ["unpack-objects", "-q"], { input: packed.out });
}
