import type { Config } from "../domain/config.ts";
import { findModels } from "./find-models.ts";

/** Whatever could answer on this machine though no role names it: running servers, agent programs, keys. */
export async function modelsInSight(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[]> {
  const { servers, agents } = await findModels(config, env);
  return [
    ...servers.flatMap(({ name, listing }) => (listing?.kind === "models" ? [`the server ${name}`] : [])),
    ...agents.flatMap(({ program, state }) => (state === "missing" ? [] : [`the program ${program}`])),
    ...servers.flatMap(({ key }) => (key?.set ? [`the key ${key.variable}`] : [])),
  ];
}
