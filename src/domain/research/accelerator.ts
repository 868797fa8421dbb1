import { z } from "zod";

/** What a plan wants to compute on. */
export const AcceleratorWish = z.strictObject({
  device: z.enum(["cpu", "cuda"]).default("cpu"),
  memoryMegabytes: z.int().positive().optional().meta({ description: "Least memory of the GPU." }),
  fallback: z.literal("cpu").optional().meta({
    description:
      "For testing: go on without the GPU. Every result then says so; without this line a missing GPU is refused.",
  }),
});
export type AcceleratorWish = z.infer<typeof AcceleratorWish>;

/** What was seen of the machine. */
export interface AcceleratorLook {
  /** GPUs that the driver's own program names on this machine; `said` is why there are none. */
  readonly host: { readonly gpus: readonly Gpu[]; readonly said: string };
  /** What the environment's own torch sees in the sandbox. */
  readonly torch: {
    readonly version: string | undefined;
    readonly cuda: string | undefined;
    readonly isUsable: boolean;
    readonly said: string;
  };
  readonly cpu: { readonly model: string; readonly cores: number; readonly memoryMegabytes: number };
}

export interface Gpu {
  readonly name: string;
  readonly driver: string;
  readonly memoryMegabytes: number;
}

/** What is computed on: part of every result. */
export const Accelerator = z.strictObject({
  device: z.enum(["cpu", "cuda"]),
  wanted: z.enum(["cpu", "cuda"]),
  name: z.string(),
  cores: z.int().nonnegative(),
  memoryMegabytes: z.number().nonnegative().meta({ description: "Of the GPU, or of the machine." }),
  driver: z.string().optional(),
  cuda: z.string().optional(),
  fallback: z.string().optional().meta({ description: "Why a CPU stands in for the GPU that was wanted." }),
});
export type Accelerator = z.infer<typeof Accelerator>;

export type Chosen =
  | { readonly kind: "chosen"; readonly accelerator: Accelerator }
  | { readonly kind: "refused"; readonly message: string };

/** The GPU that was asked for, a CPU that is named as a stand-in, or a refusal that says what to do. */
export function chooseAccelerator(wish: AcceleratorWish, look: AcceleratorLook): Chosen {
  const { model, cores, memoryMegabytes } = look.cpu;
  const cpu = { device: "cpu", wanted: wish.device, name: model, cores, memoryMegabytes } as const;
  if (wish.device === "cpu") return { kind: "chosen", accelerator: cpu };
  const [gpu, missing] = gpuFor(wish, look);
  if (gpu !== undefined) {
    const cuda = look.torch.cuda === undefined ? {} : { cuda: look.torch.cuda };
    const { name, driver, memoryMegabytes: memory } = gpu;
    const accelerator = {
      device: "cuda",
      wanted: "cuda",
      name,
      cores,
      memoryMegabytes: memory,
      driver,
      ...cuda,
    } as const;
    return { kind: "chosen", accelerator };
  }
  if (wish.fallback === "cpu")
    return { kind: "chosen", accelerator: { ...cpu, fallback: `for testing only, on the CPU: ${missing}` } };
  const message = `The plan wants a GPU (device: cuda), but ${missing}. Run it where there is one, or write \`fallback: cpu\` to test on the CPU; every result will then say so.`;
  return { kind: "refused", message };
}

function gpuFor(wish: AcceleratorWish, look: AcceleratorLook): readonly [Gpu, ""] | readonly [undefined, string] {
  const { host, torch } = look;
  const least = wish.memoryMegabytes ?? 0;
  const [largest] = [...host.gpus].sort((one, two) => two.memoryMegabytes - one.memoryMegabytes);
  if (largest === undefined) return [undefined, `no GPU is there (${host.said})`];
  if (largest.memoryMegabytes < least)
    return [undefined, `${largest.name} has ${largest.memoryMegabytes} MB of the ${least} MB that are wanted`];
  if (!torch.isUsable)
    return [
      undefined,
      `the environment cannot use ${largest.name}, driver ${largest.driver} (${torch.said}): check that driver and CUDA build of torch fit, and that the sandbox shows the device`,
    ];
  return [largest, ""];
}

/** One line for reports: what was computed on, and whether that is a stand-in. */
export function acceleratorText(accelerator: Accelerator): string {
  const { device, name, memoryMegabytes, driver, cuda, cores, fallback } = accelerator;
  const what =
    device === "cuda"
      ? `${name}, ${memoryMegabytes} MB, driver ${driver ?? "unknown"}, CUDA ${cuda ?? "unknown"}`
      : `CPU ${name}, ${cores} cores, ${memoryMegabytes} MB`;
  return fallback === undefined ? what : `${what} (${fallback})`;
}
