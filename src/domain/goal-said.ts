import type { GoalCheck } from "./plan.ts";

/** What an objective check of the goal says, and whether it is met. */
export interface GoalSaid {
  readonly met: boolean;
  readonly text: string;
}

/** Whether the file is there and holds what it must; `text` is undefined when it is not there. */
export function fileSaid(check: Extract<GoalCheck, { file: string }>, text: string | undefined): GoalSaid {
  const met = text !== undefined && (check.contains === undefined || text.includes(check.contains));
  const holds = check.contains === undefined ? "" : ` contains ${JSON.stringify(check.contains)}`;
  return { met, text: `${met ? "met" : "not met"}: file ${check.file}${holds}` };
}

export function commandSaid(
  run: string,
  seen: { readonly exitCode: number | null; readonly output: string },
): GoalSaid {
  if (seen.exitCode === 0) return { met: true, text: `met: \`${run}\` exits 0` };
  return { met: false, text: `not met: \`${run}\` exits ${seen.exitCode}: ${seen.output.slice(-500)}` };
}
