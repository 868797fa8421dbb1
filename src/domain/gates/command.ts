import type { Gate } from "../gate.ts";
import { type Sights, sight } from "../need.ts";
import { TASK_KINDS } from "../task.ts";
import { awaitsCode, codeMaker } from "../task-state.ts";
import { pass, verdictOf } from "../verdict.ts";

/** Any executable of the workflow file: exit 0 passes, else its output is the finding. */
export const command: Gate = {
  name: "command",
  kinds: TASK_KINDS,
  needs(state, _seen, entry) {
    return entry.run === undefined || awaitsCode(state)
      ? []
      : [{ see: "command", tree: state.work.trees.work, run: entry.run }];
  },
  judge(state, seen, entry) {
    if (entry.run === undefined || awaitsCode(state)) return pass();
    const result = sight(seen, { see: "command", tree: state.work.trees.work, run: entry.run });
    if (result?.ended === "exited" && result.exitCode === 0) return pass();
    return verdictOf([
      {
        rule: `command/${entry.name ?? "command"}`,
        answers: entry.answers ?? codeMaker(state),
        message: `${entry.name ?? entry.run} ${endingOf(result)}.`,
        evidence: (result?.output ?? "").slice(-2000),
      },
    ]);
  },
};

function endingOf(result: Sights["command"] | undefined): string {
  if (result === undefined) return "was not run";
  return result.ended === "exited" ? `exits with ${result.exitCode}` : `ended by ${result.ended}`;
}
