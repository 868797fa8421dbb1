import { StepFailure } from "../../../domain/step-failure.ts";
import { type House, quoted } from "./house.ts";
import { findLoaded, gigabytes, placeOf, shareText } from "./loaded-model.ts";
import { empty } from "./make-room.ts";
import type { LoadedModel, LoadOptions } from "./ollama-api.ts";
import { restartServer } from "./restart-server.ts";

/** How a model is put into memory and looked at again. */
export interface Reload {
  readonly model: string;
  readonly options: LoadOptions;
  /** Loads it, and counts that. */
  readonly load: (signal: AbortSignal) => Promise<void>;
  readonly forget: (name: string) => void;
}

/** Looks where a model lies after it was loaded, and mends what can be mended. */
export interface SplitMender {
  /**
   * A model that lies in GPU memory in part only is reloaded alone, then after a restart; if that does not help either, a
   * person is told. The model as it lies in the end.
   * @throws StepFailure `model-split` under `residency: strict`
   */
  mend(loaded: LoadedModel, reload: Reload, signal: AbortSignal): Promise<LoadedModel>;
}

const UNLOAD_SECONDS = 30;

export function splitMender(house: House): SplitMender {
  /** Models that stay split whatever is done, by name and context. */
  const hopeless = new Set<string>();

  const isSplit = async (loaded: LoadedModel) => {
    const place = placeOf(loaded);
    if (place !== "cpu") return place === "split";
    if (await house.hasGpu()) return true;
    house.notice(
      `the Ollama server \`${house.access.name}\` has no GPU: \`${loaded.name}\` runs on the CPU (${gigabytes(loaded.bytes)} GB)`,
    );
    return false;
  };

  const again = async (loaded: LoadedModel, reload: Reload, signal: AbortSignal) => {
    await reload.load(signal);
    return findLoaded(await house.api.loaded(signal), reload.model) ?? loaded;
  };

  return {
    async mend(first, reload, signal) {
      if (!(await isSplit(first))) return first;
      const key = `${reload.model} ${reload.options.context}`;
      if (hopeless.has(key)) return judge(house, first, []);
      const tried = ["unloading all and loading it once more"];
      const stay = await empty(house, signal, { seconds: UNLOAD_SECONDS, onUnload: reload.forget });
      if (stay.length > 0) tried.push(`unloading ${quoted(stay)}, which stayed`);
      let loaded = await again(first, reload, signal);
      if ((await isSplit(loaded)) && house.server.restart !== undefined) {
        const problem = await restartServer(house, house.server.restart, signal);
        tried.push(problem ?? "restarting the server");
        loaded = await again(loaded, reload, signal);
      }
      if (!(await isSplit(loaded))) return loaded;
      hopeless.add(key);
      return judge(house, loaded, tried);
    },
  };
}

function judge(house: House, loaded: LoadedModel, tried: readonly string[]): LoadedModel {
  const what = placeOf(loaded) === "cpu" ? "runs on the CPU although there is a GPU" : "is split between CPU and GPU";
  const context = loaded.context === undefined ? "" : `, with a context of ${loaded.context} tokens`;
  const message = `\`${loaded.name}\` ${what} on \`${house.access.name}\`: ${shareText(loaded)}${context}`;
  const after = tried.length === 0 ? "" : `; tried: ${tried.join("; ")}`;
  const advice = `a smaller model or quantisation, \`mode: exclusive\`, or a lower \`contexts\` entry for ${house.access.name}/${loaded.name}`;
  if (house.server.residency === "strict") {
    throw new StepFailure(message + after, {
      code: "model-split",
      remedy: "ask",
      hint: `Use ${advice}; \`residency: warn\` under servers.${house.access.name} goes on all the same, perhaps ten times slower.`,
    });
  }
  if (tried.length > 0) house.notice(`${message}${after}. It may answer ten times slower; ${advice} would help`);
  return loaded;
}
