import { lineStopped } from "../domain/line-stopped.ts";
import type { RunOutcome } from "../domain/outcome.ts";
import type { RunInputs } from "../domain/run-inputs.ts";
import { StepFailure } from "../domain/step-failure.ts";
import type { Ports } from "../engine/ports.ts";

/** Moves the branch that the person named to the result, fast-forward only. */
export async function landOn(outcome: RunOutcome, inputs: RunInputs, ports: Ports): Promise<RunOutcome> {
  if (outcome.kind !== "done" || inputs.land === undefined) return outcome;
  const { git } = ports.repository(undefined);
  const [result, target] = [await git.resolve(outcome.branch), await git.resolve(inputs.land)];
  if (!result || target?.commit === result.commit) return outcome;
  const stopped = lineStopped(await ports.line.stopped());
  if (stopped) throw stopped;
  if (await git.advance(inputs.land, target?.commit, result.commit)) return outcome;
  throw new StepFailure(`${inputs.land} cannot be moved to the result: it is not an ancestor of ${outcome.branch}.`, {
    code: "git-failed",
    remedy: "ask",
    hint: `Merge it yourself: git merge ${outcome.branch}`,
  });
}
