import { type FileOutline, hasOutline, outlineOf } from "../../../domain/outline.ts";
import type { TreeId } from "../../../domain/work.ts";
import type { Git } from "../../../engine/ports.ts";

/** Bytes of a file above which it is taken for generated and not looked into. */
const LARGEST = 200_000;

/** A code file of a tree, read and taken apart. */
export interface CodeFile {
  readonly path: string;
  readonly text: string;
  readonly outline: FileOutline;
}

/** The files of a tree: every path, and the code files read. */
export interface TreeTexts {
  readonly paths: readonly string[];
  readonly code: readonly CodeFile[];
  file(path: string): CodeFile | undefined;
}

/** Generated and foreign code: it would drown the repository's own. */
const FOREIGN = /(?:^|\/)(?:node_modules|dist|build|coverage|vendor|\.venv|venv|__pycache__)\/|\.min\.js$/;

/** Reads trees; what is read of a blob is kept as long as one of the last few trees holds it. */
export function treeTexts(git: Pick<Git, "list" | "readBlob">): (tree: TreeId) => Promise<TreeTexts> {
  const trees = new Map<TreeId, Promise<TreeTexts>>();
  const blobs = new Map<string, Omit<CodeFile, "path">>();
  const read = async (tree: TreeId): Promise<TreeTexts> => {
    const files = (await git.list(tree)).filter(({ mode }) => mode.startsWith("100"));
    const wanted = files.filter(({ path }) => hasOutline(path) && !FOREIGN.test(path));
    const code: CodeFile[] = [];
    for (const { path, blob } of wanted) {
      const key = `${blob} ${path.slice(path.lastIndexOf("."))}`;
      const known = blobs.get(key) ?? (await readFile(git, path, blob));
      blobs.set(key, known);
      if (known.text.length <= LARGEST) code.push({ path, text: known.text, outline: { ...known.outline, path } });
    }
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

async function readFile(git: Pick<Git, "readBlob">, path: string, blob: string): Promise<Omit<CodeFile, "path">> {
  const text = await git.readBlob(blob);
  const isText = text.length <= LARGEST && !text.includes("\0");
  return { text: isText ? text : " ".repeat(LARGEST + 1), outline: outlineOf(path, isText ? text : "") };
}
