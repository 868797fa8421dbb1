import { inspectRepository } from "../adapters/git/system/inspection.ts";
import type { MillFlags, ModelsEnd } from "../mill.ts";
import { lookAtModels } from "./look-at-models.ts";
import { loadConfig } from "./read-config.ts";

/** What there is to ask for the repository that `dir` is in. @throws InputError */
export async function inspectModels(dir: string, flags: MillFlags): Promise<ModelsEnd> {
  const { root } = await inspectRepository(dir);
  return lookAtModels(await loadConfig(root, flags.config), process.env);
}
