import { isAbsolute } from "node:path";
import { findEngine, notInstalled } from "../adapters/models/llama-cpp/engine-package.ts";
import { gigabytes } from "../adapters/models/llama-cpp/machine.ts";
import { findModelFile } from "../adapters/models/llama-cpp/model-file.ts";
import { embeddedPlaces } from "../adapters/models/llama-cpp/places.ts";
import type { ModelProbe } from "../adapters/models/probe.ts";
import type { Config } from "../domain/config.ts";
import { backendOf } from "../domain/known-backends.ts";
import { StepFailure } from "../domain/step-failure.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether the engine is installed and the file of each embedded model is there; other models are left out. Loads nothing. */
export async function probeEmbedded(
  config: Config,
  names: readonly string[],
  env: Environment,
): Promise<readonly ModelProbe[]> {
  const probes = names.map(async (name) => {
    const to = backendOf(config, name);
    return to.kind === "embedded" ? [{ name, ...(await probe(to.model, env)) }] : [];
  });
  return (await Promise.all(probes)).flat();
}

async function probe(model: string, env: Environment): Promise<Pick<ModelProbe, "state" | "detail" | "fix">> {
  const places = embeddedPlaces(env);
  try {
    if (findEngine(places) === undefined) throw notInstalled(places);
    if (!model.startsWith("hf:") && !isAbsolute(model))
      return { state: "ok", detail: "a file of the repository; it is looked at when it is asked", fix: "" };
    const { bytes } = await findModelFile(model, "/", places);
    return { state: "ok", detail: `${gigabytes(bytes)} on this disk, runs in a process of its own`, fix: "" };
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    return { state: "not-installed", detail: error.message, fix: error.hint };
  }
}
