import type { Inspection } from "../../adapters/git/system/inspection.ts";
import type { JournalStore } from "../../adapters/journal/store.ts";
import type { Config } from "../../domain/config.ts";
import type { LearnDecision, LearnDecisions, LearnEnd, LearnRequest, RunEnd, Watch } from "../../mill.ts";
import { bent, type Wiring } from "../wiring.ts";
import { decide } from "./decide.ts";
import { learn } from "./learn.ts";
import type { LearnPlace } from "./learn-world.ts";

interface Opened {
  readonly inspection: Inspection;
  readonly stateDir: string;
  readonly store: JournalStore;
  readonly wiring: Wiring;
  readonly config: Config;
}

/** Looks, tries, and then does what was decided. */
export async function learnIn(request: LearnRequest, opened: Opened, watch: Watch): Promise<LearnEnd> {
  const place = placeOf(opened, watch.signal);
  const looked = await learn(place, "whole");
  if (request.approve === undefined && request.reject === undefined) return { ...looked, decided: [] };
  const decided = await decide(request, place);
  const ids = new Set(decided.map(({ id }) => id));
  return { ...looked, waiting: looked.waiting.filter(({ id }) => !ids.has(id)), decided };
}

export async function decideIn(decisions: LearnDecisions, opened: Opened): Promise<readonly LearnDecision[]> {
  return decide(decisions, placeOf(opened, new AbortController().signal));
}

/**
 * Learns from a run once it has ended. Whatever goes wrong there changes neither the run's outcome nor its facts, and the
 * next look finds the same.
 */
export async function afterRun(running: Promise<RunEnd>, opened: Opened, watch: Watch): Promise<RunEnd> {
  const end = await running;
  const { config } = opened;
  if (config.learn === "on" && !watch.signal.aborted)
    await learn(placeOf(opened, watch.signal), "after-run").catch(() => undefined);
  return end;
}

function placeOf({ inspection, stateDir, store, wiring, config }: Opened, signal: AbortSignal): LearnPlace {
  return { root: inspection.root, stateDir, store, config: bent(config, wiring), inspection, signal };
}
