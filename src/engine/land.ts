import { taskSubject } from "../domain/approval-texts.ts";
import type { ApprovalWord } from "../domain/approvals.ts";
import { answerersOf, landMessage } from "../domain/land-message.ts";
import type { TaskOutcome } from "../domain/outcome.ts";
import { branchGone, notWhatWasJudged } from "../domain/run-failures.ts";
import { LandResult, RebaseResult } from "../domain/step-shapes.ts";
import { type CommitId, mutableWork, type TreeId, type Work } from "../domain/work.ts";
import { layered } from "./answer.ts";
import { wordOn } from "./approve.ts";
import type { TaskContext } from "./context.ts";
import type { Delivery } from "./delivery.ts";
import { refuseDrift } from "./guard.ts";
import { passLine } from "./line.ts";
import { step } from "./step.ts";

/**
 * Moves the integration branch, fast-forward, to exactly the tree that was judged: a tests commit, then a code commit.
 * Returns undefined when the branch has moved meanwhile: then the gates judge again; or the word of whoever rejects it.
 */
export async function land(
  delivery: Delivery,
  tests: number,
  context: TaskContext,
): Promise<TaskOutcome | { readonly kind: "rejected"; readonly word: ApprovalWord } | undefined> {
  const { state } = delivery;
  const key = `land/${state.task.id}/${state.reading}`;
  const result = await step(context.ports, { key, shape: LandResult }, () => advance(delivery, tests, context));
  if (result.rejected) return { kind: "rejected", word: result.rejected };
  if (!result.moved || result.commit === null) return undefined;
  const paths = [...state.work.tests, ...state.work.code].map((change) => change.path);
  const { commit, tree } = result;
  await context.ports.journal.append(`landed/${state.task.id}`, {
    type: "landed",
    task: state.task.id,
    branch: state.branch,
    commit,
    tree,
    tests,
    paths,
  });
  return { kind: "landed", commit, tree };
}

async function advance(delivery: Delivery, tests: number, context: TaskContext) {
  const { git } = context.repository;
  const { work, branch, task } = delivery.state;
  const commit = await commitLayers(delivery, tests, context);
  const landed = await git.resolve(commit);
  if (landed?.tree !== work.trees.work) throw notWhatWasJudged(task.id, work.trees.work, landed?.tree);
  const before = await git.resolve(branch);
  if (before?.commit === commit) return { commit, tree: work.trees.work, moved: true };
  if (before?.commit !== work.base.commit) return { commit, tree: work.trees.work, moved: false };
  await passLine(context);
  await refuseDrift(delivery, context);
  const patch = await git.patchId(work.base.tree, work.trees.work);
  const word = await wordOn(taskSubject(delivery.state, patch), context);
  if (word.decision === "rejected") return { commit: null, tree: work.trees.work, moved: false, rejected: word };
  const moved = await git.advance(branch, work.base.commit, commit);
  return { commit, tree: work.trees.work, moved };
}

async function commitLayers(delivery: Delivery, tests: number, context: TaskContext): Promise<CommitId> {
  const { git } = context.repository;
  const { work, task } = delivery.state;
  const at = context.startedAt + context.position * 2;
  const about = {
    task,
    run: context.ports.journal.run,
    ...answerersOf(context.workflow, (role) => context.ports.models.identify(role).name),
    tests,
  };
  let head = work.base.commit;
  const halves: readonly { part: "tests" | "code"; tree: TreeId; empty: boolean }[] = [
    { part: "tests", tree: work.trees.red, empty: work.tests.length === 0 },
    { part: "code", tree: work.trees.work, empty: work.code.length === 0 },
  ];
  for (const [index, half] of halves.entries()) {
    if (half.empty) continue;
    head = await git.commit({
      tree: half.tree,
      parents: [head],
      message: landMessage(half.part, about),
      at: at + index + 1,
    });
  }
  return head;
}

/** The mill's own answer to a moved branch: the layers, merged file by file onto its head. What conflicts is proposed anew. */
export async function rebase(delivery: Delivery, context: TaskContext): Promise<Delivery> {
  const { state } = delivery;
  const key = `rebase/${state.task.id}/${state.reading}`;
  const result = await step(context.ports, { key, shape: RebaseResult }, () => moveToHead(delivery, context));
  await context.ports.journal.append(key, {
    type: "rebased",
    task: state.task.id,
    from: state.work.base.commit,
    onto: result.work.base.commit,
  });
  return { ...delivery, rebased: true, state: { ...state, work: result.work, reading: state.reading + 1 } };
}

async function moveToHead(delivery: Delivery, context: TaskContext) {
  const { git } = context.repository;
  const { work, branch } = delivery.state;
  const head = await git.resolve(branch);
  if (!head) throw branchGone(branch);
  const tests = await git.transplant(work.tests, work.base.tree, head.tree);
  const code = await git.transplant(work.code, work.base.tree, head.tree);
  const moved: Work = await layered({ base: head, tests: tests.layer, code: code.layer }, context);
  return { work: mutableWork(moved), conflicts: [...tests.conflicts, ...code.conflicts] };
}
