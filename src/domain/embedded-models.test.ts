import { expect, test } from "vitest";
import { chooseEmbedded, EMBEDDED_MODELS } from "./embedded-models.ts";

test.each([
  [1, 100, undefined],
  [1.5, 100, "Qwen2.5-Coder 0.5B"],
  [4, 100, "Qwen2.5-Coder 1.5B"],
  [8, 100, "Qwen2.5-Coder 7B"],
  [16, 100, "Qwen2.5-Coder 14B"],
  [32, 100, "Qwen3-Coder 30B A3B"],
  [32, 7, "Qwen2.5-Coder 7B"],
  [32, 1, undefined],
])("with %d GB of memory and %d GB of disk: %s", (memory, disk, title) => {
  expect(chooseEmbedded({ memory, disk })?.one.title).toBe(title);
});

test("three models are of three vendors, fit one by one into the memory and together onto the disk", () => {
  for (const machine of [
    { memory: 6, disk: 12 },
    { memory: 9, disk: 100 },
    { memory: 64, disk: 100 },
  ]) {
    const three = chooseEmbedded(machine)?.three ?? [];
    expect(new Set(three.map(({ vendor }) => vendor)).size).toBe(3);
    expect(Math.max(...three.map(({ memory }) => memory))).toBeLessThanOrEqual(machine.memory);
    expect(three.reduce((sum, { gigabytes }) => sum + gigabytes, 0)).toBeLessThan(machine.disk);
    expect(three[0]?.makes).toBe(true);
  }
  expect(chooseEmbedded({ memory: 2.5, disk: 100 })?.three).toBeUndefined();
});

test("the table names each model once, in a form that can be fetched, with the better maker first", () => {
  expect(new Set(EMBEDDED_MODELS.map(({ name }) => name)).size).toBe(EMBEDDED_MODELS.length);
  for (const { name, memory, gigabytes } of EMBEDDED_MODELS) {
    expect(name).toMatch(/^hf:[\w.-]+\/[\w.-]+:Q4_K_M$/);
    expect(memory).toBeGreaterThan(gigabytes);
  }
  const makers = EMBEDDED_MODELS.filter(({ makes }) => makes).map(({ memory }) => memory);
  expect(makers).toEqual([...makers].sort((a, b) => b - a));
});
