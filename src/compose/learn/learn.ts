import { type ParsedCorrection, parseCorrection } from "../../domain/correction-text.ts";
import { type Candidate, caseKey, isWaiting, merged, toldCase } from "../../domain/learn-candidate.ts";
import { distinct, FEWEST_CASES, type LearnedCase } from "../../domain/learn-cases.ts";
import { type Draft, draftsOf } from "../../domain/learn-drafts.ts";
import { standingOf } from "../../domain/learn-table.ts";
import type { LearnEnd } from "../../mill.ts";
import { findCases, heldAgainst, refusedAndMended } from "./find-cases.ts";
import { dropCandidate, keepCandidate, keptCandidates } from "./keep-candidates.ts";
import { type LearnPlace, type LearnWorld, openLearnWorld } from "./learn-world.ts";
import { digestOfActive, type Made, madeOf } from "./make-candidates.ts";
import { type Recorded, recordedIn } from "./recorded.ts";
import { replayOf } from "./replay.ts";
import { retirements } from "./retire.ts";
import { timeLimit } from "./time-limit.ts";

type Looked = Omit<LearnEnd, "decided">;

interface Looking {
  readonly world: LearnWorld;
  readonly recorded: Recorded;
  readonly kept: ReadonlyMap<string, Candidate>;
  readonly signal: AbortSignal;
  /** What a model has suggested. */
  readonly suggested: readonly Draft[];
}

/** How far a look goes: after a run only what is new is tried, and only corrections that have long been idle are to retire. */
export type Depth = "after-run" | "whole";

/**
 * Looks for corrections in all that was recorded, tries each on every recorded proposal, and keeps what it found. Ends when
 * `limits.learnMinutes` are over; what was seen until then need not be seen again.
 * @throws StepFailure, InputError
 */
export async function learn(place: LearnPlace, depth: Depth, suggested: readonly Draft[] = []): Promise<Looked> {
  const recorded = await recordedIn(place.store);
  const few = new Set(refusedAndMended(recorded).map((one) => `${one.identity} ${heldAgainst(one)?.gate}`));
  const kept = await keptCandidates(place.stateDir);
  if (few.size === 0 && depth === "after-run") return endOf(recorded, { cases: 0, notes: [], kept });
  const world = await openLearnWorld(place);
  const time = timeLimit(place);
  const { signal } = time;
  try {
    const looking: Looking = { world, recorded, kept, signal, suggested };
    const found = await look(looking, depth);
    await retire(looking, depth);
    const notes = [...found.notes, ...world.problems, ...(signal.aborted ? [timeIsOver(place)] : [])];
    return endOf(recorded, { cases: found.cases, notes, kept: await keptCandidates(place.stateDir) });
  } finally {
    time.end();
    await world.close();
  }
}

function timeIsOver({ config, signal }: LearnPlace): string {
  if (signal.aborted) return "It was stopped; `millwright learn` goes on.";
  return `${config.limits.learnMinutes} minute(s) were over (limits.learnMinutes); \`millwright learn\` goes on.`;
}

function endOf(
  { proposals }: Recorded,
  found: { readonly cases: number; readonly notes: readonly string[]; readonly kept: ReadonlyMap<string, Candidate> },
): Looked {
  const candidates = [...found.kept.values()];
  return {
    recorded: proposals.length,
    cases: found.cases,
    waiting: candidates.filter(isWaiting),
    others: candidates.filter((candidate) => !isWaiting(candidate)),
    notes: found.notes,
  };
}

/** Every case of the repository that no correction mends by now. */
export async function allCases(place: LearnPlace): Promise<readonly LearnedCase[]> {
  const recorded = await recordedIn(place.store);
  const world = await openLearnWorld(place);
  try {
    const active = world.corrections.filter(({ state }) => state === "on");
    return (await findCases(recorded, world.correctWith(active), world)).cases;
  } finally {
    await world.close();
  }
}

