import type { OpenIncident } from "./incident.ts";
import { StepFailure } from "./step-failure.ts";

/** Why nothing may land, start or be published here, or undefined when no incident stops the line. */
export function lineStopped(open: readonly OpenIncident[]): StepFailure | undefined {
  const [first] = open;
  if (first === undefined) return undefined;
  const more = open.length === 1 ? "" : ` and ${open.length - 1} more`;
  return new StepFailure(`The line is stopped by ${first.id}${more} (${first.kind}).`, {
    code: "line-stopped",
    remedy: "ask",
    hint: `\`millwright andon show ${first.id}\` says what to do; once it is closed, \`millwright resume\` goes on. ${first.problem}`,
  });
}
