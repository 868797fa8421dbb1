import { systemClock } from "../../adapters/clock/system.ts";
import type { Inspection } from "../../adapters/git/system/inspection.ts";
import type { JournalStore } from "../../adapters/journal/store.ts";
import type { Config } from "../../domain/config.ts";
import { distinct, FEWEST_CASES } from "../../domain/learn-cases.ts";
import type { LearnDecision, LearnDecisions, LearnEnd, LearnRequest, RunEnd, Watch } from "../../mill.ts";
import { bent, type Wiring } from "../wiring.ts";
import { askCandidate } from "./ask-candidate.ts";
import { decide } from "./decide.ts";
import { allCases, learn } from "./learn.ts";
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
  const asked = request.ask ? await suggestion(place, opened.wiring, watch) : { drafts: [], notes: [] };
  const found = await learn(place, "whole", asked.drafts);
  const looked = { ...found, notes: [...asked.notes, ...found.notes] };
  if (request.approve === undefined && request.reject === undefined) return { ...looked, decided: [] };
  const decided = await decide(request, place);
  const ids = new Set(decided.map(({ id }) => id));
  return { ...looked, waiting: looked.waiting.filter(({ id }) => !ids.has(id)), decided };
}

/** Too few cases are no question for a model either. */
async function suggestion(place: LearnPlace, wiring: Wiring, watch: Watch) {
  const cases = await allCases(place);
  if (distinct(cases) < FEWEST_CASES)
    return { drafts: [], notes: [`No model was asked: ${distinct(cases)} of ${FEWEST_CASES} cases.`] };
  const read = await askCandidate(cases, { ...place, wiring }, watch);
  if (read.kind === "draft") return { drafts: [read.draft], notes: [] };
  return { drafts: [], notes: [`The model's answer is no correction: ${read.why}`] };
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
  const clock = wiring.learnClock ?? systemClock();
  return { root: inspection.root, stateDir, store, config: bent(config, wiring), inspection, clock, signal };
}
