import { expect, test } from "vitest";
import { type InstalledModel, type MachineMemory, proposeForMemory } from "./model-memory.ts";

const GIB = 1024 ** 3;
const machine = (gpus: readonly number[], ram = 32): MachineMemory => ({
  ramBytes: ram * GIB,
  gpus: gpus.map((size) => ({ name: "card", bytes: size * GIB })),
  unified: false,
});
const model = (name: string, gigabytes: number, identity = name): InstalledModel => ({
  name,
  bytes: gigabytes * 1e9,
  identity,
});
const CODER = model("qwen2.5-coder:14b", 9);
const SMALL_CODER = model("qwen2.5-coder:7b", 4.7);
const LLAMA = model("llama3.1:8b", 4.9);
const TINY = model("llama3.2:1b", 1.3);
const EMBED = model("nomic-embed-text", 0.3);

const why = (proposal: ReturnType<typeof proposeForMemory>, line: string) =>
  proposal?.reasons.find((reason) => reason.line.startsWith(line))?.why;

test("two models that fit beside each other stay loaded together", () => {
  const proposal = proposeForMemory(machine([24]), [LLAMA, CODER, TINY, EMBED]);
  expect(proposal).toMatchObject({ mode: "together", maker: "qwen2.5-coder:14b", judge: "llama3.1:8b" });
  expect(proposal).not.toHaveProperty("modelSeconds");
  expect(why(proposal, "mode:")).toBe("both take about 18.7 of 23.7 GB of usable GPU memory, so both stay loaded");
});

test("a smaller judge is proposed where it fits beside the maker and a larger one does not", () => {
  const proposal = proposeForMemory(machine([16]), [CODER, LLAMA, TINY]);
  expect(proposal).toMatchObject({ mode: "together", judge: "llama3.2:1b" });
  expect(why(proposal, "models.reviewer")).toBe("the largest other model that fits beside the maker");
});

test("two models that do not fit together: one at a time, and a longer cycle", () => {
  const proposal = proposeForMemory(machine([12, 4]), [CODER, LLAMA]);
  expect(proposal).toMatchObject({ mode: "exclusive", judge: "llama3.1:8b", modelSeconds: 1800, parallel: 4 });
  expect(proposal?.reasons.map(({ line }) => line)).toEqual([
    "models.default: qwen2.5-coder:14b",
    "models.reviewer: llama3.1:8b",
    "mode: exclusive",
    "limits.modelSeconds: 1800",
    "parallel: 4",
  ]);
});

test("the maker is the largest coder that fits, not the largest of all", () => {
  const proposal = proposeForMemory(machine([8]), [model("llama3.3:70b", 42), CODER, SMALL_CODER, LLAMA]);
  expect(proposal).toMatchObject({ maker: "qwen2.5-coder:7b", judge: "llama3.1:8b", mode: "exclusive" });
});

test("without a GPU the machine's memory counts, and replies may take an hour", () => {
  const proposal = proposeForMemory(machine([], 16), [SMALL_CODER, TINY]);
  expect(proposal).toMatchObject({ mode: "together", maker: "qwen2.5-coder:7b", modelSeconds: 3600 });
  expect(why(proposal, "limits")).toContain("no GPU");
});

test("one model under two names is no judge of itself, and what does not fit at all is said", () => {
  const same = proposeForMemory(machine([24]), [CODER, model("qwen2.5-coder:14b-q8", 15, CODER.identity)]);
  expect(same).toMatchObject({ mode: "as-is" });
  expect(same).not.toHaveProperty("judge");
  const large = proposeForMemory(machine([4]), [CODER, model("llama3.3:70b", 42)]);
  expect(large).toMatchObject({ mode: "as-is", maker: "qwen2.5-coder:14b", modelSeconds: 3600 });
  expect(why(large, "models.default")).toContain("still too large");
});

test("a server without a model that can write gets no proposal", () => {
  expect(proposeForMemory(machine([24]), [EMBED])).toBeUndefined();
});
