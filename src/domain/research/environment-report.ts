import { stringify } from "yaml";
import { z } from "zod";
import { digestOfValue } from "../digest.ts";
import { Accelerator } from "./accelerator.ts";
import { ENVIRONMENT_KINDS } from "./environment.ts";
import { InterpreterLook } from "./interpreter-look.ts";
import type { Training } from "./training.ts";

/** A dataset as it was fetched. */
export const FetchedDataset = z.strictObject({
  name: z.string(),
  source: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  licence: z.string(),
  /** SHA-256 of what the plan's own command made of it. */
  prepared: z.string().optional(),
});
export type FetchedDataset = z.infer<typeof FetchedDataset>;

/** `logs/environment.yaml`. */
export const EnvironmentReport = z.strictObject({
  kind: z.enum(ENVIRONMENT_KINDS),
  digest: z.string(),
  sandbox: z.string(),
  python: z.string(),
  implementation: z.string(),
  platform: z.string(),
  accelerator: Accelerator,
  /** What installation needed beside the plan, in order. */
  changes: z.array(z.string()),
  datasets: z.array(FetchedDataset),
  lock: z.string(),
  notes: z.array(z.string()),
});
export type EnvironmentReport = z.infer<typeof EnvironmentReport>;

/** The digest that stands beside every number: interpreter, packages and the checksums of the datasets. */
export function environmentDigest(
  { kind, lock, look }: { readonly kind: string; readonly lock: string; readonly look: InterpreterLook },
  datasets: readonly FetchedDataset[],
): string {
  const { python, implementation, platform, packages } = InterpreterLook.parse(look);
  const sums = datasets.map(({ name, sha256, prepared }) => ({ name, sha256, prepared }));
  return digestOfValue({ kind, lock, python, implementation, platform, packages, datasets: sums });
}

export function environmentYaml(report: EnvironmentReport): string {
  return `# Written by millwright: the environment as it was found.\n${stringify(JSON.parse(JSON.stringify(report)), { lineWidth: 0 })}`;
}

/** `experiments/exp-001/config.yaml`: the plan's hyperparameters and what they are computed on. */
export function configYaml(
  { name, seeds, training }: { readonly name: string; readonly seeds: readonly number[]; readonly training: Training },
  accelerator: Accelerator,
): string {
  const fallback = accelerator.fallback === undefined ? {} : { device_fallback: accelerator.fallback };
  const value = { experiment: name, ...training, seeds: [...seeds], device: accelerator.device, ...fallback };
  return `# Written by millwright from design/plan.md: change it there.\n${stringify(value, { lineWidth: 0 })}`;
}

const SOURCE_FOLDERS = ["src/models", "src/data", "src/training", "src/evaluation"] as const;
const FLAT = /^src\/(?:model|data|train|eval)\w*\.py$/;

/**
 * The folders of a project that its tree does not have yet, each held open by an empty file; `planned` is what the tasks
 * may write. None is made where modules of `src` stand for them (`src/data.py`) and nothing is in one or planned in one.
 */
export function missingFolders(
  paths: readonly string[],
  planned: readonly string[] = [],
): readonly { readonly path: string; readonly text: string }[] {
  const all = [...paths, ...planned];
  const isIn = (folder: string) => (path: string) => path.startsWith(`${folder}/`);
  const isFlat = all.some((path) => FLAT.test(path));
  if (isFlat && !SOURCE_FOLDERS.some((folder) => all.some(isIn(folder)))) return [];
  return SOURCE_FOLDERS.filter((folder) => !paths.some(isIn(folder))).map((folder) => ({
    path: `${folder}/.gitkeep`,
    text: "",
  }));
}
