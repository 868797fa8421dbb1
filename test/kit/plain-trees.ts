import { createHash } from "node:crypto";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Git } from "../../src/engine/ports.ts";
import { writeFiles } from "./target-repository.ts";

export type Files = Readonly<Record<string, string>>;

/** Trees without git: a tree is named by what it holds, and exported into a new folder. */
export interface PlainTrees extends Pick<Git, "export" | "list" | "read"> {
  /** Keeps the files and answers the tree's name. */
  tree(files: Files): string;
  /** How often a tree was exported. */
  exports(): number;
}

export function plainTrees(): PlainTrees {
  const trees = new Map<string, Files>();
  let exports = 0;
  const digest = (text: string) => createHash("sha1").update(text).digest("hex");
  const filesOf = (tree: string): Files => {
    const files = trees.get(tree);
    if (files === undefined) throw new Error(`no tree ${tree}`);
    return files;
  };
  return {
    tree: (files) => {
      const name = digest(JSON.stringify(files));
      trees.set(name, files);
      return name;
    },
    exports: () => exports,
    list: async (tree) =>
      Object.entries(filesOf(tree)).map(([path, text]) => ({ path, blob: digest(text), mode: "100644" })),
    read: async (tree, path) => filesOf(tree)[path],
    export: async (tree) => {
      exports += 1;
      const dir = await realpath(await mkdtemp(join(tmpdir(), "millwright-export-")));
      writeFiles(dir, filesOf(tree));
      return { dir, dispose: () => rm(dir, { recursive: true, force: true }) };
    },
  };
}
