import { counted, countText, durationText } from "../../../views/amounts.ts";
import { lanesOf } from "../../../views/lanes.ts";
import { cutLine, plainLine } from "../../../views/plain.ts";
import type { AskingView, LaneName, LaneState, RunView, TaskView } from "../../../views/run-view.ts";
import type { Paint } from "../paint.ts";
import type { LiveTask } from "./live-task.ts";

export interface Frame {
  readonly columns: number;
  readonly rows: number;
  /** Milliseconds since the last fact. */
  readonly since: number;
  readonly live: ReadonlyMap<string, LiveTask>;
  readonly paint: Paint;
}

const NARROW = 60;
const LANE_MARK: Readonly<Record<LaneState, string>> = { passed: "✓", refused: "✗", active: "▸", waiting: "·" };
const TASK_TONE: Readonly<Record<string, LaneState>> = {
  landed: "passed",
  superseded: "passed",
  open: "active",
  waiting: "waiting",
  paused: "waiting",
};

/** The live part of the screen: the run in one line, then its tasks; open ones with all that is known of them. */
export function drawTree(view: RunView, frame: Frame): string {
  const head = headLine(view, frame);
  const blocks = view.tasks.map((task) => ({ task, lines: taskLines(view, task, frame) }));
  const room = Math.max(3, frame.rows - 2);
  const all = [head, ...askingLines(view, frame), ...blocks.flatMap(({ lines }) => lines)];
  if (all.length <= room) return all.join("\n");
  const open = blocks.filter(({ task }) => task.state === "open");
  const rest = counted(blocks.length - open.length, "other task");
  const short = [head, ...open.flatMap(({ lines }) => lines), frame.paint.quiet(cut(`  ${rest}`, frame))];
  return short.slice(0, room).join("\n");
}

function headLine(view: RunView, frame: Frame): string {
  const { landed, tasks, totals } = view;
  const parts = [
    ...(tasks.length > 0 ? [`${landed.length}/${tasks.length} landed`] : ["planning"]),
    durationText(view.activeMilliseconds + frame.since),
    `${countText(totals.tokens.input + totals.tokens.output)} tokens`,
    counted(totals.answers, "answer"),
  ];
  const numbers = parts.join("  ");
  const title = plainLine(view.title, Math.max(8, frame.columns - numbers.length - 3));
  return frame.paint.strong(cut(`${title}  ${numbers}`, frame));
}

function askingLines(view: RunView, frame: Frame): readonly string[] {
  if (!view.asking) return [];
  return [frame.paint.lane("active", cut(`▸ ${conversation(view.asking, undefined)}`, frame))];
}

function taskLines(view: RunView, task: TaskView, frame: Frame): readonly string[] {
  const { paint } = frame;
  const mark = LANE_MARK[toneOf(task)];
  const ending = frame.columns < 30 ? "" : endingOf(task);
  const room = Math.max(8, frame.columns - 3 - ending.length);
  const name = `${paint.lane(toneOf(task), mark)} ${plainLine(`${task.id} ${task.title}`, room)}${paint.quiet(ending)}`;
  if (task.state !== "open") return [name];
  const details = [activity(view, task, frame), tests(task, frame), refusal(task)].filter((line) => line !== "");
  return [name, `  ${laneText(task, frame)}`, ...details.map((line) => cut(`  ${line}`, frame))];
}

function toneOf(task: TaskView): LaneState {
  return TASK_TONE[task.state] ?? "refused";
}

function endingOf(task: TaskView): string {
  if (task.state === "waiting" || task.state === "open") return "";
  return `  ${plainLine(task.state, 12)}  ${durationText(task.activeMilliseconds)}`;
}

/** `RED ✓  GATES ▸  GREEN ·  REVIEW ·` */
function laneText(task: TaskView, { columns, paint }: Frame): string {
  const short = columns < 34;
  const tight = columns < 24 ? "" : " ";
  const gap = columns < NARROW ? tight : "  ";
  const name = (lane: LaneName) => (short ? lane.slice(0, 3) : lane);
  return lanesOf(task)
    .map(({ lane, state }) => paint.lane(state, `${name(lane)}${short ? "" : " "}${LANE_MARK[state]}`))
    .join(gap);
}

function activity(view: RunView, task: TaskView, frame: Frame): string {
  const elapsed = durationText(task.activeMilliseconds + (view.state === "open" ? frame.since : 0));
  const streamed = frame.live.get(task.id)?.tokens ?? 0;
  const spent = `${countText(task.tokens.input + task.tokens.output + streamed)} tokens  ${elapsed}`;
  if (task.asking) return `${conversation(task.asking, task.attemptLimit)}  ${spent}`;
  const doing = frame.live.get(task.id)?.doing ?? (task.last ? conversation(task.last, task.attemptLimit) : "starting");
  return `${plainLine(doing, 80)}  ${spent}`;
}

/** `developer attempt 2 of 6  ollama/qwen` */
function conversation({ role, attempt, model }: AskingView, limit: number | undefined): string {
  return `${plainLine(role, 20)} attempt ${attempt}${limit === undefined || attempt > limit ? "" : ` of ${limit}`}  ${plainLine(model, 40)}`;
}

function tests(task: TaskView, frame: Frame): string {
  const seen = frame.live.get(task.id)?.tests;
  return seen ? `tests: ${seen.passed} passed, ${seen.failed} failed` : "";
}

function refusal(task: TaskView): string {
  const last = task.refusals.at(-1);
  const finding = last?.findings[0];
  if (!last || !finding) return "";
  const where = finding.path ? `${finding.path}${finding.line === undefined ? "" : `:${finding.line}`} ` : "";
  const more = last.findings.length > 1 ? ` (and ${last.findings.length - 1} more)` : "";
  return plainLine(`last refusal: ${last.gate}: ${where}${finding.message}${more}`, 300);
}

/** Nothing wraps: a wrapped line would be left behind when the screen is drawn again. */
function cut(line: string, { columns }: Frame): string {
  return cutLine(line, Math.max(1, columns - 1));
}
