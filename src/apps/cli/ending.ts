import type { JournalEntry } from "../../domain/event.ts";
import type { RunEnd } from "../../mill.ts";
import { counted, countText, durationText } from "../../views/amounts.ts";
import { foldRun } from "../../views/fold-run.ts";
import { plainJson, plainLine } from "../../views/plain.ts";
import { degradedOf } from "../../views/report.ts";
import type { RunView } from "../../views/run-view.ts";
import { exitCodeOf } from "./exit-code.ts";
import { type Paint, paintWith } from "./paint.ts";
import { type Session, say } from "./session.ts";

/** Room for what a person is waited for: cut short, nobody could answer it. */
const LONGEST_QUESTION = 4000;

/** Ends a command that ran something: one object for programs, a summary for people. Answers the exit code. */
export function tellEnd(session: Session, end: RunEnd, entries: readonly JournalEntry[]): number {
  const exit = exitCodeOf(end.outcome, entries);
  if (session.json) say(session, plainJson({ kind: "end", ...end, exit }));
  else say(session, endingText(foldRun(entries), end, paintWith(session.terminal.colors)));
  return exit;
}

/** What landed, what was refused and why, what was not as good as it should be, and what to do next. */
export function endingText(view: RunView, end: RunEnd, paint: Paint): string {
  const { outcome } = end;
  const { totals } = view;
  const room = outcome.kind === "waiting" ? LONGEST_QUESTION : undefined;
  const reason = "reason" in outcome && outcome.reason ? `: ${plainLine(outcome.reason, room)}` : "";
  const numbers = [
    `${view.landed.length} of ${counted(view.tasks.length, "task")} landed`,
    counted(totals.refusals, "refusal"),
    counted(totals.answers, "answer"),
    `${countText(totals.tokens.input + totals.tokens.output)} tokens`,
    durationText(view.activeMilliseconds),
  ];
  return [
    "",
    `${paint.tone(outcome.kind === "done" ? "good" : "bad", paint.strong(outcome.kind))}${reason}`,
    numbers.join(", "),
    ...block("landed", landedLines(view)),
    ...block("refused", refusedLines(view)),
    ...block(
      "know",
      degradedOf(view).map((line) => line.replaceAll("**", "")),
    ),
    ...block("next", [...nextSteps(view, end), ...rulesStep(end)]),
  ].join("\n");
}

function block(title: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => `${(index === 0 ? title : "").padEnd(8)} ${line}`);
}

function landedLines(view: RunView): readonly string[] {
  return view.landed.map(({ task, title, commit, branch, tests }) =>
    plainLine(
      `${commit.slice(0, 10)} ${task} ${title} (${branch}${tests === 0 ? "" : `, ${counted(tests, "test")} passed`})`,
    ),
  );
}

function refusedLines(view: RunView): readonly string[] {
  const ofTasks = view.tasks.flatMap(({ id, refusals }) => refusals.map((refusal) => ({ id, ...refusal })));
  const all = [...view.planRefusals.map((refusal) => ({ id: "plan", ...refusal })), ...ofTasks];
  return all.map(({ id, gate, findings }) => {
    const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : "";
    const who = id === gate ? id : `${id} by ${gate}`;
    return plainLine(`${who}: ${findings[0]?.message ?? ""}${more}`);
  });
}

function rulesStep({ rules = 0 }: RunEnd): readonly string[] {
  return rules === 0 ? [] : [`millwright memory (${counted(rules, "change")} of the learned rules proposed)`];
}

function nextSteps(view: RunView, { run, outcome }: RunEnd): readonly string[] {
  const report = `millwright show ${run}`;
  switch (outcome.kind) {
    case "done":
      // An audit, or a plan alone, makes no branch.
      if (outcome.branch === "") return [report, "millwright plans"];
      if (outcome.land !== undefined) return [`${plainLine(outcome.land)} holds it: millwright diff ${run}`, report];
      return [`git merge ${plainLine(outcome.branch)}`, `millwright diff ${run}`, report];
    case "stuck": {
      const plan = view.plans[0]?.path;
      return [report, ...(plan ? [`edit ${plainLine(plan)}, then: millwright run ${plainLine(plan)}`] : [])];
    }
    default:
      return [...lineSteps(view), ...answerSteps(view, run), `millwright resume ${run}`, report];
  }
}

/** Nothing goes on before these are closed. */
function lineSteps({ stoppedBy }: RunView): readonly string[] {
  return stoppedBy.map((incident) => `millwright andon show ${plainLine(incident)}`);
}

/** How a person answers what a task asks. */
function answerSteps({ tasks }: RunView, run: string): readonly string[] {
  const asking = tasks.filter(({ state, reason }) => state === "waiting" && reason.includes("asks a person"));
  return asking.map(({ id }) => `millwright resume ${run} --retry ${plainLine(id)} "your answer"`);
}
