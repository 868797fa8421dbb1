import type { Corrected, ProposedText } from "../../domain/correction.ts";
import type { RecordedProposal } from "../../domain/learn-history.ts";
import { type Evidence, type EvidenceRow, effectOf, type Rejudged, saidOf } from "../../domain/learn-table.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import type { Corrections } from "../../engine/ports.ts";
import { heldAgainst } from "./find-cases.ts";
import type { LearnWorld } from "./learn-world.ts";
import { proposedTexts } from "./proposed-texts.ts";
import { nameOf, type Recorded } from "./recorded.ts";
import { rejudge } from "./rejudge.ts";

/** The corrections without and with the one that is tried. */
export interface Trial {
  readonly without: Corrections;
  readonly with: Corrections;
  /** Where a recorded verdict may come from: what is on now was perhaps on when a proposal was judged. Default: without. */
  readonly recorded?: "without" | "either";
}

interface Replaying {
  readonly recorded: Recorded;
  readonly world: LearnWorld;
  /** Aborted when the time is over; what was not judged until then is left out and counted. */
  readonly signal: AbortSignal;
}

interface Changed {
  readonly proposal: RecordedProposal;
  /** True when the corrections that are on anyway change it too: its recorded verdict may be an old one. */
  readonly corrected: boolean;
}

/**
 * Applies a correction to recorded proposals and lets the gates judge again, for real, whatever it changes: without it and
 * with it. A proposal whose recorded verdict does not come again without it is not judged, and counted as such.
 */
export async function replayOf(
  trial: Trial,
  proposals: readonly RecordedProposal[],
  replaying: Replaying,
): Promise<Evidence> {
  const changed: Changed[] = [];
  let unreadable = 0;
  for (const proposal of proposals) {
    const texts = await proposedTexts(proposal, replaying.world).catch(() => null);
    if (texts === null) unreadable++;
    else if (texts !== undefined) changed.push(...(await changedBy(trial, proposal, texts)));
  }
  changed.sort((one, other) => Number(isHeld(other.proposal)) - Number(isHeld(one.proposal)));
  const rows: EvidenceRow[] = [];
  for (const one of changed) rows.push(await rowOf(one, trial, replaying));
  return { recorded: proposals.length, untouched: proposals.length - unreadable - changed.length, unreadable, rows };
}

/** True when a correction leaves all of these proposals as they are: nothing has to be judged to know it. */
export async function changesNone(
  trial: Trial,
  proposals: readonly RecordedProposal[],
  world: LearnWorld,
): Promise<boolean> {
  for (const proposal of proposals) {
    const texts = await proposedTexts(proposal, world).catch(() => undefined);
    if (texts !== undefined && (await changedBy(trial, proposal, texts)).length > 0) return false;
  }
  return true;
}

function isHeld(proposal: RecordedProposal): boolean {
  return heldAgainst(proposal) !== undefined;
}

async function changedBy(
  trial: Trial,
  proposal: RecordedProposal,
  texts: readonly ProposedText[],
): Promise<readonly Changed[]> {
  if (proposal.result.kind === "impossible") return [];
  const tree = proposal.before.base.tree;
  const [without, corrected] = [await trial.without.correct(texts, tree), await trial.with.correct(texts, tree)];
  if (saying(without) === saying(corrected)) return [];
  return [{ proposal, corrected: textsOf(without.files) !== textsOf(texts) || without.findings.length > 0 }];
}

function textsOf(files: readonly ProposedText[]): string {
  return JSON.stringify(files.map(({ path, after }) => [path, after]));
}

function saying({ files, findings }: Corrected): string {
  return `${textsOf(files)}${JSON.stringify(findings)}`;
}

async function rowOf({ proposal, corrected }: Changed, trial: Trial, replaying: Replaying): Promise<EvidenceRow> {
  const about = { proposal: nameOf(proposal), title: proposal.identity };
  try {
    if (replaying.signal.aborted) return leftOut(about, proposal);
    const before = await rejudge(proposal, trial.without, replaying);
    const again = () => rejudge(proposal, trial.with, replaying);
    const known = trial.recorded === "either" && isAsRecorded(proposal, await again());
    const control = corrected || known ? before : reproduced(proposal, before);
    const after = control.kind === "unjudged" ? control : await again();
    return { ...about, effect: effectOf(control, after), before: saidOf(control), after: saidOf(after) };
  } catch (error) {
    if (!(error instanceof StepFailure) || !replaying.signal.aborted) throw error;
    return leftOut(about, proposal);
  }
}

function leftOut(
  about: { readonly proposal: string; readonly title: string },
  proposal: RecordedProposal,
): EvidenceRow {
  const before = proposal.refusal === undefined ? "passed" : `refused by ${proposal.refusal.gate}`;
  return { ...about, effect: "left-out", before, after: "the time was over" };
}

/** What was recorded must come again before anything is compared with it; what only hindsight sees was not recorded. */
function reproduced(proposal: RecordedProposal, again: Rejudged): Rejudged {
  const isNews = again.kind === "unjudged" || (again.kind === "refused" && again.hindsight);
  if (isNews || isAsRecorded(proposal, again)) return again;
  const { refusal } = proposal;
  return { kind: "unjudged", why: `it was ${refusal ? `refused by ${refusal.gate}` : "passed"} and is not any more` };
}

function isAsRecorded({ refusal }: RecordedProposal, again: Rejudged): boolean {
  if (again.kind === "refused") return refusal !== undefined && again.refusal.gate === refusal.gate;
  return again.kind === "passes" && refusal === undefined;
}
