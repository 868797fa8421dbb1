import { memoryGit } from "../../../../test/kit/analysis-ports.ts";
import { correctionsContract } from "../corrections.contract.ts";
import { openCorrections } from "./open-corrections.ts";

correctionsContract("local", async (files) => {
  const memory = memoryGit();
  const tree = memory.tree(files);
  const unused = async () => {
    throw new Error("only quick fixes lay trees over trees");
  };
  const git = { ...memory, layOver: unused, writeBlob: unused };
  return { corrections: await openCorrections({ git, tree }), tree };
});
