import { describe } from "vitest";
import { lineContract } from "../line.contract.ts";
import { memoryLine } from "./memory-line.ts";

describe("the line in memory", () => {
  const look = async () => ({ branch: "main", head: "c0ffee", status: ["notes.txt"] });
  lineContract(async (clock) => memoryLine({ clock, look }));
});
