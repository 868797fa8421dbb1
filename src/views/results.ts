import type { Event, JournalEntry } from "../domain/event.ts";
import { classOfRefusal, type Failed } from "../domain/failure-class.ts";
import { isExpected, leading } from "../domain/leading-finding.ts";
import { signatureOf } from "../domain/signature.ts";
import { isFailed, type ResultRow } from "./result-row.ts";

/** The attempts of one run, folded from its facts. */
export interface RunResults {
  readonly rows: readonly ResultRow[];
  readonly loops: Readonly<Record<string, Loop>>;
  /** Milliseconds in which the run was at work. */
  readonly active: number;
  readonly lastAt: number | undefined;
  /** Corrections that are switched on since the run began or went on. */
  readonly corrections: number;
}

/** Where a task stands between two attempts. */
interface Loop {
  /** Place in `rows` of the attempt that is being judged. */
  readonly current: number | undefined;
  /** Place of each role's newest attempt. */
  readonly newest: Readonly<Record<string, number>>;
  /** The run's active milliseconds when the newest question was asked. */
  readonly asked: number;
  /** The last gate that passed. */
  readonly gate: string;
}

const NO_LOOP: Loop = { current: undefined, newest: {}, asked: 0, gate: "" };

export const NO_RESULTS: RunResults = { rows: [], loops: {}, active: 0, lastAt: undefined, corrections: 0 };

const MAKERS = ["tester", "developer", "documenter"];

type TaskEvent = Extract<Event, { task: string }>;
type OfType<Type extends Event["type"]> = Extract<Event, { type: Type }>;

/** The attempts of a run as its facts tell them: the same facts, the same rows. Facts of one run, in the order of writing. */
export function foldResults(entries: readonly JournalEntry[]): RunResults {
  return entries.reduce(foldResult, NO_RESULTS);
}

/** The attempts after one more fact; `rows` is the same array while no attempt has changed. */
export function foldResult(results: RunResults, entry: JournalEntry): RunResults {
  const { event, at } = entry;
  // A clock that jumped back costs no time; a pause before a resume is nobody's work.
  const passed = event.type === "run-resumed" ? 0 : Math.max(0, at - (results.lastAt ?? at));
  const timed = { ...results, active: results.active + passed, lastAt: at };
  switch (event.type) {
    case "run-started":
    case "run-resumed":
      return { ...timed, corrections: event.corrections?.length ?? 0 };
    case "plan-refused":
      return refuse(timed, "plan", timed.loops.plan?.newest.architect, { gate: "plan", findings: event.findings });
    case "plan-accepted":
      return settle(timed, "plan", "plan");
    case "run-ended":
      return event.outcome === "done" ? settle(timed, "plan", "plan") : timed;
    default:
      return "task" in event ? ofTask(timed, entry, event) : timed;
  }
}

function ofTask(results: RunResults, entry: JournalEntry, event: TaskEvent): RunResults {
  const { task } = event;
  const loop = results.loops[task] ?? NO_LOOP;
  switch (event.type) {
    case "asked":
    case "asked-again":
      return isAttempt(event) ? questioned(results, task, loop) : results;
    case "answered":
      return isAttempt(event) ? begun(results, entry, event) : judged(results, loop, event);
    case "proposal-refused":
      return refuse(results, task, loop.newest[event.role], { gate: "door", findings: event.findings });
    case "impossible":
      return change(results, task, loop.current, { verdict: "impossible" });
    case "gate-passed":
      return withLoop(results, task, { ...loop, gate: event.gate });
    case "gate-refused":
      return refused(results, loop, event);
    case "escalated":
    case "orchestrated":
      return isDeadlock(event.reason) ? deadlocked(results, task) : results;
    case "tests-begun-anew":
      return doubted(results, loop, event);
    case "landed":
      return settle(results, task, loop.gate);
    case "task-ended":
      return ended(results, loop, event);
    default:
      return results;
  }
}

/** Answers of makers are attempts; so are the architect's plans. */
function isAttempt({ task, role }: { readonly task: string; readonly role: string }): boolean {
  return MAKERS.includes(role) || (task === "plan" && role === "architect");
}

/** Whoever is asked after the last gate let the work pass is offered to tidy it: what stands has passed. */
function questioned(results: RunResults, task: string, loop: Loop): RunResults {
  const settled = loop.gate === LAST_GATE ? settle(results, task, loop.gate) : results;
  return withLoop(settled, task, { ...loop, asked: results.active });
}

const LAST_GATE = "current";

