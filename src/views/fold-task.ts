import type { Event } from "../domain/event.ts";
import type { AskingView, FindingView, GateState, TaskView } from "./run-view.ts";

export type TaskEvent = Extract<Event, { task: string }>;

/** The task after one more of its facts. */
export function foldTask(task: TaskView, event: TaskEvent): TaskView {
  switch (event.type) {
    case "task-started":
      return { ...task, ...startOf(event), gates: event.gates.map((gate) => ({ gate, state: "waiting" })) };
    case "asked":
    case "asked-again":
      return { ...task, asking: askingOf(event), last: askingOf(event) };
    case "answered":
      return answered(task, event);
    case "gate-passed":
      return withNotes(withGate(task, event.gate, "passed"), event.notes);
    case "gate-refused":
      return isCall(task, event.findings) ? withGate(task, event.gate, "waiting") : refused(task, event);
    case "proposal-refused":
      return { ...task, refusals: [...task.refusals, { gate: "door", findings: event.findings }] };
    case "proposal-admitted":
      return judgedAgain(task);
    case "impossible":
      return { ...task, reason: `${event.role}: impossible: ${event.reason}` };
    case "escalated":
    case "orchestrated":
      return { ...task, turns: [...task.turns, turnText(event)] };
    case "tests-begun-anew":
      return judgedAgain({ ...task, turns: [...task.turns, anewText(event)] });
    case "task-reopened":
      return { ...task, state: "open", reason: "", turns: [...task.turns, `comes back: ${event.reason}`] };
    case "rebased":
      return withNotes(judgedAgain(task), [`rebased onto ${event.onto.slice(0, 10)}`]);
    case "reviewed": {
      const { judge, decision, score, reasons, criteria } = event;
      return { ...task, review: { judge, decision, score, reasons, ...(criteria ? { criteria } : {}) } };
    }
    case "self-assessed":
      return { ...task, assessed: event.answers };
    case "landed":
      return { ...task, tests: event.tests, gates: task.gates.map(({ gate }) => ({ gate, state: "passed" })) };
    case "task-ended":
      return { ...task, state: event.outcome, reason: event.reason, asking: undefined };
    default:
      return task;
  }
}

const DECIDED = {
  instructions: "gives new instructions",
  task: "writes the task anew",
  person: "asks a person",
  skip: "gives the task up",
  problems: "answers nothing usable",
} as const;

/** What changed for a maker that was stuck, or for one that a budget makes cheaper, and why. */
export function turnText(event: Extract<Event, { type: "escalated" | "orchestrated" }>): string {
  if (event.type === "escalated") return `${event.role} goes on with ${event.model}: ${event.reason}`;
  return `the orchestrator ${DECIDED[event.decision]} (${event.reason}): ${event.said}`;
}

/** Why the tests are doubted. */
export function anewText({ role, reason }: Extract<Event, { type: "tests-begun-anew" }>): string {
  return `the ${role} begins the tests anew: ${reason}`;
}

/**
 * True when the gate only calls makers who have not answered in this task yet, or the mill: that is how work begins, and
 * no failure of anybody.
 */
export function isCall(task: TaskView | undefined, findings: readonly FindingView[]): boolean {
  return findings.every(({ answers }) => answers !== "person" && task?.attempts[answers] === undefined);
}

function refused(task: TaskView, { gate, findings }: Extract<Event, { type: "gate-refused" }>): TaskView {
  return withGate({ ...task, refusals: [...task.refusals, { gate, findings }] }, gate, "refused");
}

/** After every change the gates judge again, from the first. */
function judgedAgain(task: TaskView): TaskView {
  return { ...task, gates: task.gates.map(({ gate }) => ({ gate, state: "waiting" })) };
}

function startOf(event: Extract<Event, { type: "task-started" }>): Partial<TaskView> {
  return { title: event.title, kind: event.kind, state: "open", reason: "", attemptLimit: event.attempts };
}

function askingOf({ task, role, attempt, model }: AskingView): AskingView {
  return { task, role, attempt, model };
}

function answered(task: TaskView, event: Extract<Event, { type: "answered" }>): TaskView {
  const { input, output, cached } = event.usage;
  return {
    ...task,
    asking: undefined,
    last: askingOf(event),
    attempts: { ...task.attempts, [event.role]: event.attempt },
    tokens: {
      input: task.tokens.input + input,
      output: task.tokens.output + output,
      cached: task.tokens.cached + cached,
    },
  };
}

function withGate(task: TaskView, gate: string, state: GateState): TaskView {
  const known = task.gates.some((seen) => seen.gate === gate);
  const gates = known ? task.gates : [...task.gates, { gate, state }];
  return { ...task, gates: gates.map((seen) => (seen.gate === gate ? { gate, state } : seen)) };
}

function withNotes(task: TaskView, notes: readonly string[]): TaskView {
  const fresh = notes.filter((note) => !task.notes.includes(note));
  return fresh.length === 0 ? task : { ...task, notes: [...task.notes, ...fresh] };
}
