/** The memory of one graphics card. */
export interface GpuMemory {
  readonly name: string;
  readonly bytes: number;
}

/** What models may use on a machine. */
export interface MachineMemory {
  readonly ramBytes: number;
  readonly gpus: readonly GpuMemory[];
  /** True when the GPU's memory is a part of `ramBytes`. */
  readonly unified: boolean;
}

/** A model that a local server can load. */
export interface InstalledModel {
  readonly name: string;
  /** Size on disk. */
  readonly bytes: number;
  /** Which model it is, whatever it is called. */
  readonly identity: string;
}

/** How a local server is best used with the memory there is; `reasons` has one entry a setting. */
export interface MemoryProposal {
  readonly mode: "together" | "exclusive" | "as-is";
  readonly maker: string;
  /** A model that is not the maker; absent when there is none that can be used. */
  readonly judge?: string;
  /** Longer than the default where models run slowly or are swapped. */
  readonly modelSeconds?: number;
  /** Tasks side by side where models are swapped, so that one swap serves several. */
  readonly parallel?: number;
  readonly reasons: readonly { readonly line: string; readonly why: string }[];
}

/** A loaded model needs more than its file: about a fifth, and the memory of its context. */
const GROWTH = 1.2;
const CONTEXT_BYTES = 1e9;
/** What the desktop and the driver leave of a card, and the rest of the machine of its memory. */
const GPU_SHARE = 0.92;
const RAM_SHARE = 0.6;
const SWAP_SECONDS = 1800;
const SLOW_SECONDS = 3600;
const TASKS_A_SWAP = 4;

/**
 * Proposes maker, judge and mode of a local server from the memory that was measured: two models side by side where they
 * fit, else a smaller judge, else one at a time. Undefined when there is no model that can write.
 */
export function proposeForMemory(
  memory: MachineMemory,
  installed: readonly InstalledModel[],
): MemoryProposal | undefined {
  const writers = [...installed].filter(({ name }) => !NO_WRITER.test(name)).sort(bestFirst);
  if (writers.length === 0) return undefined;
  const room = roomOf(memory);
  const maker = writers.find((model) => needs(model) <= room.bytes) ?? smallest(writers);
  const others = writers.filter(({ identity }) => identity !== maker.identity);
  const arrangement = arrange(maker, others, room);
  const reasons = [
    { line: `models.default: ${maker.name}`, why: makerWhy(maker, room) },
    ...(arrangement.judge ? [{ line: `models.reviewer: ${arrangement.judge.name}`, why: arrangement.judgeWhy }] : []),
    { line: `mode: ${arrangement.mode}`, why: arrangement.why },
  ];
  const seconds = secondsFor(maker, arrangement.mode, room);
  const swaps = arrangement.mode === "exclusive";
  const extra = [
    ...(seconds ? [{ line: `limits.modelSeconds: ${seconds.seconds}`, why: seconds.why }] : []),
    ...(swaps ? [{ line: `parallel: ${TASKS_A_SWAP}`, why: "independent tasks share a swap" }] : []),
  ];
  return {
    mode: arrangement.mode,
    maker: maker.name,
    ...(arrangement.judge && { judge: arrangement.judge.name }),
    ...(seconds && { modelSeconds: seconds.seconds }),
    ...(swaps && { parallel: TASKS_A_SWAP }),
    reasons: [...reasons, ...extra],
  };
}

const NO_WRITER = /embed|minilm|(^|[/-])bge|(^|[/-])e5-|rerank|whisper|clip/i;
const CODER = /code|coder|devstral|starcoder/i;

/** Coders before others, large before small. */
function bestFirst(a: InstalledModel, b: InstalledModel): number {
  const coder = Number(CODER.test(b.name)) - Number(CODER.test(a.name));
  return coder || b.bytes - a.bytes || (a.name < b.name ? -1 : 1);
}

function smallest(models: readonly InstalledModel[]): InstalledModel {
  return models.reduce((least, model) => (model.bytes < least.bytes ? model : least));
}

interface Room {
  readonly bytes: number;
  readonly where: "GPU memory" | "memory";
}

function roomOf({ ramBytes, gpus }: MachineMemory): Room {
  const gpuBytes = gpus.reduce((sum, { bytes }) => sum + bytes, 0);
  if (gpuBytes > 0) return { bytes: gpuBytes * GPU_SHARE, where: "GPU memory" };
  return { bytes: ramBytes * RAM_SHARE, where: "memory" };
}

/** Bytes that a model takes when it is loaded. */
function needs({ bytes }: InstalledModel): number {
  return bytes * GROWTH + CONTEXT_BYTES;
}

interface Arrangement {
  readonly mode: MemoryProposal["mode"];
  readonly why: string;
  readonly judge?: InstalledModel;
  readonly judgeWhy: string;
}

function arrange(maker: InstalledModel, others: readonly InstalledModel[], room: Room): Arrangement {
  const bySize = [...others].sort((a, b) => b.bytes - a.bytes);
  const beside = bySize.find((model) => needs(maker) + needs(model) <= room.bytes);
  if (beside !== undefined) {
    const both = gigabytes(needs(maker) + needs(beside));
    return {
      mode: "together",
      why: `both take about ${both} of ${gigabytes(room.bytes)} GB of usable ${room.where}, so both stay loaded`,
      judge: beside,
      judgeWhy:
        beside === bySize[0]
          ? "another model than the maker, as independence wants"
          : `the largest other model that fits beside the maker`,
    };
  }
  const alone = bySize.find((model) => needs(model) <= room.bytes);
  if (alone !== undefined) {
    const both = gigabytes(needs(maker) + needs(alone));
    return {
      mode: "exclusive",
      why: `two models take about ${both} GB and there are ${gigabytes(room.bytes)} GB of usable ${room.where}: one at a time, or they would be split between CPU and GPU`,
      judge: alone,
      judgeWhy: "another model than the maker; a smaller one that fits beside it would save the swaps",
    };
  }
  const why = others.length === 0 ? "there is only one model" : "no second model fits into memory even alone";
  return { mode: "as-is", why, judgeWhy: "" };
}

function makerWhy(maker: InstalledModel, room: Room): string {
  const size = `takes about ${gigabytes(needs(maker))} of ${gigabytes(room.bytes)} GB of usable ${room.where}`;
  if (needs(maker) > room.bytes) return `the smallest there is, and still too large: ${size}`;
  return CODER.test(maker.name) ? `the largest coder that fits: ${size}` : `the largest that fits: ${size}`;
}

function secondsFor(
  maker: InstalledModel,
  mode: MemoryProposal["mode"],
  room: Room,
): { readonly seconds: number; readonly why: string } | undefined {
  if (needs(maker) > room.bytes) return { seconds: SLOW_SECONDS, why: "a model that does not fit answers slowly" };
  if (room.where === "memory") return { seconds: SLOW_SECONDS, why: "no GPU was found, and the CPU answers slowly" };
  return mode === "exclusive" ? { seconds: SWAP_SECONDS, why: "a longer cycle, since models are swapped" } : undefined;
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
