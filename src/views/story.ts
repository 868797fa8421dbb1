import { subjectName } from "../domain/approval-texts.ts";
import type { Event, JournalEntry } from "../domain/event.ts";
import { counted } from "./amounts.ts";
import { foldEntry } from "./fold-run.ts";
import { anewText, isCall, turnText } from "./fold-task.ts";
import { plainLine } from "./plain.ts";
import { researchLines } from "./research-lines.ts";
import { EMPTY_RUN, type FindingView, type RunView, type TaskView } from "./run-view.ts";

/** How a line of the story is meant. */
export type Tone = "good" | "bad" | "note" | "quiet";

export interface StoryLine {
  readonly tone: Tone;
  readonly text: string;
}

const WIDTH = 160;

function line(tone: Tone, text: string): StoryLine {
  return { tone, text: plainLine(text, WIDTH) };
}

/** A line that belongs to the one above. */
function detail(tone: Tone, text: string): StoryLine {
  return { tone, text: `  ${plainLine(text, WIDTH)}` };
}

/**
 * The run as lines without times. A run that was killed and resumed tells the same story as one that was not: the
 * interruption, and what was asked again because of it, are left out.
 */
export function storyOf(entries: readonly JournalEntry[]): readonly string[] {
  const lastResume = entries.findLastIndex(({ event }) => event.type === "run-resumed");
  const lines: string[] = [];
  const notices = new Set<string>();
  let view = EMPTY_RUN;
  for (const [index, entry] of entries.entries()) {
    const told = isInterruption(entry.event, index < lastResume) ? [] : linesOf(entry.event, view);
    for (const { tone, text } of told) {
      const isRepeated = notices.has(text);
      if (text.startsWith("notice: ")) notices.add(text);
      if (tone !== "quiet" && !isRepeated) lines.push(text);
    }
    view = foldEntry(view, entry);
  }
  return lines;
}

/** An ending before a resume was none. */
function isInterruption(event: Event, beforeResume: boolean): boolean {
  if (event.type === "run-resumed") return true;
  if (event.type === "step-failed") return event.code === "cancelled";
  return beforeResume && event.type === "run-ended" && event.outcome === "cancelled";
}

/**
 * What a fact is told as, after all that `before` shows; none for the bookkeeping of steps. Quiet lines are for those who
 * watch.
 */
export function linesOf(event: Event, before: RunView): readonly StoryLine[] {
  return tellRun(event) ?? researchLines(event) ?? tellTask(event, before) ?? [];
}

function tellRun(event: Event): readonly StoryLine[] | undefined {
  switch (event.type) {
    case "run-started":
      return [line("note", `run: ${event.title} (${event.workflow}, from ${event.base.commit.slice(0, 10)})`)];
    case "run-resumed":
      return [line("quiet", "resumed")];
    case "notice":
      return [line("note", `notice: ${event.message}`)];
    case "step-failed": {
      const tone = ["cancelled", "approval-needed"].includes(event.code) ? "quiet" : "bad";
      return [line(tone, `could not: ${event.step}: ${event.message} (${event.hint})`)];
    }
    case "incident-opened":
      return [line("bad", `an incident stops the line (${event.kind}, ${event.at}): ${event.problem}`)];
    case "incident-filed":
      return [line("note", `an incident is filed (${event.kind}, ${event.at}): ${event.problem}`)];
    case "incident-closed":
      return [
        line(
          "good",
          `the incident (${event.kind}) is closed${event.approvedBy ? `, approved by ${event.approvedBy}` : ""}`,
        ),
      ];
    case "spec-approved":
      return [line("note", `${event.path} has changed; ${event.by} lets the run go on with the one it began with`)];
    case "approval-asked":
    case "approval-given":
    case "gates-changed":
      return [approvalLine(event)];
    case "plan-refused":
      return refusal(`plan refused, attempt ${event.attempt}`, event.findings);
    case "plan-accepted":
      return [line("good", `plan ${event.plan}: ${counted(event.tasks.length, "task")}, ${event.path}`)];
    case "goal-judged":
      return [
        line(event.decision === "MET" ? "good" : "bad", `goal: ${event.decision}, round ${event.round}`),
        ...event.evidence.map((text) => detail("note", text)),
      ];
    case "run-ended":
      return [line(event.outcome === "done" ? "good" : "bad", ending("run", event))];
    default:
      return undefined;
  }
}

function tellTask(event: Event, before: RunView): readonly StoryLine[] | undefined {
  if (!("task" in event)) return undefined;
  const task = before.tasks.find(({ id }) => id === event.task);
  const lines = tellWork(event) ?? tellJudgement(event, task) ?? [];
  return lines.map(({ tone, text }) => ({ tone, text: `${plainLine(event.task, 80)}: ${text}` }));
}

