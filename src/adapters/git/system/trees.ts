import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import type { BlobId, TreeChange, TreeId } from "../../../domain/work.ts";
import { gitFailure } from "./git-failure.ts";
import { runGit } from "./git-program.ts";
import { idOf } from "./names.ts";
import type { TreeEntry } from "./tree-reader.ts";
import type { Workshop } from "./workshop.ts";

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

/** Every path that differs between two trees, in git's order. */
export async function changes(workshop: Workshop, from: TreeId, to: TreeId): Promise<readonly TreeChange[]> {
  const [before, after] = await Promise.all([workshop.trees.listing(idOf(from)), workshop.trees.listing(idOf(to))]);
  const gone = [...before.values()].filter((entry) => !after.has(entry.path));
  const kept = [...after.values()].filter((entry) => !sameFile(before.get(entry.path), entry));
  return [
    ...gone.map((entry) => changeOf(entry, undefined)),
    ...kept.map((entry) => changeOf(before.get(entry.path), entry)),
  ].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

function sameFile(a: TreeEntry | undefined, b: TreeEntry): boolean {
  return a?.blob === b.blob && a.mode === b.mode;
}

function changeOf(before: TreeEntry | undefined, after: TreeEntry | undefined): TreeChange {
  return {
    path: (after ?? before)?.path ?? "",
    status: statusOf(before, after),
    blob: after?.blob ?? null,
    before: before?.blob ?? null,
    mode: after?.mode ?? "000000",
  };
}

function statusOf(before: TreeEntry | undefined, after: TreeEntry | undefined): TreeChange["status"] {
  if (before === undefined) return "added";
  if (after === undefined) return "deleted";
  return before.mode.slice(0, 3) === after.mode.slice(0, 3) ? "modified" : "type-changed";
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
