import type { RunOutcome } from "../outcome.ts";
import type { Occasion } from "./connector-config.ts";

/** A run that ended, as far as it is told to others. */
export interface EndedRun {
  readonly run: string;
  readonly title: string;
  readonly repository: string;
  readonly outcome: RunOutcome;
  /** Problems of the incidents that stopped the line while it went on. */
  readonly stopped: readonly string[];
}

const LONGEST = 1_500;

/** What people are told when a run ends, in the order in which it matters. A run that a person stopped tells nobody. */
export function messagesOf(ended: EndedRun): readonly { readonly occasion: Occasion; readonly text: string }[] {
  const { run, outcome, stopped } = ended;
  const lines = stopped.map((problem) => ({
    occasion: "line-stopped" as const,
    text: told(ended, `the line is stopped: ${problem} Next: millwright andon show`),
  }));
  if (outcome.kind === "cancelled") return lines;
  if (outcome.kind === "waiting")
    return [
      ...lines,
      {
        occasion: "waiting",
        text: told(ended, `waits for a person: ${outcome.reason} Next: millwright resume ${run}`),
      },
    ];
  return [...lines, { occasion: "finished", text: told(ended, outcomeText(ended)) }];
}

/** The comment under the issue that a run came from. */
export function issueComment(ended: EndedRun): string {
  return told(ended, outcomeText(ended));
}

function outcomeText({ outcome, run }: EndedRun): string {
  if (outcome.kind === "done") return `is done; the result is on ${outcome.branch}. Report: millwright show ${run}`;
  return `ended ${outcome.kind}: ${outcome.reason} Report: millwright show ${run}`;
}

function told({ repository, run, title }: EndedRun, what: string): string {
  return `${repository}: run ${run} (${title}) ${what}`.replace(/\s+/g, " ").slice(0, LONGEST);
}
