import type { Cost } from "./cost.ts";
import { plainLine } from "./plain.ts";
import { reportOf } from "./report.ts";
import type { RunView } from "./run-view.ts";

/** GitHub takes 65,536 characters; GitLab more. */
const LONGEST = 60_000;

/** Title and body of a run's pull request. Nobody is called by name in it, and no issue is closed by it. */
export function pullRequestOf(view: RunView, cost: Cost): { readonly title: string; readonly body: string } {
  const report = quiet(reportOf(view, cost));
  const cut =
    report.length > LONGEST ? `${report.slice(0, LONGEST)}\n\n… the rest: \`millwright show ${view.run}\`\n` : report;
  const state = view.state === "done" ? "" : ` (${view.state})`;
  const foot = "Made by Millwright: every commit was judged as it stands here. Read it before you merge it.";
  return { title: plainLine(`${view.title}${state}`, 200), body: `${cut}\n---\n${foot}\n` };
}

/** A name after @ would be told of it, and `#12` or `closes #12` would do something to an issue. */
function quiet(text: string): string {
  const gap = "\u200b";
  return text.replace(/(^|[^\w`])@(?=\w)/g, `$1@${gap}`).replace(/(^|[^\w`&])#(?=\d)/g, `$1#${gap}`);
}
