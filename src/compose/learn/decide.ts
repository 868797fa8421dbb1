import { systemClock } from "../../adapters/clock/system.ts";
import { commitFile } from "../../adapters/git/system/commit-files.ts";
import { openGit } from "../../adapters/git/system/open-git.ts";
import { type Candidate, caseKey, isWaiting } from "../../domain/learn-candidate.ts";
import { commitMessage } from "../../domain/learn-message.ts";
import { InputError } from "../../domain/step-failure.ts";
import type { LearnDecision, LearnDecisions } from "../../mill.ts";
import { keepCandidate, keptCandidates } from "./keep-candidates.ts";
import type { LearnPlace } from "./learn-world.ts";
import { problemsTogether } from "./prove-together.ts";

/**
 * Does what a person decided, one candidate after the other: an approved one becomes a commit of one file on the branch that
 * is checked out; a rejected one is remembered.
 * @throws InputError when an id is unknown or not offered, or when several go wrong together, before anything is done; and of
 * `commitFile`
 */
export async function decide(
  { approve = [], reject = [] }: LearnDecisions,
  place: LearnPlace,
): Promise<readonly LearnDecision[]> {
  const kept = await keptCandidates(place.stateDir);
  const approved =
    approve === "all"
      ? await peaceful(withoutDoubles([...kept.values()].filter(isWaiting)), place)
      : await together(pick(approve, kept), place);
  const rejected = pick(reject, kept).filter((candidate) => !approved.includes(candidate));
  const decided: LearnDecision[] = [];
  for (const candidate of rejected) decided.push(await rejectOne(candidate, place));
  if (approved.length === 0) return decided;
  const { root, stateDir, config } = place;
  const { git, inspection, close } = await openGit({ root, stateDir, submodules: config.submodules });
  try {
    for (const candidate of approved) {
      const at = Math.floor(systemClock().now() / 1000);
      const { path, text } = candidate;
      const checkout = { root: inspection.root, gitDir: inspection.gitDir, stateDir };
      const commit = await commitFile(checkout, git, {
        path,
        write: () => text,
        message: commitMessage(candidate),
        at,
      });
      await keepCandidate(stateDir, { ...candidate, state: "approved" });
      await note(candidate, "approved", place);
      decided.push({ id: candidate.id, decision: "approved", path, commit });
    }
    return decided;
  } finally {
    await close();
  }
}

/** Each was proven beside what is on now; several at once are proven together. */
async function together(candidates: readonly Candidate[], place: LearnPlace): Promise<readonly Candidate[]> {
  const problems = await problemsTogether(candidates, place);
  if (problems.length === 0) return candidates;
  const hint = "Nothing was written. Approve one of them: the next `millwright learn` tries the others beside it.";
  throw new InputError([...problems, hint]);
}

/** All that wait, or the first of them where they go wrong together; the next look tries the others beside it. */
async function peaceful(candidates: readonly Candidate[], place: LearnPlace): Promise<readonly Candidate[]> {
  const problems = await problemsTogether(candidates, place);
  const first = candidates.find(({ kind }) => kind === "new");
  return problems.length === 0 ? candidates : candidates.filter((one) => one.kind !== "new" || one === first);
}

/**
 * Of several candidates that help the same proposals the first one; the others wait, and the next look tries them beside it.
 */
function withoutDoubles(candidates: readonly Candidate[]): readonly Candidate[] {
  const helped = new Set<string>();
  return candidates.filter(({ kind, evidence }) => {
    const own = evidence.rows.filter(({ effect }) => effect === "helped").map(({ proposal }) => proposal);
    const isDouble = kind === "new" && own.every((proposal) => helped.has(proposal));
    for (const proposal of own) helped.add(proposal);
    return !isDouble;
  });
}

function pick(ids: readonly string[], kept: ReadonlyMap<string, Candidate>): readonly Candidate[] {
  const problems: string[] = [];
  const picked = [...new Set(ids)].flatMap((id) => {
    const candidate = kept.get(id);
    if (candidate !== undefined && isWaiting(candidate)) return [candidate];
    problems.push(`${id}: ${candidate === undefined ? "there is no such candidate" : notOffered(candidate)}.`);
    return [];
  });
  if (problems.length > 0) throw new InputError([...problems, "`millwright learn` lists those that wait."]);
  return picked;
}

function notOffered({ state, standing }: Candidate): string {
  if (state !== "waiting") return `it is ${state} already`;
  if (standing === "breaks") return "it is not offered, because it breaks a proposal that passed";
  if (standing === "unfinished") return "it has not been tried to the end; `millwright learn` goes on";
  return "it is not offered, because it helps no recorded proposal";
}

async function rejectOne(candidate: Candidate, place: LearnPlace): Promise<LearnDecision> {
  const rejected = [...new Set(candidate.cases.map(caseKey))];
  await keepCandidate(place.stateDir, { ...candidate, state: "rejected", rejected });
  await note(candidate, "rejected", place);
  return { id: candidate.id, decision: "rejected", path: candidate.path };
}

/** A person's word is a fact of the newest run: metrics count it. */
async function note(candidate: Candidate, decision: "approved" | "rejected", { store }: LearnPlace): Promise<void> {
  const newest = (await store.runs()).at(-1);
  if (newest === undefined) return;
  const journal = store.open(newest.id);
  const before = (await journal.entries()).filter(({ event }) => event.type === "correction-decided").length;
  const { id, kind } = candidate;
  await journal.append(`decided/${id}/${before + 1}`, { type: "correction-decided", correction: id, kind, decision });
}
