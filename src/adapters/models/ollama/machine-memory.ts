import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { totalmem } from "node:os";
import { join } from "node:path";
import type { GpuMemory, MachineMemory } from "../../../domain/model-memory.ts";

/** Where the numbers come from; the defaults are this machine. */
export interface MemorySources {
  readonly platform?: NodeJS.Platform;
  readonly architecture?: string;
  readonly ramBytes?: number;
  /** The kernel's folder of graphics devices. */
  readonly drm?: string;
  /** The output of a program; empty when it is not there, fails or takes longer than 3 s. */
  readonly output?: (program: string, args: readonly string[]) => Promise<string>;
}

/** Measures how much memory models may use here; what cannot be measured is left out. Never throws, waits at most 3 s. */
export async function machineMemory(sources: MemorySources = {}): Promise<MachineMemory> {
  const { platform = process.platform, architecture = process.arch, ramBytes = totalmem() } = sources;
  const { output = outputOf, drm = "/sys/class/drm" } = sources;
  // Apple's chips share one memory; their GPU may use most of it.
  if (platform === "darwin" && architecture === "arm64") {
    return { ramBytes, gpus: [{ name: "Apple GPU", bytes: Math.floor(ramBytes * 0.67) }], unified: true };
  }
  const [nvidia, rocm, kernel] = await Promise.all([nvidiaGpus(output), rocmGpus(output), kernelGpus(drm)]);
  const amd = rocm.length > 0 ? rocm : kernel;
  return { ramBytes, gpus: [...nvidia, ...amd], unified: false };
}

type Output = NonNullable<MemorySources["output"]>;

async function nvidiaGpus(output: Output): Promise<readonly GpuMemory[]> {
  const text = await output("nvidia-smi", ["--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]);
  return text.split("\n").flatMap((line) => {
    const comma = line.lastIndexOf(",");
    const bytes = Number(line.slice(comma + 1)) * 1024 * 1024;
    return comma > 0 && bytes > 0 ? [{ name: line.slice(0, comma).trim(), bytes }] : [];
  });
}

async function rocmGpus(output: Output): Promise<readonly GpuMemory[]> {
  const text = await output("rocm-smi", ["--showmeminfo", "vram", "--json"]);
  try {
    const cards = Object.entries(JSON.parse(text) as Record<string, Record<string, string>>);
    return cards.flatMap(([name, card]) => {
      const bytes = Number(card["VRAM Total Memory (B)"]);
      return bytes > 0 ? [{ name, bytes }] : [];
    });
  } catch {
    return [];
  }
}

/** A graphics unit inside the processor has a few hundred MB of its own, which is no place for a model. */
const LEAST_BYTES = 2 * 1024 ** 3;

async function kernelGpus(drm: string): Promise<readonly GpuMemory[]> {
  const cards = await readdir(drm).catch(() => []);
  const found = await Promise.all(
    cards
      .filter((card) => /^card\d+$/.test(card))
      .map(async (name) => {
        const text = await readFile(join(drm, name, "device", "mem_info_vram_total"), "utf8").catch(() => "");
        return { name, bytes: Number(text) };
      }),
  );
  return found.filter(({ bytes }) => bytes >= LEAST_BYTES);
}

function outputOf(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, [...args], { timeout: 3000, killSignal: "SIGKILL" }, (error, stdout) => {
      resolve(error === null ? stdout : "");
    });
  });
}
