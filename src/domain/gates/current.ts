import type { Gate, TaskState } from "../gate.ts";
import { sight } from "../need.ts";
import { TASK_KINDS } from "../task.ts";
import { awaitsCode, codeMaker } from "../task-state.ts";
import { type Finding, verdictOf } from "../verdict.ts";

/** The work stands on the head of the integration branch; if not, the mill rebases it and every gate judges again. */
export const current: Gate = {
  name: "current",
  kinds: TASK_KINDS,
  needs(state) {
    return [{ see: "head", branch: state.branch, reading: state.reading }];
  },
  judge(state, seen) {
    const head = sight(seen, { see: "head", branch: state.branch, reading: state.reading });
    if (awaitsCode(state)) return verdictOf([noCode(state)]);
    if (head === state.work.base.commit) return verdictOf([]);
    return verdictOf([
      {
        rule: "current/moved",
        answers: "mill",
        message: `${state.branch} has moved to ${head}.`,
        evidence: head ?? "",
      },
    ]);
  },
};

/** No gate of this workflow asked for the code: nothing lands without it all the same. */
function noCode(state: TaskState): Finding {
  return { rule: "current/no-code", answers: codeMaker(state), message: "The task's code is missing." };
}
