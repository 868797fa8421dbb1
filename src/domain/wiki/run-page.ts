import type { JournalEntry } from "../event.ts";
import { timeText } from "../time-text.ts";
import { fileNameOf, type IndexEntry, type LogEntry, withLogEntry } from "./page-text.ts";
import { reasonText } from "./plain-words.ts";
import { LOG_FOLDER } from "./wiki-paths.ts";

/** A run as its page in the log tells it: the same for a run that was killed in between and one that was not. */
export interface ToldRun {
  readonly run: string;
  readonly title: string;
  /** Seconds since 1970. */
  readonly startedAt: number;
  /** `document`, `ingest`, `lint`, `audit` or `run`. */
  readonly kind: string;
  readonly outcome: string;
  readonly reason: string;
  /** What was read for it, when that is known. */
  readonly body: string;
  readonly entries: readonly JournalEntry[];
}

export interface RunPage extends Pick<IndexEntry, "path" | "title"> {
  readonly text: string;
  readonly entry: LogEntry;
}

/** The page of a run that has ended, and its entry in the log. */
export function runPage(told: ToldRun): RunPage {
  const { run, kind, outcome, body, entries } = told;
  const title = reasonText(told.title, 120);
  const at = told.startedAt * 1000;
  const date = timeText(at).slice(0, 10);
  const name = `${date}-${fileNameOf(title).slice(0, 40).replace(/-+$/, "")}-${run.slice(-4)}`;
  const parts = [
    `# ${title}`,
    `- Run: ${run}\n- Begun: ${timeText(at)}\n- Outcome: ${outcome}${told.reason === "" ? "" : `: ${reasonText(told.reason, 600)}`}`,
    `## Tasks\n\n${tasksText(entries)}`,
    `## Refused\n\n${refusalsText(entries)}`,
    body.trim(),
  ];
  return {
    path: `${LOG_FOLDER}${name}.md`,
    title,
    text: `${parts.filter((part) => part !== "").join("\n\n")}\n`,
    entry: { at, kind, title: `${title}: ${outcome}`, lines: [`- [Report](90_LOG/${name}.md)`] },
  };
}

/** The log with the entries of these pages that it does not have. */
export function withRunEntries(log: string, pages: readonly RunPage[]): string {
  const isThere = ({ path }: RunPage) => log.includes(`](${path.replace(/^wiki\//, "")})`);
  return pages.filter((page) => !isThere(page)).reduce((text, { entry }) => withLogEntry(text, entry), log);
}

function tasksText(entries: readonly JournalEntry[]): string {
  const titles = new Map<string, string>();
  const ended = new Map<string, string>();
  const commits = new Map<string, string>();
  for (const { event } of entries) {
    if (event.type === "task-started") titles.set(event.task, event.title);
    if (event.type === "landed") commits.set(event.task, event.commit);
    if (event.type === "task-ended")
      ended.set(event.task, `${event.outcome}${event.reason === "" ? "" : `: ${reasonText(event.reason, 300)}`}`);
  }
  const lines = [...new Set([...titles.keys(), ...ended.keys()])].map((task) => {
    const commit = commits.get(task);
    const title = reasonText(titles.get(task) ?? "", 120);
    return `- ${task} ${title} — ${ended.get(task) ?? "not ended"}${commit === undefined ? "" : ` (${commit.slice(0, 12)})`}`;
  });
  return lines.join("\n") || "None.";
}

const MOST_REFUSALS = 20;

function refusalsText(entries: readonly JournalEntry[]): string {
  const lines = entries.flatMap(({ event }) => {
    if (event.type === "plan-refused")
      return event.findings.slice(0, 1).map((one) => `- plan ${one.rule}: ${reasonText(one.message, 200)}`);
    if (event.type !== "gate-refused" && event.type !== "proposal-refused") return [];
    const [first] = event.findings;
    if (first === undefined || first.rule.endsWith("/nothing-proposed")) return [];
    return [`- ${event.task} ${first.rule}: ${reasonText(first.message, 200)}`];
  });
  const distinct = [...new Set(lines)];
  const more = distinct.length > MOST_REFUSALS ? [`- and ${distinct.length - MOST_REFUSALS} more`] : [];
  return [...distinct.slice(0, MOST_REFUSALS), ...more].join("\n") || "Nothing.";
}
