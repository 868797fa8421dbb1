import type { Event } from "./event.ts";

/** Tasks that are told; the others are further back. */
const MOST = 6;

/** The tasks of a run that have ended, one line each, the newest last, with the rules that refused them on the way. */
export function recentResults(events: readonly Event[]): readonly string[] {
  const titles = new Map<string, string>();
  for (const event of events) if (event.type === "task-started") titles.set(event.task, event.title);
  const ended = events.filter((event) => event.type === "task-ended").slice(-MOST);
  return ended.map((event) => lineOf(event, titles.get(event.task) ?? "", refusedRules(event.task, events)));
}

/** Rules that refused a task, each once. */
function refusedRules(task: string, events: readonly Event[]): readonly string[] {
  const refused = events.flatMap((event) =>
    (event.type === "gate-refused" || event.type === "proposal-refused") && event.task === task ? event.findings : [],
  );
  return [...new Set(refused.map((finding) => finding.rule))].filter((rule) => !EXPECTED.test(rule));
}

/** Refusals that only say whose turn it is. */
const EXPECTED = /\/(?:nothing-yet|not-yet|no-tests-yet|nothing-proposed|no-code)$/;

function lineOf(
  { task, outcome, reason }: Extract<Event, { type: "task-ended" }>,
  title: string,
  rules: readonly string[],
): string {
  const why = outcome === "landed" || reason === "" ? "" : `: ${reason.slice(0, 160)}`;
  const onTheWay = rules.length === 0 ? "" : ` (refused on the way: ${rules.slice(0, 4).join(", ")})`;
  return `- ${task} ${outcome}, ${title}${why}${onTheWay}`;
}