function tellWork(event: Event): readonly StoryLine[] | undefined {
  switch (event.type) {
    case "task-started":
      return [line("note", `${event.title} (${event.kind})`)];
    case "asked":
      return [
        line("quiet", `asks the ${event.role}, attempt ${event.attempt}, ${event.model}`),
        ...droppedLines(event.dropped ?? []),
        ...memoryLines(event.memory ?? []),
      ];
    case "asked-again":
      return [line("quiet", `asks the ${event.role} again, attempt ${event.attempt}, ${event.model}`)];
    case "tool-called":
      return [
        line(event.ended === "answered" ? "note" : "bad", `${event.role} had ${event.tool} called: ${event.ended}`),
      ];
    case "answered":
      return [line("note", answerText(event))];
    case "corrected":
      return correctedLines(event);
    case "correction-suspended":
      return [line("bad", `the correction ${event.correction} is left out for the rest of the task: ${event.reason}`)];
    case "proposal-admitted":
      return [line("note", `${event.role} attempt ${event.attempt} admitted: ${event.paths.join(", ")}`)];
    case "self-assessed":
      return [line("quiet", `${event.role} says: ${event.answers.map(({ id, said }) => `${id} ${said}`).join(", ")}`)];
    case "impossible":
      return [line("bad", `${event.role} says impossible: ${event.reason}`)];
    case "escalated":
    case "orchestrated":
      return [line("note", turnText(event))];
    case "tests-begun-anew":
      return [line("note", anewText(event))];
    case "task-reopened":
      return [line("note", `comes back: ${event.reason}`)];
    case "rebased":
      return [line("note", `rebased from ${event.from.slice(0, 10)} onto ${event.onto.slice(0, 10)}`)];
    case "landed":
      return [line("good", `landed ${event.commit.slice(0, 10)} on ${event.branch}${testsOf(event.tests)}`)];
    case "task-ended":
      return [line(event.outcome === "landed" ? "good" : "bad", ending("task", event))];
    default:
      return undefined;
  }
}

function approvalLine(
  event: Extract<Event, { type: "approval-asked" | "approval-given" | "gates-changed" }>,
): StoryLine {
  if (event.type === "gates-changed") {
    const gates = Object.entries(event.gates).map(([stage, gate]) => `${stage}: ${gate}`);
    return line("note", `${event.by} changes whose word is wanted: ${gates.join(", ")}`);
  }
  const what = subjectName(event);
  if (event.type === "approval-asked")
    return line("note", `${what} waits for ${event.gate === "human" ? "a person" : "the approver"}`);
  const why = event.note === "" ? "" : `: ${event.note}`;
  return line(event.decision === "approved" ? "good" : "bad", `${what} is ${event.decision} by ${event.by}${why}`);
}

/** What corrections did to a proposal, file by file, and what they could not do. */
function correctedLines({ corrections, notes = [] }: Extract<Event, { type: "corrected" }>): readonly StoryLine[] {
  const done = corrections.map(({ id, path, times }) => `${id} in ${path}${times > 1 ? ` (${times} times)` : ""}`);
  const told = done.length === 0 ? [] : [line("note", `corrected: ${done.join(", ")}`)];
  return [...told, ...notes.map((note) => line("bad", note))];
}

/** What a question does without so that it fits its model's context. */
function droppedLines(dropped: readonly string[]): readonly StoryLine[] {
  if (dropped.length === 0) return [];
  const more = dropped.length > 5 ? ` and ${dropped.length - 5} more` : "";
  return [line("note", `the question is cut to fit: ${dropped.slice(0, 5).join(", ")}${more}`)];
}

/** What of the mill's memory stands in the question. */
function memoryLines(memory: readonly string[]): readonly StoryLine[] {
  return memory.length === 0 ? [] : [line("quiet", `told from memory: ${memory.join("; ")}`)];
}

function tellJudgement(event: Event, task: TaskView | undefined): readonly StoryLine[] | undefined {
  switch (event.type) {
    case "gate-passed":
      return [line("good", `${event.gate} passed`), ...event.notes.map((note) => detail("note", note))];
    case "gate-refused":
      return isCall(task, event.findings) ? [callOf(event)] : refusal(`${event.gate} refused`, event.findings);
    case "proposal-refused":
      return refusal(`door refused ${event.role} attempt ${event.attempt}`, event.findings);
    case "reviewed":
      return [
        line(
          event.decision === "APPROVE" ? "good" : "bad",
          `review by ${event.judge}: ${event.decision}, ${event.score}`,
        ),
        ...event.reasons.map((reason) => detail("note", reason)),
      ];
    default:
      return undefined;
  }
}

/** A gate that calls a maker for the first time. */
function callOf({ gate, findings }: Extract<Event, { type: "gate-refused" }>): StoryLine {
  const who = [...new Set(findings.map(({ answers }) => answers))].join(" and ");
  return line("note", `${gate} calls the ${who}: ${findings[0]?.message ?? ""}`);
}

function answerText({ role, attempt, model, drifted }: Extract<Event, { type: "answered" }>): string {
  return `${role} answered, attempt ${attempt}, ${model}${drifted ? " (recorded for another request)" : ""}`;
}

function refusal(head: string, findings: readonly FindingView[]): readonly StoryLine[] {
  const lines = findings.map((finding) => detail("bad", findingText(finding)));
  return [line("bad", head), ...lines];
}

function ending(what: string, { outcome, reason }: { readonly outcome: string; readonly reason: string }): string {
  return `${what} ${outcome}${reason ? `: ${reason}` : ""}`;
}

/** `red/passes-on-base test/price.test.ts:14 The test passes …` */
export function findingText({ rule, path, line, message }: FindingView): string {
  const where = path === undefined ? "" : ` ${path}${line === undefined ? "" : `:${line}`}`;
  return `${rule}${where} ${message}`;
}

function testsOf(tests: number): string {
  return tests === 0 ? "" : `, ${counted(tests, "test")} passed`;
}
