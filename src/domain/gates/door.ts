import { layerOf, pathFindings } from "../admission.ts";
import type { Gate, TaskState } from "../gate.ts";
import { type Need, type Seen, sight } from "../need.ts";
import { kindOfPath } from "../paths.ts";
import { browserChecks, TASK_KINDS } from "../task.ts";
import { codeMaker, isRedFirst, testMaker } from "../task-state.ts";
import { type Answerer, type Finding, verdictOf } from "../verdict.ts";
import type { TreeChange } from "../work.ts";
import { movedCaseFindings, writtenCaseFindings } from "../written-cases.ts";

/** The proposal's door again, on the tree itself: what changed is what may change, in the right layer, and is a plain file. */
export const door: Gate = {
  name: "door",
  kinds: TASK_KINDS,
  needs(state, seen) {
    const changes = sight(seen, changesNeed(state));
    return changes ? [changesNeed(state), ...casesNeeds(state, changes)] : [changesNeed(state)];
  },
  judge(state, seen) {
    if (nobodyLooks(state)) return verdictOf([unseenCriteria(state)]);
    const changes = sight(seen, changesNeed(state));
    if (!changes) return verdictOf([finding(codeMaker(state), "door/not-seen", "Nobody has looked at the changes.")]);
    if (changes.length === 0) return verdictOf(isRedFirst(state) ? [] : [nothingProposed(state)]);
    return verdictOf([
      ...changes.flatMap((change) => changeFindings(state, change)),
      ...testFileChanges(state, changes).flatMap((change) => caseFindings(state, seen, change)),
      ...moveFindings(state, seen, changes),
      ...emptyHalf(state),
    ]);
  },
};

/** The task has criteria that are seen in a browser, and the workflow no gate that looks. */
function nobodyLooks({ task, workflow }: TaskState): boolean {
  return browserChecks(task).length > 0 && workflow.gates.every(({ gate }) => gate !== "browser");
}

function unseenCriteria({ task, workflow }: TaskState): Finding {
  const ids = browserChecks(task).map(({ id }) => id);
  const message = `${ids.join(", ")} of ${task.id} are to be seen in a browser, but the workflow ${workflow.name} has no gate \`browser\`: nothing would prove them. Add \`- gate: browser\` after \`green\`.`;
  return finding("person", "door/no-browser-gate", message);
}

function changesNeed(state: TaskState): Extract<Need, { see: "changes" }> {
  return { see: "changes", from: state.work.base.tree, to: state.work.trees.work };
}

function casesNeed(tree: string, path: string): Extract<Need, { see: "cases" }> {
  return { see: "cases", tree, path };
}

function casesNeeds(state: TaskState, changes: readonly TreeChange[]): readonly Need[] {
  const { base, trees } = state.work;
  const changed = testFileChanges(state, changes).flatMap((change) => [
    ...(change.before === null ? [] : [casesNeed(base.tree, change.path)]),
    casesNeed(trees.work, change.path),
  ]);
  const moved = testMoves(state).flatMap((move) => [casesNeed(base.tree, move.from), casesNeed(trees.work, move.to)]);
  return [...changed, ...moved];
}

function testFileChanges(state: TaskState, changes: readonly TreeChange[]): readonly TreeChange[] {
  const leaving = new Set(state.task.moves.map((move) => move.from));
  return changes.filter(
    (change) => change.blob !== null && !leaving.has(change.path) && kindOfPath(change.path, state.profile) === "test",
  );
}

function testMoves(state: TaskState) {
  return state.task.moves.filter((move) => kindOfPath(move.from, state.profile) === "test");
}

function changeFindings(state: TaskState, change: TreeChange): readonly Finding[] {
  const layer = layerOf(state, change.path);
  const answers = layer === "tests" ? testMaker(state) : codeMaker(state);
  if (change.mode === "120000" || change.mode === "160000") {
    const message = `${change.path} would become a symbolic link or a submodule.`;
    return [{ ...finding(answers, "door/not-a-file", message), path: change.path }];
  }
  const maker = { role: answers, writes: [layer] } as const;
  return pathFindings(state, maker, {
    path: change.path,
    deletes: change.blob === null,
    exists: change.before !== null,
  });
}

/** Cases that stood stay as they are, and new ones are neither focused nor skipped. */
function caseFindings(state: TaskState, seen: Seen, change: TreeChange): readonly Finding[] {
  const { base, trees } = state.work;
  const before = change.before === null ? undefined : sight(seen, casesNeed(base.tree, change.path));
  const after = sight(seen, casesNeed(trees.work, change.path));
  return after ? writtenCaseFindings({ path: change.path, answers: testMaker(state), before, after }) : [];
}

/** A declared move has been made, and every test of the old file stands, word for word, in the new one. */
function moveFindings(state: TaskState, seen: Seen, changes: readonly TreeChange[]): readonly Finding[] {
  const gone = new Set(changes.filter((change) => change.blob === null).map((change) => change.path));
  const there = new Set(changes.filter((change) => change.blob !== null).map((change) => change.path));
  return state.task.moves.flatMap((move) => {
    const isTest = kindOfPath(move.from, state.profile) === "test";
    const answers = isTest ? testMaker(state) : codeMaker(state);
    if (!gone.has(move.from) || !there.has(move.to)) {
      const message = `The declared move of ${move.from} to ${move.to} has not been made: delete the one and write the other.`;
      return [{ ...finding(answers, "door/move-not-made", message), path: move.to }];
    }
    const before = isTest ? sight(seen, casesNeed(state.work.base.tree, move.from)) : undefined;
    const after = sight(seen, casesNeed(state.work.trees.work, move.to));
    return before && after ? movedCaseFindings({ path: move.to, answers, before, after }) : [];
  });
}

function nothingProposed(state: TaskState): Finding {
  const isOnlyTests = state.task.files.length === 0 && state.task.tests.length > 0;
  const answers = isOnlyTests ? testMaker(state) : codeMaker(state);
  return finding(answers, "door/nothing-proposed", "Nothing has been proposed yet.");
}

/** A task without red (one maker writes both, or the kind has none) still needs code. */
function emptyHalf(state: TaskState): readonly Finding[] {
  const needsCode = state.task.kind !== "test" && !isRedFirst(state);
  if (!needsCode || state.work.code.length > 0 || state.task.files.length === 0) return [];
  const message = "Only tests have been proposed; the task's code is missing.";
  return [finding(codeMaker(state), "door/no-code", message)];
}

function finding(answers: Answerer, rule: string, message: string): Finding {
  return { rule, answers, message };
}
