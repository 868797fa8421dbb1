import { type ParsedCorrection, parseCorrection } from "../../domain/correction-text.ts";
import type { Candidate } from "../../domain/learn-candidate.ts";
import type { EvidenceRow } from "../../domain/learn-table.ts";
import { type LearnPlace, type LearnWorld, openLearnWorld } from "./learn-world.ts";
import { proposedTexts } from "./proposed-texts.ts";
import { type Recorded, recordedIn } from "./recorded.ts";
import { replayOf } from "./replay.ts";
import { timeLimit } from "./time-limit.ts";

const MOST_TOLD = 5;

/**
 * What corrections that were proven one by one do wrong side by side: two that undo each other, and proposals that passed and
 * do not with all of them. Empty: they may be written together. At most `limits.learnMinutes`.
 * @throws StepFailure, InputError
 */
export async function problemsTogether(
  candidates: readonly Candidate[],
  place: LearnPlace,
): Promise<readonly string[]> {
  const corrections = candidates.filter(({ kind }) => kind === "new").flatMap(read);
  if (corrections.length < 2) return [];
  const recorded = await recordedIn(place.store);
  const world = await openLearnWorld(place);
  try {
    const fights = await fightsOf(corrections, recorded, world);
    return fights.length > 0 ? fights : await brokenBy(corrections, recorded, world);
  } finally {
    await world.close();
  }
}

function read({ text, path }: Candidate): readonly ParsedCorrection[] {
  const parsed = parseCorrection(text, path);
  return parsed.kind === "correction" ? [parsed.correction] : [];
}

/** Those that undo each other in a recorded proposal, in the corrections' own words. */
async function fightsOf(
  corrections: readonly ParsedCorrection[],
  { proposals }: Recorded,
  world: LearnWorld,
): Promise<readonly string[]> {
  const all = world.correctWith([...world.corrections.filter(({ state }) => state === "on"), ...corrections]);
  const found = new Set<string>();
  for (const proposal of proposals) {
    const texts = await proposedTexts(proposal, world).catch(() => undefined);
    if (texts === undefined) continue;
    const { notes } = await all.correct(texts, proposal.before.base.tree);
    for (const note of notes) if (/undo each other|again and again/.test(note)) found.add(note);
  }
  return [...found].slice(0, MOST_TOLD);
}

async function brokenBy(
  corrections: readonly ParsedCorrection[],
  recorded: Recorded,
  world: LearnWorld,
): Promise<readonly string[]> {
  const time = timeLimit(world.place);
  const active = world.corrections.filter(({ state }) => state === "on");
  const trial = { without: world.correctWith(active), with: world.correctWith([...active, ...corrections]) };
  const replaying = { recorded, world, signal: time.signal };
  const { rows } = await replayOf(trial, recorded.proposals, replaying).finally(time.end);
  const wrong = rows.filter(
    ({ effect, before }) => effect === "broken" || (effect === "left-out" && before === "passed"),
  );
  const ids = corrections.map(({ id }) => id).join(", ");
  return wrong.slice(0, MOST_TOLD).map((row) => `Together, ${ids} ${doneTo(row)}.`);
}

function doneTo({ effect, proposal, after }: EvidenceRow): string {
  if (effect === "broken") return `break ${proposal}, which passes without them: ${after}`;
  return `could not be tried on ${proposal}, which passes without them: ${after}`;
}
