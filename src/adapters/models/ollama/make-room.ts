import { StepFailure } from "../../../domain/step-failure.ts";
import { type House, pause, quoted, waitUntil } from "./house.ts";
import { findLoaded } from "./loaded-model.ts";
import { type LoadedModel, sameModel } from "./ollama-api.ts";

/** Times in a row that another program may take the memory back before this one gives up. */
const CONTESTS = 4;
/** How long the other program is left alone the first time; twice as long each further time. */
const FIRST_REST_SECONDS = 5;

/** What this run knows of who put which model into memory. */
export interface Possession {
  /** Names of models that this run has loaded, or found and uses. */
  isOurs(name: string): boolean;
  /** The model is no longer in memory. */
  forget(name: string): void;
}

/** Makes room for one model at a time. */
export interface RoomMaker {
  /**
   * Unloads every model but `model`, and waits until `/api/ps` agrees.
   * @throws StepFailure `model-timeout` naming what stays, or `model-unreachable` when another program keeps taking the memory.
   */
  makeRoom(model: string, there: readonly LoadedModel[], signal: AbortSignal): Promise<void>;
}

export function roomMaker(house: House, possession: Possession): RoomMaker {
  /** Models of others that this run has unloaded. */
  const turnedOut: string[] = [];
  let contests = 0;

  const isContested = (model: string, strangers: readonly string[]) =>
    strangers.length > 0 &&
    (possession.isOurs(model) || strangers.some((name) => turnedOut.some((other) => sameModel(other, name))));

  const rest = async (strangers: readonly string[], signal: AbortSignal) => {
    contests += 1;
    if (contests > CONTESTS) throw contested(house, strangers);
    house.notice(
      `another program uses the Ollama server \`${house.access.name}\` too: it has loaded ${quoted(strangers)} again; this run gives way for a while each time`,
    );
    const seconds = FIRST_REST_SECONDS * 2 ** (contests - 1);
    await waitUntil(house, seconds, signal, (seen) => strangers.every((name) => findLoaded(seen, name) === undefined));
  };

  return {
    async makeRoom(model, there, signal) {
      const strangers = namesBut(model, there).filter((name) => !possession.isOurs(name));
      if (isContested(model, strangers)) await rest(strangers, signal);
      else contests = 0;
      const stay = await empty(house, signal, {
        but: model,
        seconds: house.roomSeconds,
        onUnload: (name) => {
          if (!possession.isOurs(name)) turnedOut.push(name);
          possession.forget(name);
        },
      });
      if (stay.length > 0) throw neverAgrees(house, model, stay);
    },
  };
}

export interface Emptying {
  /** The one model that may stay. */
  readonly but?: string;
  readonly seconds: number;
  readonly onUnload: (name: string) => void;
}

/** Unloads all models of a server; the names of those that are still there when the time is over. */
export async function empty(house: House, signal: AbortSignal, how: Emptying): Promise<readonly string[]> {
  const { so, seen } = await waitUntil(house, how.seconds, signal, async (models, look) => {
    const names = namesBut(how.but, models);
    if (names.length === 0) return true;
    if (look % 40 !== 0) return false;
    for (const name of names) {
      await house.api.unload(name, signal);
      how.onUnload(name);
    }
    await pause(house, 0.01, signal);
    return namesBut(how.but, await house.api.loaded(signal)).length === 0;
  });
  return so ? [] : namesBut(how.but, seen);
}

function namesBut(model: string | undefined, models: readonly LoadedModel[]): readonly string[] {
  return models.map(({ name }) => name).filter((name) => model === undefined || !sameModel(name, model));
}

function neverAgrees(house: House, model: string, stay: readonly string[]): StepFailure {
  return new StepFailure(
    `\`${model}\` cannot be loaded alone: ${house.roomSeconds} s after they were unloaded, /api/ps of \`${house.access.name}\` still lists ${quoted(stay)}`,
    {
      code: "model-timeout",
      remedy: "retry",
      hint: `Another program may be asking ${quoted(stay)}: wait for it or stop it (\`ollama stop\`), give this run a server of its own, or write \`mode: as-is\` under servers.${house.access.name}.`,
    },
  );
}

function contested(house: House, strangers: readonly string[]): StepFailure {
  return new StepFailure(
    `another program keeps loading ${quoted(strangers)} on the Ollama server \`${house.access.name}\`: this run has given way ${CONTESTS} times in a row`,
    {
      code: "model-unreachable",
      remedy: "ask",
      hint: `Two programs that swap models on one server make no progress. Let the other one end, give each a server of its own, or write \`mode: as-is\` under servers.${house.access.name}; then \`millwright resume\`.`,
    },
  );
}
