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

const SOURCE_FOLDERS = [
  { folder: "src/models", stem: "model" },
  { folder: "src/data", stem: "data" },
  { folder: "src/training", stem: "train" },
  { folder: "src/evaluation", stem: "eval" },
] as const;

/**
 * The folders of a project that its tree does not have yet, each held open by an empty file; `planned` is what the tasks
 * may write. Where a module of `src` stands for a folder (`src/data.py`) and nothing is planned in it, it is not made.
 */
export function missingFolders(
  paths: readonly string[],
  planned: readonly string[] = [],
): readonly { readonly path: string; readonly text: string }[] {
  const all = [...paths, ...planned];
  return SOURCE_FOLDERS.filter(({ folder, stem }) => {
    const isWithin = (path: string) => path.startsWith(`${folder}/`);
    const isFlat = all.some((path) => path.startsWith(`src/${stem}`) && /^src\/\w+\.py$/.test(path));
    return !paths.some(isWithin) && (!isFlat || planned.some(isWithin));
  }).map(({ folder }) => ({ path: `${folder}/.gitkeep`, text: "" }));
}
