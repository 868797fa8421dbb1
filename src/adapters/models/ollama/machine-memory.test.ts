import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { machineMemory } from "./machine-memory.ts";

let drm = "";
beforeEach(async () => {
  drm = await mkdtemp(join(tmpdir(), "drm-"));
});
afterEach(() => rm(drm, { recursive: true, force: true }));

const GIB = 1024 ** 3;
const linux = { platform: "linux", architecture: "x64", ramBytes: 32 * GIB } as const;
const only = (wanted: string, text: string) => async (program: string) => (program === wanted ? text : "");

test("nvidia-smi names each card", async () => {
  const output = only("nvidia-smi", "NVIDIA GeForce RTX 3090, 24576\nTesla T4, 15360\n");
  expect(await machineMemory({ ...linux, drm, output })).toEqual({
    ramBytes: 32 * GIB,
    gpus: [
      { name: "NVIDIA GeForce RTX 3090", bytes: 24 * GIB },
      { name: "Tesla T4", bytes: 15 * GIB },
    ],
    unified: false,
  });
});

test("AMD cards are read from rocm-smi, else from the kernel; a small one inside the processor is left out", async () => {
  const rocm = JSON.stringify({
    card0: { "VRAM Total Memory (B)": String(16 * GIB), "VRAM Total Used Memory (B)": "1" },
  });
  const kernel = async (card: string, bytes: number) => {
    await mkdir(join(drm, card, "device"), { recursive: true });
    await writeFile(join(drm, card, "device", "mem_info_vram_total"), `${bytes}\n`);
  };
  await kernel("card0", 0.5 * GIB);
  await kernel("card1", 20 * GIB);
  await mkdir(join(drm, "card1-DP-1"));
  const byTool = await machineMemory({ ...linux, drm, output: only("rocm-smi", rocm) });
  expect(byTool.gpus).toEqual([{ name: "card0", bytes: 16 * GIB }]);
  const byKernel = await machineMemory({ ...linux, drm, output: only("rocm-smi", "not json") });
  expect(byKernel.gpus).toEqual([{ name: "card1", bytes: 20 * GIB }]);
});

test("Apple's chips share their memory with the GPU", async () => {
  const memory = await machineMemory({ platform: "darwin", architecture: "arm64", ramBytes: 24 * GIB });
  expect(memory).toMatchObject({ unified: true, gpus: [{ name: "Apple GPU" }] });
  expect(memory.gpus[0]?.bytes).toBeLessThan(24 * GIB);
});

test("this machine, whatever it has, is measured without an error", async () => {
  const memory = await machineMemory();
  expect(memory.ramBytes).toBeGreaterThan(GIB / 2);
  for (const { bytes } of memory.gpus) expect(bytes).toBeGreaterThan(0);
});

test("programs that say something else are as if they were not there", async () => {
  const output = async () => "Failed to initialize NVML: Driver/library version mismatch\n";
  expect((await machineMemory({ ...linux, drm: join(drm, "missing"), output })).gpus).toEqual([]);
});
