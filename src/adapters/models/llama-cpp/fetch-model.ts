import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../../domain/step-failure.ts";
import { type Download, download, type Progress } from "./download.ts";
import { type Hub, hubHeaders, resolveOnHub } from "./hub.ts";
import { parseHubName } from "./hub-name.ts";
import { fetchedFile, type ModelFile } from "./model-file.ts";
import type { EmbeddedPlaces } from "./places.ts";

export interface FetchModel {
  /** `hf:owner/repo:quant`. */
  readonly model: string;
  readonly hub: Hub;
  readonly places: EmbeddedPlaces;
  readonly signal?: AbortSignal | undefined;
  onProgress?(progress: Progress): void;
  readonly free?: Download["free"];
}

/** Fetches a model into the person's data folder, unless it is there. @throws InputError, and StepFailure as `download` and `resolveOnHub` do */
export async function fetchModel(job: FetchModel): Promise<ModelFile> {
  const { model, hub, places, signal, free } = job;
  const name = parseHubName(model);
  if (name === undefined)
    throw new InputError([
      `"${model}" is no model of a hub: write hf:owner/repo:quant, like hf:Qwen/Qwen2.5-Coder-7B-Instruct-GGUF:Q4_K_M.`,
    ]);
  const there = await fetchedFile(name, places);
  if (there !== undefined) return there;
  const files = await resolveOnHub(hub, name, signal);
  const dir = join(places.models, name.owner, name.repo);
  await mkdir(dir, { recursive: true });
  const headers = hubHeaders(hub);
  const onProgress = (progress: Progress) => job.onProgress?.(progress);
  for (const file of files) await download({ file, to: join(dir, file.name), headers, signal, free, onProgress });
  const fetched = await fetchedFile(name, places);
  if (fetched === undefined) throw new Error(`${model} was fetched and cannot be found in ${dir}.`);
  return fetched;
}
