import type { Event, JournalEntry } from "../domain/event.ts";
import { foldTask, isCall } from "./fold-task.ts";
import { EMPTY_RUN, emptyTask, NO_TOKENS, type RunView, type TaskView, type Tokens, type Totals } from "./run-view.ts";

/** The run as its facts tell it. Facts of one run only, in the order of writing. */
export function foldRun(entries: readonly JournalEntry[]): RunView {
  return entries.reduce(foldEntry, EMPTY_RUN);
}

/** The view after one more fact. */
export function foldEntry(view: RunView, entry: JournalEntry): RunView {
  return foldEvent(foldTime(view, entry), entry.event);
}

type OfType<Type extends Event["type"]> = Extract<Event, { type: Type }>;

const PERSONS: readonly string[] = [
  "run-resumed",
  "correction-decided",
  "approval-given",
  "gates-changed",
  "incident-closed",
];

function foldTime(view: RunView, { at, run, event }: JournalEntry): RunView {
  if (view.run === "") return { ...view, run, startedAt: at, lastAt: at };
  // A clock that jumped back costs no time; a pause before a resume, or before a person's word, is nobody's work.
  const isPause = PERSONS.includes(event.type);
  const passed = isPause ? 0 : Math.max(0, at - view.lastAt);
  const tasks = view.tasks.map((task) =>
    task.state === "open" ? { ...task, activeMilliseconds: task.activeMilliseconds + passed } : task,
  );
  return { ...view, lastAt: at, activeMilliseconds: view.activeMilliseconds + passed, tasks };
}

function foldEvent(view: RunView, event: Event): RunView {
  const changed = foldRunEvent(view, event);
  if (!("task" in event)) return changed;
  const isOfRun = !changed.tasks.some(({ id }) => id === event.task) && event.type !== "task-started";
  if (isOfRun && isConversation(event)) return { ...changed, asking: event.type === "answered" ? undefined : event };
  return withTask(changed, event.task, (task) => foldTask(task, event));
}

/** A question outside of every task is about the run: a plan, the goal. */
function isConversation(event: Event): event is OfType<"asked" | "asked-again" | "answered"> {
  return event.type === "asked" || event.type === "asked-again" || event.type === "answered";
}

/** What a fact says of the run as a whole. */
function foldRunEvent(view: RunView, event: Event): RunView {
  switch (event.type) {
    case "run-started":
      return { ...view, ...startOf(event) };
    case "run-resumed":
      return resumed(view);
    case "run-ended":
      return { ...view, state: event.outcome, reason: event.reason, asking: undefined };
    case "notice":
      return view.notices.includes(event.message) ? view : { ...view, notices: [...view.notices, event.message] };
    case "plan-accepted":
      return planned(view, event);
    case "plan-refused": {
      const refusal = { gate: "plan", findings: event.findings };
      return { ...view, planRefusals: [...view.planRefusals, refusal], totals: refused(view.totals, "plan") };
    }
    case "gate-refused": {
      const task = view.tasks.find(({ id }) => id === event.task);
      return isCall(task, event.findings) ? view : { ...view, totals: refused(view.totals, event.gate) };
    }
    case "proposal-refused":
      return { ...view, totals: refused(view.totals, "door") };
    case "asked":
      return event.memory === undefined ? view : { ...view, told: told(view.told, event.role, event.memory) };
    case "asked-again":
      return { ...view, totals: { ...view.totals, askedAgain: view.totals.askedAgain + 1 } };
    case "answered":
      return { ...view, totals: answered(view.totals, event) };
    case "goal-judged": {
      const { round, decision, evidence } = event;
      return { ...view, goals: [...view.goals, { round, decision, evidence }] };
    }
    case "landed":
      return landed(view, event);
    case "incident-opened":
      return { ...view, stoppedBy: [...view.stoppedBy, event.incident] };
    case "incident-closed":
      return { ...view, stoppedBy: view.stoppedBy.filter((incident) => incident !== event.incident) };
    case "step-failed": {
      const { step, code, message, hint } = event;
      return { ...view, failures: [...view.failures, { step, code, message, hint }] };
    }
    default:
      return view;
  }
}

/** One more question of this role, with the layers that stood in it. */
function told(before: RunView["told"], role: string, memory: readonly string[]): RunView["told"] {
  const layers = { ...before[role] };
  for (const layer of memory.map((line) => line.replace(/:.*/s, ""))) layers[layer] = (layers[layer] ?? 0) + 1;
  return { ...before, [role]: layers };
}

function startOf(event: OfType<"run-started">): Partial<RunView> {
  const { title, workflow, spec, base, models, independence, sandbox, version } = event;
  return { title, workflow, spec, base, models, independence, sandbox, version };
}

function resumed(view: RunView): RunView {
  return {
    ...view,
    state: "open",
    reason: "",
    asking: undefined,
    resumes: view.resumes + 1,
    tasks: view.tasks.map((task) => ({ ...task, asking: undefined })),
  };
}

function planned(view: RunView, event: OfType<"plan-accepted">): RunView {
  const { plan, path, branch } = event;
  const plans = [...view.plans.filter((known) => known.plan !== plan), { plan, path, branch }];
  const known = new Set(view.tasks.map(({ id }) => id));
  const fresh = event.tasks
    .filter(({ id }) => !known.has(id))
    .map((task) => ({ ...emptyTask(task.id), ...task, plan }));
  return { ...view, plans, tasks: [...view.tasks, ...fresh] };
}

function landed(view: RunView, event: OfType<"landed">): RunView {
  const { task, branch, commit, tests, paths } = event;
  const title = view.tasks.find(({ id }) => id === task)?.title ?? task;
  return { ...view, landed: [...view.landed, { task, title, branch, commit, tests, paths }] };
}

function refused(totals: Totals, gate: string): Totals {
  const refusalsByGate = { ...totals.refusalsByGate, [gate]: (totals.refusalsByGate[gate] ?? 0) + 1 };
  return { ...totals, refusals: totals.refusals + 1, refusalsByGate };
}

function answered(totals: Totals, { model, usage, drifted }: OfType<"answered">): Totals {
  const before = totals.tokensByModel[model] ?? { ...NO_TOKENS, answers: 0 };
  const ofModel = { ...addTokens(before, usage), answers: before.answers + 1 };
  return {
    ...totals,
    answers: totals.answers + 1,
    drifted: totals.drifted + (drifted ? 1 : 0),
    tokens: addTokens(totals.tokens, usage),
    counted: totals.counted && usage.counted,
    tokensByModel: { ...totals.tokensByModel, [model]: ofModel },
  };
}

function addTokens(a: Tokens, b: Tokens): Tokens {
  return { input: a.input + b.input, output: a.output + b.output, cached: a.cached + b.cached };
}

function withTask(view: RunView, id: string, change: (task: TaskView) => TaskView): RunView {
  const known = view.tasks.some((task) => task.id === id);
  const tasks = known ? view.tasks : [...view.tasks, emptyTask(id)];
  return { ...view, tasks: tasks.map((task) => (task.id === id ? change(task) : task)) };
}
