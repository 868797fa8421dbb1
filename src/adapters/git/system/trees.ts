import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { StepFailure } from "../../../domain/step-failure.ts";
import type { BlobId, FileChange, Layer, TreeChange, TreeId } from "../../../domain/work.ts";
import { gitFailure } from "./git-failure.ts";
import { askGit, records, runGit } from "./git-program.ts";
import { isObjectId } from "./names.ts";
import { placeWith, type Workshop, withScratch } from "./workshop.ts";

export interface TreeEntry {
  readonly path: string;
  readonly blob: BlobId;
  readonly mode: string;
}

/** Every file of a tree, by path. */
export type Listing = ReadonlyMap<string, TreeEntry>;

const LISTINGS_KEPT = 16;
const CONTEXT_LINES = 3;
const BARE_DIFF = [
  "--no-ext-diff",
  "--no-textconv",
  "--no-color",
  "--no-renames",
  "--src-prefix=a/",
  "--dst-prefix=b/",
];

/** Answers the listing of any tree; the last few are kept, for a tree never changes. */
export function openListings(workshop: Workshop): (tree: TreeId) => Promise<Listing> {
  const kept = new Map<TreeId, Promise<Listing>>();
  return (tree) => {
    const listing = kept.get(tree) ?? listTree(workshop, tree);
    kept.delete(tree);
    kept.set(tree, listing);
    listing.catch(() => kept.delete(tree));
    const [oldest] = kept.keys();
    if (kept.size > LISTINGS_KEPT && oldest !== undefined) kept.delete(oldest);
    return listing;
  };
}

async function listTree(workshop: Workshop, tree: TreeId): Promise<Listing> {
  const { out } = await runGit(workshop.engine, ["ls-tree", "-r", "-z", "--full-tree", idOf(tree)]);
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

/** @throws StepFailure `git-failed` when the object is not there */
export async function bytesOf(workshop: Workshop, blob: BlobId): Promise<Buffer> {
  const bytes = await workshop.reader.read(blob);
  if (bytes === undefined) throw gitFailure("reading a file", `missing blob ${blob}`);
  return bytes;
}

/** The text of a regular file; a link, a submodule, a binary file and a missing one have none. */
export async function readText(workshop: Workshop, entry: TreeEntry | undefined): Promise<string | undefined> {
  if (entry === undefined || !entry.mode.startsWith("100")) return undefined;
  const bytes = await bytesOf(workshop, entry.blob);
  return isText(bytes) ? bytes.toString("utf8") : undefined;
}

/** Text survives being read and written again to the byte. */
export function isText(bytes: Buffer): boolean {
  return !bytes.includes(0) && isUtf8(bytes);
}

export async function writeBytes(workshop: Workshop, bytes: string | Uint8Array): Promise<BlobId> {
  return await askGit(workshop.engine, ["hash-object", "-w", "--stdin", "--no-filters"], { input: bytes });
}

export async function layOver(workshop: Workshop, tree: TreeId, layers: readonly Layer[]): Promise<TreeId> {
  const changes = new Map(layers.flat().map((change) => [change.path, change]));
  if (changes.size === 0) return tree;
  const zeros = "0".repeat(idOf(tree).length);
  // Removals first: a file may take the place of a folder that the same layers empty, and the other way round.
  const ordered = [...changes.values()].sort((a, b) => Number(a.blob !== null) - Number(b.blob !== null));
  const lines = ordered.map((change) =>
    change.blob === null ? `0 ${zeros}\t${change.path}\0` : `${change.mode} ${idOf(change.blob)}\t${change.path}\0`,
  );
  return await withScratch(workshop.engineDir, async (index) => {
    const place = placeWith(workshop.engine, { GIT_INDEX_FILE: index });
    await runGit(place, ["read-tree", tree]);
    const laid = await runGit(place, ["update-index", "--add", "-z", "--index-info"], {
      input: lines.join(""),
      answers: [0, 128],
    });
    if (laid.code !== 0) throw notLaid(laid.errors, ordered);
    return await askGit(place, ["write-tree"]);
  });
}

function notLaid(said: string, changes: readonly FileChange[]): StepFailure {
  if (!/both as a file and as a directory|[Ii]nvalid path|Ignoring path/.test(said)) {
    return gitFailure("laying a layer over a tree", said);
  }
  const paths = changes.map((change) => JSON.stringify(change.path)).join(", ");
  return new StepFailure(`these paths cannot be laid over the tree (${paths}): ${said.trim()}`, {
    code: "git-failed",
    remedy: "ask",
    hint: "A path is a file and a folder at once, or one that git forbids: delete the file that is in the way in the same layer.",
  });
}

const STATUS: Readonly<Record<string, TreeChange["status"]>> = {
  A: "added",
  M: "modified",
  D: "deleted",
  T: "type-changed",
};

export async function changes(workshop: Workshop, from: TreeId, to: TreeId): Promise<readonly TreeChange[]> {
  const { out } = await runGit(workshop.engine, [
    "diff-tree",
    "-r",
    "-z",
    "--raw",
    "--no-renames",
    idOf(from),
    idOf(to),
  ]);
  const fields = records(out);
  const found: TreeChange[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode = "", before = "", after = "", letter = ""] = (fields[at] ?? "").split(" ");
    const path = fields[at + 1] ?? "";
    found.push({ path, status: STATUS[letter] ?? "modified", blob: present(after), before: present(before), mode });
  }
  return found;
}

function present(id: string): BlobId | null {
  return /^0+$/.test(id) ? null : id;
}

/** Ids are cut at a fixed length, so that the same difference reads the same in a repository that has grown. */
export async function diff(workshop: Workshop, from: TreeId, to: TreeId, context = CONTEXT_LINES): Promise<string> {
  const lines = `--unified=${Math.max(0, Math.trunc(context))}`;
  const args = ["diff-tree", "-r", "-p", ...BARE_DIFF, "--abbrev=12", lines, idOf(from), idOf(to)];
  const { out } = await runGit(workshop.engine, args);
  return out.toString("utf8");
}

/**
 * The digest of the difference without line numbers and, for text, without object ids. Unlike `git patch-id` it sees white
 * space (an indentation is a meaning in Python) and the content of binary files.
 */
export async function patchId(workshop: Workshop, from: TreeId, to: TreeId): Promise<string> {
  const args = [
    "diff-tree",
    "-r",
    "-p",
    ...BARE_DIFF,
    "--full-index",
    `--unified=${CONTEXT_LINES}`,
    idOf(from),
    idOf(to),
  ];
  const { out } = await runGit(workshop.engine, args);
  const lines = out.toString("latin1").split("\n");
  const kept = lines
    .filter((line, at) => !line.startsWith("index ") || lines[at + 1]?.startsWith("Binary files "))
    .map((line) => (line.startsWith("@@ ") ? "@@" : line));
  return createHash("sha256").update(kept.join("\n"), "latin1").digest("hex");
}
