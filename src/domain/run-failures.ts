import { StepFailure } from "./step-failure.ts";

/** What a run meets in the world around it, with what a person can do about it. */
export function baseGone(): StepFailure {
  return new StepFailure("The base commit is gone.", { code: "git-failed", remedy: "ask", hint: "Start a new run." });
}

export function noCommit(task: string): StepFailure {
  return new StepFailure(`The repository of ${task} has no commit.`, {
    code: "git-failed",
    remedy: "ask",
    hint: "Make a first commit there.",
  });
}

export function branchGone(branch: string): StepFailure {
  return new StepFailure(`The branch ${branch} is gone.`, {
    code: "git-failed",
    remedy: "ask",
    hint: `Create it again (git branch ${branch} …), then \`millwright resume\`.`,
  });
}

/** A person has stopped the run. */
export function interrupted(): StepFailure {
  return new StepFailure("The run was interrupted.", {
    code: "cancelled",
    remedy: "stop",
    hint: "`millwright resume` goes on from here.",
  });
}

/** `reached`: the ceiling, like `8 model answers in a day`. */
export function budgetSpent(reached: string): StepFailure {
  return new StepFailure(`The budget of ${reached} has no room for the next request.`, {
    code: "budget-spent",
    remedy: "ask",
    hint: "Nothing is lost: `millwright resume --budget tokens=…` (or task.tokens, day.money and so on) goes on with a larger one.",
  });
}

/** A judge whose replies could not be used, the last problem named. */
export function noVerdict(judge: string, problem: string | undefined): StepFailure {
  return new StepFailure(`The ${judge} gave no usable answer: ${problem}`, {
    code: "model-unusable",
    remedy: "ask",
    hint: `Give the ${judge} another model, then \`millwright resume\`.`,
  });
}

/** A bug: what is about to land is not what was judged. */
export function notWhatWasJudged(task: string, judged: string, landed: string | undefined): Error {
  return new Error(`Task ${task}: the tree to land (${landed}) is not the tree that was judged (${judged}).`);
}
