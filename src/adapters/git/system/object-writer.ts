import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Conversation, linesOf, openConversation } from "./conversation.ts";
import { onDisk } from "./git-failure.ts";
import type { Place } from "./git-program.ts";
import type { TreeNode } from "./tree-reader.ts";

/** Writes objects through git processes that stay open. An object is whole or not there; writing one again does no harm. */
export interface ObjectWriter {
  blob(bytes: string | Uint8Array): Promise<string>;
  /** Git looks whether it is a commit. */
  commit(bytes: string): Promise<string>;
  /** Git looks whether every entry is there. */
  tree(nodes: readonly TreeNode[]): Promise<string>;
  close(): Promise<void>;
}

export function openObjectWriter(place: Place, scratch: string): ObjectWriter {
  const hashing = ["hash-object", "-w", "--stdin-paths", "--no-filters"];
  const blobs = openConversation(place, hashing, linesOf(1));
  const commits = openConversation(place, [...hashing, "-t", "commit"], linesOf(1));
  const trees = openConversation(place, ["mktree", "-z", "--batch"], linesOf(1));
  return {
    blob: (bytes) => hashed(blobs, scratch, bytes),
    commit: (bytes) => hashed(commits, scratch, bytes),
    tree: (nodes) => trees.ask(Buffer.from(`${nodes.map(record).join("")}\0`, "latin1")),
    async close() {
      await Promise.all([blobs, commits, trees].map((talk) => talk.close()));
    },
  };
}

/** The process takes names of files, and answers the id of each. */
async function hashed(talk: Conversation<string>, scratch: string, bytes: string | Uint8Array): Promise<string> {
  const path = join(scratch, `${process.pid}-${randomUUID()}`);
  try {
    await onDisk("writing an object", () => writeFile(path, bytes, { flag: "wx" }));
    return await talk.ask(`${path}\n`);
  } finally {
    await rm(path, { force: true });
  }
}

const KINDS: Readonly<Record<string, string>> = { "40000": "tree", "160000": "commit" };

function record({ mode, name, id }: TreeNode): string {
  return `${mode.padStart(6, "0")} ${KINDS[mode] ?? "blob"} ${id}\t${name}\0`;
}
