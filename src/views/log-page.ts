import type { JournalEntry } from "../domain/event.ts";
import { timeText } from "../domain/time-text.ts";
import { plainLine } from "./plain.ts";

/** A page of the log: its name, `YYYY-MM-DD-<run>-<task>.md`, and its text. */
export interface LogPage {
  readonly name: string;
  readonly text: string;
}

const MOST_REFUSALS = 5;

/**
 * What a person reads of a task that was aborted because nothing in it moved any more: when, why, what was refused last, and
 * how it goes on. Facts of one run, up to the incident.
 */
export function logPage(entries: readonly JournalEntry[]): LogPage | undefined {
  const last = entries.at(-1);
  if (last?.event.type !== "incident-filed" || last.event.kind !== "no-progress") return undefined;
  const { about: task = "run", problem, incident } = last.event;
  const started = entries.find(({ event }) => event.type === "task-started" && event.task === task)?.event;
  const title = started?.type === "task-started" ? started.title : task;
  const refusals = entries.flatMap(({ at, event }) =>
    (event.type === "gate-refused" || event.type === "proposal-refused") && event.task === task
      ? [
          `- ${timeText(at)} ${plainLine(event.findings[0]?.rule ?? "", 80)}: ${plainLine(event.findings[0]?.message ?? "", 200)}`,
        ]
      : [],
  );
  const text = [
    `# ${plainLine(task)} was aborted: ${plainLine(title, 120)}`,
    `- When: ${timeText(last.at)}\n- Run: ${last.run}\n- Incident: ${incident} (\`millwright andon show ${incident}\`)`,
    `## Why\n${plainLine(problem, 600)}`,
    `## Refused last\n${refusals.slice(-MOST_REFUSALS).join("\n") || "Nothing."}`,
    `## How it goes on\nThe task rests, what needs it waits, and the others go on. It comes back when something that could matter has changed, or with your word:\n\n    millwright resume ${last.run} --retry ${plainLine(task)} "what to do differently"`,
  ].join("\n\n");
  return { name: `${timeText(last.at).slice(0, 10)}-${last.run}-${task}.md`, text: `${text}\n` };
}
