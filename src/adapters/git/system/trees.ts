import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { StepFailure } from "../../../domain/step-failure.ts";
import type { BlobId, Layer, TreeChange, TreeId } from "../../../domain/work.ts";
import { blockedPaths } from "./blocked-paths.ts";
import { gitFailure } from "./git-failure.ts";
import { askGit, records, runGit } from "./git-program.ts";
import { idOf, type Listing, type TreeEntry } from "./listing.ts";
import { placeWith, type Workshop, withScratch } from "./workshop.ts";

const CONTEXT_LINES = 3;
const BARE_DIFF = [
  "--no-ext-diff",
  "--no-textconv",
  "--no-color",
  "--no-renames",
  "--src-prefix=a/",
  "--dst-prefix=b/",
];

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

/** Lays the changes of one merged layer over a tree, whose listing the caller has. */
export async function layOver(workshop: Workshop, tree: TreeId, layer: Layer, listing: Listing): Promise<TreeId> {
  const blocked = blockedPaths(layer, listing);
  if (blocked.length > 0) throw notLaid(blocked, "a file and a folder at once");
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

/** One change a path, the later layers winning; removals first, so that a file may take an emptied folder's place. */
export function mergedLayer(layers: readonly Layer[]): Layer {
  const changes = [...new Map(layers.flat().map((change) => [change.path, change])).values()];
  return changes.sort((a, b) => Number(a.blob !== null) - Number(b.blob !== null));
}

function notLaid(paths: readonly string[], why: string): StepFailure {
  const named = paths.map((path) => JSON.stringify(path)).join(", ");
  return new StepFailure(`cannot be laid over the tree: ${named}: ${why}`, {
    code: "git-failed",
    remedy: "ask",
    hint: "Git forbids the path, or a file is where a folder must be: delete in the same layer what is in the way.",
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
