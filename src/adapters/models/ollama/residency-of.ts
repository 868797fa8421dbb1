import { identityOf } from "../../../domain/model-identity.ts";
import type { InstalledModel } from "../../../domain/model-memory.ts";
import type { ServerAccess } from "../server-access.ts";
import { type Place, placeOf } from "./loaded-model.ts";
import { type LoadedModel, ollamaApi } from "./ollama-api.ts";

/** What an Ollama server has in memory. */
export type Residency =
  | { readonly kind: "loaded"; readonly version: string | undefined; readonly models: readonly ResidentModel[] }
  | { readonly kind: "unknown"; readonly reason: string };

export interface ResidentModel extends LoadedModel {
  readonly place: Place;
}

/** Asks a server what it has in memory; never throws, and waits at most `seconds`. */
export async function residencyOf(access: ServerAccess, seconds = 5): Promise<Residency> {
  const api = ollamaApi(access, () => undefined);
  const signal = AbortSignal.timeout(seconds * 1000);
  try {
    const [version, models] = await Promise.all([
      api.version(signal).catch(() => undefined),
      api.loaded(signal).then((all) => all.map((model) => ({ ...model, place: placeOf(model) }))),
    ]);
    return { kind: "loaded", version, models };
  } catch (error) {
    return { kind: "unknown", reason: signal.aborted ? `no answer within ${seconds} s` : reasonOf(error) };
  }
}

/** The models that an Ollama server can load, with their sizes on disk; none when it does not answer within `seconds`. */
export async function installedModels(access: ServerAccess, seconds = 2): Promise<readonly InstalledModel[]> {
  const api = ollamaApi(access, () => undefined);
  const installed = await api.installed(AbortSignal.timeout(seconds * 1000)).catch(() => []);
  return installed.map(({ name, bytes }) => ({ name, bytes, identity: identityOf(`ollama/${name}`).identity }));
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error && "code" in cause ? String(cause.code) : message;
}
