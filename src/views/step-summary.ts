import type { Cost } from "./cost.ts";
import { plainLine } from "./plain.ts";
import { reportOf } from "./report.ts";
import type { RunView } from "./run-view.ts";

/** One loop of a pass on a build server. */
export interface PassedLoop {
  readonly loop: string;
  readonly kind: string;
  readonly reason: string;
  /** What it ran, if it ran something. */
  readonly view?: RunView | undefined;
  readonly cost?: Cost | undefined;
}

/** GitHub takes a megabyte for a step. */
const LONGEST = 900_000;

/** What `$GITHUB_STEP_SUMMARY` is given: a table of the loops, then the report of each run. */
export function stepSummaryOf(loops: readonly PassedLoop[]): string {
  const cell = (text: string) => plainLine(text, 200).replaceAll("|", "\\|").replaceAll("<", "&lt;");
  const rows = loops.map(({ loop, kind, reason }) => `| ${loop} | ${kind} | ${cell(reason)} |`);
  const reports = loops.flatMap(({ loop, view, cost }) =>
    view === undefined ? [] : [`<details><summary>${loop}</summary>\n\n${reportOf(view, cost)}\n</details>`],
  );
  const text = ["## Millwright", "", "| loop | ended | why |", "|---|---|---|", ...rows, "", ...reports].join("\n");
  return `${text.slice(0, LONGEST)}\n`;
}