async function look(
  looking: Looking,
  depth: Depth,
): Promise<{ readonly cases: number; readonly notes: readonly string[] }> {
  const { world, recorded, kept } = looking;
  const active = world.corrections.filter(({ state }) => state === "on");
  const found = await findCases(recorded, world.correctWith(active), world);
  const own = distinct(found.cases) < FEWEST_CASES ? [] : draftsOf(found.seen);
  const drafts = [...own, ...looking.suggested.filter(({ id }) => !own.some((draft) => draft.id === id))];
  const notes: string[] = [];
  for (const draft of drafts) {
    if (world.corrections.some(({ id }) => id === draft.id)) continue;
    if (depth === "after-run" && isKnown(draft, kept.get(draft.id), world)) continue;
    const made = await madeOf(draft, world);
    if (made === undefined) notes.push(`${draft.title}: no correction that changes at least three of its cases.`);
    else await keepCandidate(world.place.stateDir, merged(kept.get(draft.id), await tried(made, draft, looking)));
  }
  await tryAgain(looking);
  await dropOld(drafts, looking);
  return { cases: distinct(found.cases), notes };
}

/** Tried to the end before, with the same cases and the same corrections. */
function isKnown(draft: Draft, kept: Candidate | undefined, world: LearnWorld): boolean {
  if (kept === undefined || kept.standing === "unfinished" || kept.tried !== digestOfActive(world)) return false;
  const known = new Set(kept.cases.map(caseKey));
  return draft.cases.every((one) => known.has(caseKey(one)));
}

/** What a model suggested earlier is tried again when other corrections are on now, or when time was short. */
async function tryAgain(looking: Looking): Promise<void> {
  const { world, kept, suggested } = looking;
  for (const candidate of kept.values()) {
    if (candidate.from !== "model" || candidate.state !== "waiting") continue;
    if (suggested.some(({ id }) => id === candidate.id)) continue;
    if (candidate.standing !== "unfinished" && candidate.tried === digestOfActive(world)) continue;
    const read = parseCorrection(candidate.text, candidate.path);
    if (read.kind === "problems") continue;
    const evidence = await evidenceOf(read.correction, looking);
    const fresh = { ...candidate, evidence, standing: standingOf(evidence), tried: digestOfActive(world) };
    await keepCandidate(world.place.stateDir, fresh);
  }
}

async function evidenceOf(correction: ParsedCorrection, { world, recorded, signal }: Looking) {
  const active = world.corrections.filter(({ state }) => state === "on");
  const trial = { without: world.correctWith(active), with: world.correctWith([...active, correction]) };
  const evidence = await replayOf(trial, recorded.proposals, { recorded, world, signal });
  return { ...evidence, rows: [...evidence.rows] };
}

async function tried({ correction, text, cases }: Made, draft: Draft, looking: Looking): Promise<Candidate> {
  const { world } = looking;
  const evidence = await evidenceOf(correction, looking);
  return {
    id: draft.id,
    kind: "new",
    title: draft.title,
    from: looking.suggested.includes(draft) ? "model" : "cases",
    reason: correction.why.reason,
    text,
    path: correction.path,
    standing: standingOf(evidence),
    state: "waiting",
    cases: cases.map(toldCase),
    evidence,
    tried: digestOfActive(world),
    rejected: [],
  };
}

/** A candidate that the cases no longer suggest is not kept; a person's no is. */
async function dropOld(drafts: readonly Draft[], { kept, world, signal }: Looking): Promise<void> {
  if (signal.aborted) return;
  for (const { id, kind, state, from } of kept.values())
    if (kind === "new" && state === "waiting" && from === "cases" && !drafts.some((draft) => draft.id === id))
      await dropCandidate(world.place.stateDir, id);
}

async function retire(looking: Looking, depth: Depth): Promise<void> {
  const { stateDir } = looking.world.place;
  const proposed = await retirements(looking, depth === "whole" ? "all" : "idle");
  for (const candidate of proposed) await keepCandidate(stateDir, merged(looking.kept.get(candidate.id), candidate));
  if (depth === "after-run") return;
  for (const { id, kind, state } of looking.kept.values())
    if (kind === "retire" && state === "waiting" && !proposed.some((one) => one.id === id) && !looking.signal.aborted)
      await dropCandidate(stateDir, id);
}
