import { pathsNeeded, type WikiFacts } from "../domain/wiki/wiki-page.ts";
import { kindOfPage } from "../domain/wiki/wiki-paths.ts";
import type { TreeId } from "../domain/work.ts";
import type { Git } from "../engine/ports.ts";

/** The wiki of a tree with the files that it cites. The reader of Markdown is loaded with the first one. */
export async function wikiFacts(tree: TreeId, git: Pick<Git, "list" | "read">): Promise<WikiFacts> {
  const { readPage } = await import("../domain/wiki/read-page.ts");
  const paths = (await git.list(tree)).filter(({ mode }) => mode.startsWith("100")).map(({ path }) => path);
  const own = paths.filter((path) => kindOfPage(path) !== undefined);
  const pages = (await textsOf(own, tree, git)).map(([path, text]) => readPage(path, text));
  const texts = Object.fromEntries(await textsOf(pathsNeeded(pages, paths), tree, git));
  return { pages, paths, texts };
}

/** Texts by path, without binary and missing files. */
export async function textsOf(
  paths: readonly string[],
  tree: TreeId,
  git: Pick<Git, "read">,
): Promise<readonly (readonly [string, string])[]> {
  const read = await Promise.all(paths.map(async (path) => [path, await git.read(tree, path)] as const));
  return read.flatMap(([path, text]) => (text === undefined ? [] : [[path, text] as const]));
}
