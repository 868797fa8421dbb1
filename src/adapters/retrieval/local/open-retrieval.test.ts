import { createHash } from "node:crypto";
import { RETRIEVAL_PROFILE, retrievalContract } from "../retrieval.contract.ts";
import { openRetrieval } from "./open-retrieval.ts";

retrievalContract("local", async () => {
  const blobs = new Map<string, string>();
  const trees = new Map<string, readonly { path: string; blob: string; mode: string }[]>();
  const idOf = (text: string) => createHash("sha1").update(text).digest("hex");
  const git = {
    list: async (tree: string) => trees.get(tree) ?? [],
    readBlob: async (blob: string) => blobs.get(blob) ?? "",
  };
  return {
    open: () => openRetrieval({ git, profile: RETRIEVAL_PROFILE }),
    async tree(files) {
      const listed = Object.entries(files)
        .map(([path, text]) => {
          blobs.set(idOf(text), text);
          return { path, blob: idOf(text), mode: "100644" };
        })
        .sort((a, b) => (a.path < b.path ? -1 : 1));
      const id = idOf(JSON.stringify(listed));
      trees.set(id, listed);
      return id;
    },
  };
});
