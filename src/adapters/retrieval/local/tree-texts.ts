import { z } from "zod";
import { summaryOf } from "../../../domain/memory-summary.ts";
import { type FileOutline, hasOutline, outlineOf } from "../../../domain/outline.ts";
import type { TreeId } from "../../../domain/work.ts";
import type { Git } from "../../../engine/ports.ts";
import type { IndexStore } from "./index-store.ts";

/** Bytes of a file above which it is taken for generated and not looked into. */
const LARGEST = 200_000;

/** A code file of a tree, read and taken apart. */
export interface CodeFile {
  readonly path: string;
  readonly text: string;
  readonly outline: FileOutline;
  /** What it is, in one line; "" when it does not say. */
  readonly summary: string;
}

/** What is kept of a file between processes: its parts and its summary. */
export const KeptFile = z.object({
  chunks: z.array(
    z.object({
      name: z.string(),
      from: z.number(),
      to: z.number(),
      exported: z.boolean(),
      titled: z.boolean().optional(),
    }),
  ),
  summary: z.string(),
});
export type KeptFile = z.infer<typeof KeptFile>;

/** The files of a tree: every path, and the code files read. */
export interface TreeTexts {
  readonly paths: readonly string[];
  readonly code: readonly CodeFile[];
  file(path: string): CodeFile | undefined;
}

/** Generated and foreign code: it would drown the repository's own. */
const FOREIGN = /(?:^|\/)(?:node_modules|dist|build|coverage|vendor|\.venv|venv|__pycache__)\/|\.min\.js$/;

/**
 * Reads trees; what is read of a blob is kept as long as one of the last few trees holds it, and what was found in it by
 * its digest in `store`, where there is one: only files that have changed are taken apart again.
 */
export function treeTexts(
  git: Pick<Git, "list" | "readBlob">,
  store?: IndexStore<KeptFile>,
): (tree: TreeId) => Promise<TreeTexts> {
  const trees = new Map<TreeId, Promise<TreeTexts>>();
  const blobs = new Map<string, Omit<CodeFile, "path">>();
  const read = async (tree: TreeId): Promise<TreeTexts> => {
    const files = (await git.list(tree)).filter(({ mode }) => mode.startsWith("100"));
    const wanted = files.filter(({ path }) => hasOutline(path) && !FOREIGN.test(path));
    const code: CodeFile[] = [];
    for (const { path, blob } of wanted) {
      const key = keyOf({ path, blob });
      const known = blobs.get(key) ?? (await readFile(git, { path, blob, key }, store));
      blobs.set(key, known);
      if (known.text.length <= LARGEST)
        code.push({ path, text: known.text, outline: { ...known.outline, path }, summary: known.summary });
    }
    await store?.save(store.size > MOST_BLOBS ? new Set(wanted.map(keyOf)) : undefined).catch(() => undefined);
    const byPath = new Map(code.map((file) => [file.path, file]));
    return { paths: files.map(({ path }) => path), code, file: (path) => byPath.get(path) };
  };
  return (tree) => {
    const known = trees.get(tree) ?? read(tree);
    trees.delete(tree);
    trees.set(tree, known);
    known.catch(() => trees.delete(tree));
    if (trees.size > MOST_TREES) for (const oldest of [...trees.keys()].slice(0, 1)) trees.delete(oldest);
    if (blobs.size > MOST_BLOBS) blobs.clear();
    return known;
  };
}

const MOST_TREES = 4;
const MOST_BLOBS = 20_000;

/** The same text is another file under another ending. */
function keyOf({ path, blob }: { readonly path: string; readonly blob: string }): string {
  return `${blob} ${path.slice(path.lastIndexOf("."))}`;
}

async function readFile(
  git: Pick<Git, "readBlob">,
  { path, blob, key }: { readonly path: string; readonly blob: string; readonly key: string },
  store: IndexStore<KeptFile> | undefined,
): Promise<Omit<CodeFile, "path">> {
  const read = await git.readBlob(blob);
  const isText = read.length <= LARGEST && !read.includes("\0");
  const text = isText ? read : "";
  const kept = store?.get(key);
  const chunks = kept?.chunks.map(({ titled, ...chunk }) => (titled === undefined ? chunk : { ...chunk, titled }));
  const outline = chunks === undefined ? outlineOf(path, text) : { path, chunks };
  const summary = kept?.summary ?? summaryOf(text, outline);
  if (kept === undefined) store?.set(key, { chunks: outline.chunks.map((chunk) => ({ ...chunk })), summary });
  return { text: isText ? text : " ".repeat(LARGEST + 1), outline, summary };
}
