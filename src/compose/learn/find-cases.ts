import { parseText } from "../../adapters/syntax-trees/parse-text.ts";
import type { ProposedText } from "../../domain/correction.ts";
import { gatesFor } from "../../domain/gates/all.ts";
import { atomsBetween } from "../../domain/learn-atoms.ts";
import type { LearnedCase, SeenAtom } from "../../domain/learn-cases.ts";
import type { RecordedLanding, RecordedProposal } from "../../domain/learn-history.ts";
import { admittedIn, answeredAgain, cameFurther } from "../../domain/learn-mended.ts";
import type { Refusal } from "../../domain/verdict.ts";
import type { Corrections } from "../../engine/ports.ts";
import type { LearnWorld } from "./learn-world.ts";
import { proposedTexts } from "./proposed-texts.ts";
import { nameOf, type Recorded, settingOf } from "./recorded.ts";

/** Cases, and every change that they show. */
export interface Found {
  readonly cases: readonly LearnedCase[];
  readonly seen: readonly SeenAtom[];
}

/**
 * What was refused, and what landed for the same task, or came past that gate where none has landed yet. A mistake that a
 * correction mends by now is no case any more.
 */
export async function findCases(recorded: Recorded, active: Corrections, world: LearnWorld): Promise<Found> {
  const cases: LearnedCase[] = [];
  for (const proposal of refusedAndMended(recorded)) {
    if (world.place.signal.aborted) break;
    cases.push(...(await casesOf(proposal, recorded, { active, world })));
  }
  const seen = cases.flatMap((of) => atomsBetween(of.refused, of.landed).map((atom) => ({ of, atom })));
  return { cases, seen };
}

/** Proposals that a gate or the door refused, or that were set aside, of tasks that landed or were answered again. */
export function refusedAndMended({ proposals, landings }: Recorded): readonly RecordedProposal[] {
  return proposals.filter(
    (one) =>
      heldAgainst(one) !== undefined && (landingOf(one, landings) !== undefined || answeredAgain(one, proposals)),
  );
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
  recorded: Recorded,
  { active, world }: Around,
): Promise<readonly LearnedCase[]> {
  const refusal = heldAgainst(proposal);
  const mended = await mendedBy(proposal, recorded, world);
  const proposed = await proposedTexts(proposal, world).catch(() => undefined);
  if (mended === undefined || refusal === undefined || proposed === undefined) return [];
  const corrected = await active.correct(proposed, proposal.before.base.tree);
  const named = new Set(proposal.refusal?.findings.map(({ path }) => path));
  const accused = corrected.files.filter(({ path }) => named.has(path));
  const files = (accused.length > 0 ? accused : corrected.files).filter(({ path }) => mended.paths.includes(path));
  const found = await Promise.all(files.map((file) => caseOf(file, { proposal, refusal, mended })));
  return found.filter((one) => one !== undefined);
}

/** What stands in the place of what was refused. */
interface Mended {
  readonly paths: readonly string[];
  read(path: string): Promise<string | undefined>;
}

/** What landed; where nothing has, the same maker's later answer to the same task that came past the gate. */
async function mendedBy(
  proposal: RecordedProposal,
  recorded: Recorded,
  world: LearnWorld,
): Promise<Mended | undefined> {
  const { git } = world.repository;
  const landing = landingOf(proposal, recorded.landings);
  if (landing !== undefined)
    return { paths: landing.paths, read: (path) => git.read(landing.tree, path).catch(() => undefined) };
  const setting = await settingOf(proposal, recorded, world).catch(() => undefined);
  if (setting === undefined) return undefined;
  const gates = ["door", ...gatesFor(setting.inputs.workflow, setting.task).map(({ label }) => label)];
  const texts = admittedIn(cameFurther(proposal, recorded.proposals, gates));
  if (texts === undefined) return undefined;
  return {
    paths: [...texts.keys()],
    read: async (path) => git.readBlob(texts.get(path) ?? "").catch(() => undefined),
  };
}

async function caseOf(
  { path, after }: ProposedText,
  from: { readonly proposal: RecordedProposal; readonly refusal: Refusal; readonly mended: Mended },
): Promise<LearnedCase | undefined> {
  const { proposal, refusal, mended } = from;
  const text = await mended.read(path);
  if (after === null || text === undefined || text === after) return undefined;
  const [refused, landed] = [await parseText(path, after), await parseText(path, text)];
  if (refused === undefined || landed === undefined) return undefined;
  const { run, identity: task } = proposal;
  return { id: nameOf(proposal), run, task, path, refusal, refused, landed };
}
