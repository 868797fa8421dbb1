import { execFile } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { promisify } from "node:util";
import { z } from "zod";
import type { AcceleratorLook, AcceleratorWish, Gpu } from "../../../domain/research/accelerator.ts";
import type { SandboxLimits } from "../../../domain/sandbox-job.ts";
import type { Sandbox } from "../../../engine/ports.ts";
import { type Interpreter, runOwnProgram } from "../python-program.ts";

export interface AcceleratorRoom {
  readonly sandbox: Sandbox;
  readonly limits: SandboxLimits;
  readonly interpreter: Interpreter;
  /** The driver's own program; `nvidia-smi` unless given. */
  readonly driverProgram?: string | undefined;
  /** PATH of this process. */
  readonly path: string;
}

const TORCH_PROGRAM = `
import json, sys
seen = {"version": None, "cuda": None, "usable": False, "said": ""}
try:
    import torch
    seen["version"] = str(torch.__version__)
    seen["cuda"] = torch.version.cuda
    if torch.version.cuda is None:
        seen["said"] = "torch " + seen["version"] + " is built without CUDA"
    elif not torch.cuda.is_available():
        seen["said"] = "torch " + seen["version"] + " for CUDA " + torch.version.cuda + " sees no GPU in the sandbox"
    else:
        seen["usable"] = float((torch.ones(2, device="cuda") * 2).sum().item()) == 4.0
        seen["said"] = "" if seen["usable"] else "torch adds up wrongly on the GPU"
except Exception as error:
    seen["said"] = "%s: %s" % (type(error).__name__, str(error)[:300])
print(sys.argv[1] + json.dumps(seen))
`;

const TorchLook = z.object({
  version: z.string().nullable(),
  cuda: z.string().nullable(),
  usable: z.boolean(),
  said: z.string(),
});

/** What there is to compute on; torch, whose import takes seconds, is asked only for a GPU. */
export async function lookAtAccelerator(wish: AcceleratorWish, room: AcceleratorRoom): Promise<AcceleratorLook> {
  const [first] = cpus();
  const cpu = {
    model: first?.model.trim() || "unknown CPU",
    cores: cpus().length,
    memoryMegabytes: Math.round(totalmem() / 1024 / 1024),
  };
  const unasked = { version: undefined, cuda: undefined, isUsable: false, said: "not asked" };
  if (wish.device === "cpu") return { host: { gpus: [], said: "not asked" }, torch: unasked, cpu };
  const host = await lookAtDriver(room);
  const torch = host.gpus.length === 0 ? unasked : await lookAtTorch(room);
  return { host, torch, cpu };
}

async function lookAtDriver({ driverProgram = "nvidia-smi", path }: AcceleratorRoom): Promise<AcceleratorLook["host"]> {
  const query = ["--query-gpu=name,driver_version,memory.total", "--format=csv,noheader,nounits"];
  try {
    const { stdout } = await promisify(execFile)(driverProgram, query, { env: { PATH: path }, timeout: 20_000 });
    const gpus = stdout.split("\n").flatMap(gpuIn);
    return { gpus, said: gpus.length > 0 ? "" : `${driverProgram} names none` };
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    if (code === "ENOENT") return { gpus: [], said: "nvidia-smi is not installed: no driver" };
    return { gpus: [], said: `nvidia-smi failed: ${(stderr?.trim() || String(error)).slice(0, 300)}` };
  }
}

function gpuIn(line: string): readonly Gpu[] {
  const [name = "", driver = "", memory = ""] = line.split(",").map((part) => part.trim());
  const memoryMegabytes = Number(memory);
  return name === "" || driver === "" || !Number.isFinite(memoryMegabytes) ? [] : [{ name, driver, memoryMegabytes }];
}

async function lookAtTorch(room: AcceleratorRoom): Promise<AcceleratorLook["torch"]> {
  const printed = await runOwnProgram(TORCH_PROGRAM, room.interpreter, room);
  if (printed.kind === "nothing") return { version: undefined, cuda: undefined, isUsable: false, said: printed.said };
  const { version, cuda, usable, said } = TorchLook.parse(printed.value);
  return { version: version ?? undefined, cuda: cuda ?? undefined, isUsable: usable, said };
}
