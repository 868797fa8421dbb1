import type { Server } from "../../../domain/model-config.ts";
import { StepFailure } from "../../../domain/step-failure.ts";
import type { Clock } from "../../../engine/ports.ts";
import { cancelled } from "../call-watch.ts";
import type { ServerAccess } from "../server-access.ts";
import type { LoadedModel, OllamaApi } from "./ollama-api.ts";

/** One Ollama server, as those who keep its memory in order see it. */
export interface House {
  readonly access: ServerAccess;
  readonly server: Pick<Server, "mode" | "residency" | "restart">;
  readonly api: OllamaApi;
  readonly clock: Clock;
  /** Tells a person, in one sentence; the same message is told once. */
  readonly notice: (message: string) => void;
  /** Whether the server's machine has GPU memory, as far as it can be known. */
  readonly hasGpu: () => Promise<boolean>;
  /** How long unloading may take until `/api/ps` agrees. */
  readonly roomSeconds: number;
  /** How long a restarted server may take to answer. */
  readonly restartSeconds: number;
}

const POLL_SECONDS = 0.25;

/** Looks again and again, for at most `seconds`; the last thing seen, and whether it is what was waited for. */
export async function waitUntil(
  house: House,
  seconds: number,
  signal: AbortSignal,
  isSo: (models: readonly LoadedModel[], look: number) => boolean | Promise<boolean>,
): Promise<{ readonly so: boolean; readonly seen: readonly LoadedModel[] }> {
  for (let look = 0; ; look += 1) {
    const seen = await house.api.loaded(signal);
    if (await isSo(seen, look)) return { so: true, seen };
    if (look * POLL_SECONDS >= seconds) return { so: false, seen };
    await pause(house, POLL_SECONDS, signal);
  }
}

/** @throws StepFailure `cancelled`, or the signal's own reason, when it aborts */
export async function pause({ clock }: House, seconds: number, signal: AbortSignal): Promise<void> {
  await clock.sleep(seconds * 1000, signal);
  if (signal.aborted) throw signal.reason instanceof StepFailure ? signal.reason : cancelled();
}

export function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}
