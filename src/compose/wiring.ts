import type { Script } from "../adapters/models/scripted/scripted.ts";
import type { Config } from "../domain/config.ts";
import type { StageName } from "../domain/research/stage.ts";
import type { Clock, Journal } from "../engine/ports.ts";
import type { Stage } from "./research/world.ts";

/** Wiring that no config can say: what the demo, stories and benches put in place of a part of the world. */
export interface Wiring {
  /** Wraps the journal: how a crash story counts writes and stops at one. */
  readonly wrapJournal?: (journal: Journal) => Journal;
  /** Time, where a story cannot wait for it. */
  readonly clock?: Clock;
  /** Time of a look for corrections: by it `limits.learnMinutes` are over. */
  readonly learnClock?: Clock;
  /** A function that answers for every role; no language model. */
  readonly script?: Script;
  readonly sandbox?: Config["sandbox"];
  /** Stages of the research pipeline in place of the real ones. */
  readonly stages?: Partial<Readonly<Record<StageName, Stage>>>;
  /** Id and start (seconds since 1970) of the next run, so that two runs can be compared to the byte. */
  readonly begin?: { readonly run: string; readonly startedAt: number };
}

/** The backend that a script answers as. */
export const SCRIPTED = "scripted";

/** The config as the wiring bends it: a script answers for every role, and the sandbox is the one that is wanted. */
export function bent(config: Config, wiring: Wiring): Config {
  return {
    ...config,
    ...(wiring.sandbox === undefined ? {} : { sandbox: wiring.sandbox }),
    ...(wiring.script === undefined ? {} : { models: { ...scriptedNames(config.models), default: SCRIPTED } }),
  };
}

/** Roles that the config gives a scripted model of their own, so that a script can be several models. */
function scriptedNames(models: Config["models"]): Config["models"] {
  const own = Object.entries(models).filter(([, names]) =>
    [names].flat().every((name) => name?.startsWith(`${SCRIPTED}/`)),
  );
  return Object.fromEntries(own);
}
