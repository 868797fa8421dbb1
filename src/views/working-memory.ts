import { plainJson } from "./plain.ts";
import { isFailed, type ResultRow } from "./result-row.ts";
import type { AskingView, FindingView, GateState, RunView, TaskView } from "./run-view.ts";

/** What the mill has in mind while it works: the loops that are open now, and nothing of those that have ended. */
export interface WorkingMemory {
  readonly run: string;
  readonly title: string;
  /** `open`, or how the run ended. */
  readonly state: string;
  readonly loops: readonly LoopMemory[];
}

/** One task that is being worked on, or `plan`. */
export interface LoopMemory {
  readonly task: string;
  readonly title: string;
  /** Answers so far, by role. */
  readonly attempts: Readonly<Record<string, number>>;
  readonly asking: AskingView | null;
  readonly gates: readonly { readonly gate: string; readonly state: GateState }[];
  /** What has to be answered; null while nothing stands against the newest answer. */
  readonly refusal: OpenRefusal | null;
  /** The newest attempts of this task, oldest first, at most five. */
  readonly results: readonly ResultRow[];
}

export interface OpenRefusal extends Pick<ResultRow, "gate" | "type" | "category" | "confidence" | "signature"> {
  /** How often this signature was seen. */
  readonly seen: { readonly task: number; readonly run: number; readonly repository: number };
  readonly findings: readonly FindingView[];
}

const RESULTS = 5;
const FINDINGS = 15;

/** What is open in the run of `view`; `rows` are the attempts of the whole repository. */
export function workingMemory(view: RunView, rows: readonly ResultRow[]): WorkingMemory {
  const own = rows.filter(({ run }) => run === view.run);
  const open = view.state === "open" ? view.tasks.filter(({ state }) => state === "open") : [];
  const loops = open.map((task) => loopOf(task, own, rows));
  const planning = view.state === "open" && view.asking?.task === "plan" ? [planLoop(view, own, rows)] : [];
  return { run: view.run, title: view.title, state: view.state, loops: [...planning, ...loops] };
}

/** As a person reads it in an editor. */
export function workingMemoryText(memory: WorkingMemory): string {
  return `${JSON.stringify(JSON.parse(plainJson(memory)), null, 2)}\n`;
}

function loopOf(task: TaskView, own: readonly ResultRow[], all: readonly ResultRow[]): LoopMemory {
  const { id, title, attempts, asking = null, gates } = task;
  const mine = own.filter((row) => row.task === id);
  const refusal = openRefusal(mine, all, task.refusals.at(-1)?.findings);
  return { task: id, title, attempts, asking, gates, refusal, results: mine.slice(-RESULTS) };
}

function planLoop(view: RunView, own: readonly ResultRow[], all: readonly ResultRow[]): LoopMemory {
  const mine = own.filter(({ task }) => task === "plan");
  const refusal = openRefusal(mine, all, view.planRefusals.at(-1)?.findings);
  const attempts = { architect: mine.length };
  const { title, asking = null } = view;
  return { task: "plan", title, attempts, asking, gates: [], refusal, results: mine.slice(-RESULTS) };
}

function openRefusal(
  mine: readonly ResultRow[],
  all: readonly ResultRow[],
  findings: readonly FindingView[] = [],
): OpenRefusal | null {
  const newest = mine.at(-1);
  if (newest === undefined || !isFailed(newest)) return null;
  const { gate, type, category, confidence, signature } = newest;
  const same = (rows: readonly ResultRow[]) => rows.filter((row) => row.signature === signature).length;
  const ofRun = all.filter(({ run }) => run === newest.run);
  const seen = { task: same(mine), run: same(ofRun), repository: same(all) };
  return { gate, type, category, confidence, signature, seen, findings: findings.slice(0, FINDINGS) };
}
