import { mkdir } from "node:fs/promises";
import { findEngine, installEngine } from "../adapters/models/llama-cpp/engine-package.ts";
import { fetchModel } from "../adapters/models/llama-cpp/fetch-model.ts";
import { hubOf } from "../adapters/models/llama-cpp/hub.ts";
import { parseHubName } from "../adapters/models/llama-cpp/hub-name.ts";
import { availableMemory, freeDisk } from "../adapters/models/llama-cpp/machine.ts";
import { fetchedFile } from "../adapters/models/llama-cpp/model-file.ts";
import { embeddedPlaces } from "../adapters/models/llama-cpp/places.ts";
import { chooseEmbedded, EMBEDDED_MODELS, type EmbeddedModel } from "../domain/embedded-models.ts";
import type { EmbeddedOffer, Fetching } from "../mill.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What this machine could run by itself, from its free memory and disk. */
export async function offerEmbedded(env: Environment): Promise<EmbeddedOffer> {
  const places = embeddedPlaces(env);
  await mkdir(places.models, { recursive: true });
  const table = env.MILLWRIGHT_EMBEDDED === undefined ? EMBEDDED_MODELS : [ownModel(env.MILLWRIGHT_EMBEDDED)];
  const machine = { memory: availableMemory() / 1e9, disk: (await freeDisk(places.models)) / 1e9 };
  const there = await Promise.all(
    table.map(async ({ name }) => {
      const parsed = parseHubName(name);
      return parsed && (await fetchedFile(parsed, places)) ? [name] : [];
    }),
  );
  return {
    machine,
    choice: chooseEmbedded(machine, table),
    fetched: there.flat(),
    engine: { dir: places.engine, installed: findEngine(places) !== undefined },
  };
}

/** A model that a person, or a test, wants to be offered instead of the table's. */
function ownModel(name: string): EmbeddedModel {
  return { name, title: name, vendor: "unknown", licence: "see the hub", gigabytes: 0.1, memory: 0.4, makes: true };
}

/** Installs the engine where it is missing, and fetches the models that are. @throws StepFailure, InputError */
export async function fetchEmbedded(models: readonly string[], env: Environment, fetching: Fetching): Promise<void> {
  const places = embeddedPlaces(env);
  const { signal } = fetching;
  if (findEngine(places) === undefined) {
    fetching.installing(places.engine);
    await installEngine(places, env, signal);
  }
  const onProgress = fetching.progress;
  for (const model of models) await fetchModel({ model, hub: hubOf(env), places, signal, onProgress });
}
