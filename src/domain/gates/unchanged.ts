import { isCanaryCase } from "../canary.ts";
import type { Gate, TaskState } from "../gate.ts";
import type { Seen } from "../need.ts";
import { idStem, isLeaving, movedId } from "../seen-tests.ts";
import { codeMaker } from "../task-state.ts";
import { type Finding, verdictOf } from "../verdict.ts";
import { green } from "./green.ts";
import { type GreenRuns, greenRuns } from "./green-runs.ts";
import { excuse } from "./suspicion.ts";

/** For refactor and move: the suite passes, and says of the work what it says of the base, test by test. */
export const unchanged: Gate = {
  name: "unchanged",
  kinds: ["refactor", "move"],
  needs: green.needs,
  judge(state, seen, entry) {
    const verdict = green.judge(state, seen, entry);
    if (verdict.kind === "refuse") return verdict;
    const runs = greenRuns(state, seen);
    if (!runs) return verdictOf([finding(state, "The suite has not been run.", "")]);
    if (runs.work.grade === "exit-code") return verdict;
    return verdictOf(differences(state, seen, runs));
  },
};

function differences(state: TaskState, seen: Seen, runs: GreenRuns): readonly Finding[] {
  const excused = excuse(state, seen, runs);
  const after = new Map(
    runs.work.cases.filter((test) => !isCanaryCase(runs.canary, test)).map((test) => [test.id, test.outcome]),
  );
  const stayed = runs.base.cases.filter((test) => !isLeaving(state.task, test));
  const before = new Map(stayed.map((test) => [movedId(state.task, test.id), test.outcome]));
  const stems = new Set([...before.keys()].map(idStem));
  const changed = [...before]
    .filter(([id, outcome]) => outcome === "passed" && after.get(id) !== outcome && excused(id) === undefined)
    .map(([id, outcome]) => `${id}: ${outcome} -> ${after.get(id) ?? "gone"}`);
  const added = [...after.keys()]
    .filter((id) => !before.has(id) && (id === idStem(id) || !stems.has(idStem(id))))
    .map((id) => `${id}: new`);
  const all = [...changed, ...added];
  if (all.length === 0) return [];
  return [
    finding(
      state,
      `A ${state.task.kind} changes no behaviour, but ${all.length} test observation(s) differ from the base.`,
      all.slice(0, 20).join("\n"),
    ),
  ];
}

function finding(state: TaskState, message: string, evidence: string): Finding {
  return { rule: "unchanged/differs", answers: codeMaker(state), message, ...(evidence ? { evidence } : {}) };
}
