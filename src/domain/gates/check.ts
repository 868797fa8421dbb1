import type { Gate, TaskState } from "../gate.ts";
import { type Need, type Seen, type Sights, sight } from "../need.ts";
import { codeMaker } from "../task-state.ts";
import { type Answerer, type Finding, verdictOf } from "../verdict.ts";
import { isWikiTask } from "../wiki/wiki-paths.ts";

type CommandNeed = Extract<Need, { see: "command" }>;

/** For docs and config: the declared check fails before and passes after. */
export const check: Gate = {
  name: "check",
  kinds: ["docs", "config"],
  needs(state, seen) {
    const { before, after } = needsOf(state);
    if (!before || !after) return [];
    return isFailure(sight(seen, before)) ? [before, after] : [before];
  },
  judge(state, seen) {
    return verdictOf(findingsOf(state, seen));
  },
};

function findingsOf(state: TaskState, seen: Seen): readonly Finding[] {
  const needs = needsOf(state);
  if (isJudgedByWiki(state)) return [];
  if (!needs.before || !needs.after)
    return [finding("architect", "check/none", "The task declares no check that could tell before from after.")];
  const before = sight(seen, needs.before);
  const run = needs.before.run;
  if (!before) return [finding("architect", "check/not-seen", `The declared check has not been run: ${run}`)];
  if (before.ended !== "exited")
    return [
      finding("architect", "check/no-end", `The declared check ended by ${before.ended} on the base: ${run}`, before),
    ];
  if (before.exitCode === 0)
    return [
      finding(
        "architect",
        "check/passes-before",
        `The declared check passes on the base already, so it proves nothing: ${run}`,
      ),
    ];
  const after = sight(seen, needs.after);
  if (after?.ended === "exited" && after.exitCode === 0) return [];
  const how = after && after.ended !== "exited" ? `ended by ${after.ended}` : "fails";
  return [finding(codeMaker(state), "check/fails", `The declared check ${how}: ${run}`, after)];
}

/** A task that writes nothing but the wiki needs no command where the workflow has the gate for it. */
function isJudgedByWiki({ task, workflow }: TaskState): boolean {
  return task.check === undefined && isWikiTask(task) && workflow.gates.some(({ gate }) => gate === "wiki");
}

function isFailure(result: Sights["command"] | undefined): boolean {
  return result !== undefined && result.ended === "exited" && result.exitCode !== 0;
}

function needsOf(state: TaskState): { before?: CommandNeed; after?: CommandNeed } {
  const run = state.task.check;
  if (run === undefined || run.trim() === "") return {};
  return {
    before: { see: "command", tree: state.work.base.tree, run },
    after: { see: "command", tree: state.work.trees.work, run },
  };
}

function finding(answers: Answerer, rule: string, message: string, seen?: Sights["command"]): Finding {
  return { rule, answers, message, ...(seen ? { evidence: seen.output.slice(-1500) } : {}) };
}
