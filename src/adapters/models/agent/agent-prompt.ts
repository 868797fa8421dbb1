import type { ModelRequest } from "../../../domain/model-call.ts";

/** What an agent is told: the question as every model gets it, and how an agent answers it. */
export function promptFor(request: ModelRequest): string {
  return [request.system, request.user, request.workspace === undefined ? ANSWER : workNote(request.workspace.scope)]
    .map((part) => part.trim())
    .join("\n\n");
}

export const GO_ON = "You were interrupted. Go on where you stopped, and finish.";

const ANSWER = `# How to answer here
Your last message is the answer: write it exactly in the form that is asked for above, and nothing else. There are no
files here to look at.`;

function workNote(scope: readonly string[]): string {
  return `# How to answer here
You work in a copy of the repository, in the current folder. Make the changes in its files with your tools: what you have changed
when you end is your answer, so write no EDIT or FILE blocks. Only these paths may change:
${scope.map((glob) => `- ${glob}`).join("\n")}
There is no network, and nothing can be installed. Commit nothing. End with a short message: what you did and why. If the
task cannot be done as it is asked, change nothing and end with one line: IMPOSSIBLE: and the reason.`;
}
