import { commandWord } from "../domain/approval-standing.ts";
import { givenFact, rejection } from "../domain/approval-texts.ts";
import { type ApprovalSubject, ApprovalWord } from "../domain/approvals.ts";
import { lineStopped } from "../domain/line-stopped.ts";
import type { RunInputs } from "../domain/run-inputs.ts";
import { StepFailure } from "../domain/step-failure.ts";
import { wordOn } from "../engine/approve.ts";
import type { RunContext } from "../engine/context.ts";
import type { Finish } from "../engine/run.ts";
import { step } from "../engine/step.ts";

/**
 * Moves the branch that the person named to the result, fast-forward only, once whoever is asked about it has approved. The
 * command that says `--land` is its person's word.
 */
export function landOn(inputs: Pick<RunInputs, "land" | "config">, context: RunContext): Finish {
  const branch = inputs.land ?? inputs.config.land;
  return async (outcome) => {
    if (branch === undefined) return outcome;
    const { ports } = context;
    const { git } = ports.repository(undefined);
    const [result, target] = [await git.resolve(outcome.branch), await git.resolve(branch)];
    if (!result) return outcome;
    const landed = { ...outcome, land: branch };
    if (target?.commit === result.commit) return landed;
    await refuseStopped(context);
    const subject = subjectOf(result, target ?? result);
    const word = await wordOnResult(subject, inputs.land, context);
    if (word.decision === "rejected") return rejectedBy(word);
    const moved = await git.advance(branch, target?.commit, result.commit);
    if (!moved) throw notAnAncestor(branch, outcome.branch);
    return landed;
  };
}

/** @throws StepFailure while the line is stopped */
async function refuseStopped({ ports }: RunContext): Promise<void> {
  const stopped = lineStopped(await ports.line.stopped());
  if (stopped) throw stopped;
}

function subjectOf(result: { commit: string; tree: string }, target: { tree: string }): ApprovalSubject {
  return { stage: "result", digest: result.commit, from: target.tree, to: result.tree };
}

function rejectedBy(word: ApprovalWord) {
  const reason = rejection(word, "person").message;
  return word.end ? ({ kind: "stuck", reason } as const) : ({ kind: "rejected", reason } as const);
}

/** Read once for each result, so that a run that goes on takes the same way again. */
async function wordOnResult(
  subject: ApprovalSubject,
  land: string | undefined,
  context: RunContext,
): Promise<ApprovalWord> {
  const { ports } = context;
  return step(ports, { key: `approval/result/${subject.digest}`, shape: ApprovalWord }, async () => {
    const said = land === undefined ? undefined : commandWord(land, await ports.journal.entries());
    if (said === undefined) return wordOn(subject, context);
    await ports.journal.append(...givenFact(subject, said, 1));
    return said;
  });
}

function notAnAncestor(branch: string, result: string): StepFailure {
  return new StepFailure(`${branch} cannot be moved to the result: it is not an ancestor of ${result}.`, {
    code: "git-failed",
    remedy: "ask",
    hint: `Merge it yourself: git merge ${result}`,
  });
}
