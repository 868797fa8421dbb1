import { type LoadedModel, sameModel } from "./ollama-api.ts";

/** Where a model lies. */
export type Place = "gpu" | "cpu" | "split";

export function placeOf({ bytes, gpuBytes }: Pick<LoadedModel, "bytes" | "gpuBytes">): Place {
  if (gpuBytes >= bytes) return "gpu";
  return gpuBytes === 0 ? "cpu" : "split";
}

export function findLoaded(models: readonly LoadedModel[], name: string): LoadedModel | undefined {
  return models.find((model) => sameModel(model.name, name));
}

/** Sizes for people: `8.1 of 12.4 GB (65 %) in GPU memory`. */
export function shareText({ bytes, gpuBytes }: Pick<LoadedModel, "bytes" | "gpuBytes">): string {
  const percent = bytes === 0 ? 0 : Math.floor((100 * gpuBytes) / bytes);
  return `${gigabytes(gpuBytes)} of ${gigabytes(bytes)} GB (${percent} %) in GPU memory`;
}

export function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