function begun(results: RunResults, { at, run }: JournalEntry, event: OfType<"answered">): RunResults {
  const { task, role, attempt, model } = event;
  const loop = results.loops[task] ?? NO_LOOP;
  const place = results.rows.length;
  const row: ResultRow = {
    at,
    run,
    task,
    role,
    attempt,
    model,
    gate: "",
    verdict: "open",
    type: undefined,
    category: undefined,
    confidence: undefined,
    signature: undefined,
    corrections: results.corrections,
    tokens: tokensOf(event),
    seconds: secondsOf(results, loop),
  };
  const newest = { ...loop.newest, [role]: place };
  return withLoop({ ...results, rows: [...results.rows, row] }, task, { ...loop, newest, current: place, gate: "" });
}

/** What a judge's answer cost belongs to the attempt that it judged. */
function judged(results: RunResults, loop: Loop, event: OfType<"answered">): RunResults {
  const row = rowAt(results, loop.current);
  if (row === undefined || (event.role !== "reviewer" && event.role !== "checker")) return results;
  return change(results, event.task, loop.current, { tokens: row.tokens + tokensOf(event) });
}

/** A gate's "no": held against whoever has to answer it, when it has answered before and nobody else has changed anything since. */
function refused(results: RunResults, loop: Loop, event: OfType<"gate-refused">): RunResults {
  const { task } = event;
  const failed: Failed = event;
  const answers = leading(failed)?.answers;
  const current = rowAt(results, loop.current);
  if (answers === "mill" || current === undefined) return results;
  if (isExpected(failed)) return settle(results, task, loop.gate);
  if (!MAKERS.includes(answers ?? "") || answers === current.role) return refuse(results, task, loop.current, failed);
  const passed = settle(results, task, loop.gate);
  const place = answers === "tester" ? loop.newest.tester : undefined;
  return rowAt(passed, place)?.verdict === "pass" ? refuse(passed, task, place, failed) : passed;
}

function refuse(results: RunResults, task: string, place: number | undefined, failed: Failed): RunResults {
  const row = rowAt(results, place);
  if (row === undefined || row.verdict === "refuse" || row.verdict === "deadlock") return results;
  const { type, category, confidence } = classOfRefusal(failed);
  const { gate } = failed;
  return change(results, task, place, {
    verdict: "refuse",
    gate,
    type,
    category,
    confidence,
    signature: signatureOf(failed),
  });
}

/** Nothing is held against what is open in this task. */
function settle(results: RunResults, task: string, gate: string): RunResults {
  const place = results.loops[task]?.current;
  return rowAt(results, place)?.verdict === "open" ? change(results, task, place, { verdict: "pass", gate }) : results;
}

/** The rules say `deadlock` in the reason of what they do next; the attempt that it is about is the one refused last. */
function isDeadlock(reason: string): boolean {
  return reason.startsWith("deadlock:");
}

function deadlocked(results: RunResults, task: string): RunResults {
  const place = results.rows.findLastIndex((row) => row.task === task && isFailed(row));
  if (rowAt(results, place)?.verdict !== "refuse") return results;
  return replaced(results, place, { verdict: "deadlock", type: "deadlock" });
}

/** Tests that begin anew are held against the answer that wrote them, though nothing was when it was given. */
function doubted(
  results: RunResults,
  { newest }: Loop,
  { task, role, findings }: OfType<"tests-begun-anew">,
): RunResults {
  return refuse(results, task, newest[role], { gate: "green", findings });
}

function ended(results: RunResults, loop: Loop, { task, outcome, reason }: OfType<"task-ended">): RunResults {
  if (outcome === "superseded")
    return change(results, task, loop.current, { verdict: "superseded", ...NOT_REFUSED, gate: loop.gate });
  return outcome === "stuck" && isDeadlock(reason) ? deadlocked(results, task) : results;
}

const NOT_REFUSED = { type: undefined, category: undefined, confidence: undefined, signature: undefined };

/** The attempt with its new verdict, and the time that it took up to here. */
function change(results: RunResults, task: string, place: number | undefined, to: Partial<ResultRow>): RunResults {
  const loop = results.loops[task] ?? NO_LOOP;
  if (place === undefined) return results;
  return replaced(results, place, place === loop.current ? { ...to, seconds: secondsOf(results, loop) } : to);
}

function replaced(results: RunResults, place: number, to: Partial<ResultRow>): RunResults {
  return { ...results, rows: results.rows.map((row, index) => (index === place ? { ...row, ...to } : row)) };
}

function withLoop(results: RunResults, task: string, loop: Loop): RunResults {
  return { ...results, loops: { ...results.loops, [task]: loop } };
}

function rowAt({ rows }: RunResults, place: number | undefined): ResultRow | undefined {
  return place === undefined ? undefined : rows[place];
}

function tokensOf({ usage }: OfType<"answered">): number {
  return usage.input + usage.output;
}

/** To a tenth. */
function secondsOf(results: RunResults, loop: Loop): number {
  return Math.round((results.active - loop.asked) / 100) / 10;
}
