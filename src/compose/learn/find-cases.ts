import { parseText } from "../../adapters/syntax-trees/parse-text.ts";
import type { ProposedText } from "../../domain/correction.ts";
import { atomsBetween } from "../../domain/learn-atoms.ts";
import type { LearnedCase, SeenAtom } from "../../domain/learn-cases.ts";
import type { RecordedLanding, RecordedProposal } from "../../domain/learn-history.ts";
import type { Refusal } from "../../domain/verdict.ts";
import type { Corrections } from "../../engine/ports.ts";
import type { LearnWorld } from "./learn-world.ts";
import { proposedTexts } from "./proposed-texts.ts";
import { nameOf, type Recorded } from "./recorded.ts";

/** Cases, and every change that they show. */
export interface Found {
  readonly cases: readonly LearnedCase[];
  readonly seen: readonly SeenAtom[];
}

/** What was refused, and what landed for the same task. A mistake that a correction mends by now is no case any more. */
export async function findCases(recorded: Recorded, active: Corrections, world: LearnWorld): Promise<Found> {
  const cases: LearnedCase[] = [];
  for (const proposal of refusedAndLanded(recorded)) {
    if (world.place.signal.aborted) break;
    cases.push(...(await casesOf(proposal, recorded, { active, world })));
  }
  const seen = cases.flatMap((of) => atomsBetween(of.refused, of.landed).map((atom) => ({ of, atom })));
  return { cases, seen };
}

/** Proposals that a gate or the door refused, or that were set aside, of tasks that landed. */
export function refusedAndLanded({ proposals, landings }: Recorded): readonly RecordedProposal[] {
  return proposals.filter((one) => heldAgainst(one) !== undefined && landingOf(one, landings) !== undefined);
}

/** What refused it, or what was refused because of it. */
export function heldAgainst({ refusal, setAside }: RecordedProposal): Refusal | undefined {
  return refusal ?? setAside;
}

/** What landed for a task: in the same run, else in a later one. */
export function landingOf(
  { run, identity }: RecordedProposal,
  landings: readonly RecordedLanding[],
): RecordedLanding | undefined {
  const own = landings.filter((landing) => landing.identity === identity);
  return own.find((landing) => landing.run === run) ?? own.at(-1);
}

interface Around {
  readonly active: Corrections;
  readonly world: LearnWorld;
}

async function casesOf(
  proposal: RecordedProposal,
  { landings }: Recorded,
  { active, world }: Around,
): Promise<readonly LearnedCase[]> {
  const landing = landingOf(proposal, landings);
  const refusal = heldAgainst(proposal);
  const proposed = await proposedTexts(proposal, world).catch(() => undefined);
  if (landing === undefined || refusal === undefined || proposed === undefined) return [];
  const corrected = await active.correct(proposed, proposal.before.base.tree);
  const named = new Set(proposal.refusal?.findings.map(({ path }) => path));
  const accused = corrected.files.filter(({ path }) => named.has(path));
  const files = (accused.length > 0 ? accused : corrected.files).filter(({ path }) => landing.paths.includes(path));
  const found = await Promise.all(files.map((file) => caseOf(file, { proposal, refusal, landing, world })));
  return found.filter((one) => one !== undefined);
}

async function caseOf(
  { path, after }: ProposedText,
  from: {
    readonly proposal: RecordedProposal;
    readonly refusal: Refusal;
    readonly landing: RecordedLanding;
    readonly world: LearnWorld;
  },
): Promise<LearnedCase | undefined> {
  const { proposal, refusal, landing, world } = from;
  const text = await world.repository.git.read(landing.tree, path).catch(() => undefined);
  if (after === null || text === undefined || text === after) return undefined;
  const [refused, landed] = [await parseText(path, after), await parseText(path, text)];
  if (refused === undefined || landed === undefined) return undefined;
  const { run, identity: task } = proposal;
  return { id: nameOf(proposal), run, task, path, refusal, refused, landed };
}
