import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ProbeJob, PythonPlace } from "../../src/adapters/research/probes/run-probes.ts";
import { openBubblewrap } from "../../src/adapters/sandbox/bubblewrap/open-bubblewrap.ts";
import { openNone } from "../../src/adapters/sandbox/none/open-none.ts";
import { available } from "./available.ts";

const example = fileURLToPath(new URL("../../examples/char-lm", import.meta.url));

/** Why the stories of char-lm cannot be told here; undefined when they can. */
export const missingTorch = available.torch ? undefined : "python3-torch or python3-numpy is not installed";

/** A text of a file that is replaced by another one; it must be there exactly once. */
export interface PlantedEdit {
  readonly path: string;
  readonly find: string;
  readonly replace: string;
}

export interface PlantedFault {
  readonly name: string;
  /** The check that has to refuse it. */
  readonly check: string;
  /** One of the ten that were asked for, or one of ours, so that every check has its fault. */
  readonly from: "issue" | "ours";
  readonly edits: readonly PlantedEdit[];
}

export async function plantedFaults(): Promise<readonly PlantedFault[]> {
  return JSON.parse(await readFile(join(example, "faults.json"), "utf8"));
}

export const CHAR_LM = {
  batch: 4,
  accumulation: 2,
  sequence: 32,
  layers: 2,
  heads: 2,
  width: 16,
  peak: 0.02,
  floor: 0.002,
  warmup: 10,
  decay: 100,
  weight_decay: 0.01,
  checkpoint_every: 50,
  throughput_warmup: 3,
  throughput_repeats: 5,
  seed: 1,
} as const;

/** What the probes are asked of char-lm, with a shorter training than the plan's. */
export const CHAR_LM_JOB: ProbeJob = {
  subject: "src/subject.py",
  config: CHAR_LM,
  seed: 1,
  steps: 20,
  rates: ["0", "9", "10"],
  seeds: [1, 2, 3],
  warmup: 3,
  device: "cpu",
  hashSeed: "0",
  measures: [],
};

/** The example's honest solution in a folder of its own, with these edits; `dispose` removes it. */
export async function solvedCharLm(edits: readonly PlantedEdit[] = []) {
  const outer = await mkdtemp(join(tmpdir(), "millwright-char-lm-"));
  const [folder, out] = [join(outer, "tree"), join(outer, "out")];
  await cp(join(example, "solution"), folder, { recursive: true });
  await mkdir(out);
  for (const { path, find, replace } of edits) {
    const place = join(folder, path);
    const [before = "", after, ...more] = (await readFile(place, "utf8")).split(find);
    if (after === undefined || more.length > 0) throw new Error(`not exactly once in ${path}: ${find}`);
    await writeFile(place, before + replace + after);
  }
  const sandbox = available.bwrap ? await openBubblewrap() : openNone();
  const place: PythonPlace = {
    sandbox,
    folder,
    out,
    seconds: 300,
    limits: { memoryMegabytes: 4096, processes: 512, outputMegabytes: 16, diskMegabytes: 1024 },
    python: {
      argv: ["/usr/bin/python3"],
      mounts: [],
      env: { PATH: "/usr/bin:/bin", LANG: "C.UTF-8", MILLWRIGHT_DATASETS: "/datasets" },
      datasets: [{ source: join(example, "data"), target: "/datasets", access: "read" }],
    },
  };
  return { place, dispose: () => rm(outer, { recursive: true, force: true }) };
}
