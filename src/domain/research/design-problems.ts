import { didYouMean } from "../nearest-word.ts";
import { matches } from "../paths.ts";
import { cyclesIn } from "../plan-graph.ts";
import type { Baseline } from "./baseline.ts";
import { baselineProblems } from "./baseline.ts";
import { datasetProblems } from "./dataset.ts";
import type { PlanFront } from "./design.ts";
import type { Metric } from "./metric.ts";
import { subjectProblems } from "./subject-problems.ts";
import type { ResearchTask } from "./tasks.ts";

/** What could be read of a design; a file that cannot be read is left out of what goes over several. */
export interface DesignParts {
  readonly front?: PlanFront | undefined;
  readonly tasks?: readonly ResearchTask[] | undefined;
  readonly baselines?: readonly Baseline[] | undefined;
  readonly metrics?: readonly Metric[] | undefined;
  /** Paths that are in the repository already. */
  readonly files?: readonly string[] | undefined;
}

/** What is wrong in what each file says of itself and of the others: ids, needs, names, numbers that nobody computes. */
export function designProblems(parts: DesignParts, folder: string): readonly string[] {
  const { front, tasks = [], baselines = [], metrics = [] } = parts;
  return [
    ...(front === undefined ? [] : datasetProblems(front.datasets).map((problem) => `${folder}/plan.md: ${problem}`)),
    ...(front === undefined ? [] : scheduleProblems(front).map((problem) => `${folder}/plan.md: ${problem}`)),
    ...(front === undefined ? [] : subjectProblems(front).map((problem) => `${folder}/plan.md: ${problem}`)),
    ...taskProblems(tasks).map((problem) => `${folder}/tasks.yaml: ${problem}`),
    ...baselineProblems(baselines).map((problem) => `${folder}/baselines.yaml: ${problem}`),
    ...metricProblems(metrics).map((problem) => `${folder}/metrics.yaml: ${problem}`),
    ...(parts.metrics === undefined ? [] : foreignMetrics(baselines, metrics, folder)),
    ...(parts.metrics === undefined || parts.tasks === undefined ? [] : uncomputed(parts, folder)),
    ...(front === undefined || parts.tasks === undefined ? [] : unwritten(front, parts, folder)),
    ...(front?.subject.framework === "other" ? untrained(metrics, folder) : []),
    ...(front === undefined || parts.tasks === undefined ? [] : untested(front, parts, folder)),
  ];
}

function scheduleProblems({ training }: PlanFront): readonly string[] {
  return Object.keys(training.learning_rates)
    .map(Number)
    .filter((step) => step > training.steps)
    .map((step) => `training.learning_rates names step ${step}, but training.steps is ${training.steps}.`);
}

function taskProblems(tasks: readonly ResearchTask[]): readonly string[] {
  const ids = tasks.map(({ id }) => id);
  const unknown = tasks.flatMap(({ id, needs }) =>
    needs
      .filter((need) => !ids.includes(need))
      .map((need) => `${id} needs ${need}, which is no task here.${didYouMean(need, ids)}`),
  );
  const late = tasks.flatMap(({ id, needs, stage }) =>
    stage === "evaluation"
      ? []
      : needs
          .filter((need) => tasks.some((other) => other.id === need && other.stage === "evaluation"))
          .map(
            (need) => `${id} is delivered in the stage core and needs ${need}, which comes in the stage evaluation.`,
          ),
  );
  const criteria = tasks.flatMap(({ accept }) => accept.map(({ id }) => id));
  const cycles = cyclesIn(new Map(tasks.map(({ id, needs }) => [id, needs])));
  return [
    ...twice(ids).map((id) => `two tasks have the id ${id}; give each its own.`),
    ...twice(criteria).map(
      (id) => `two criteria have the id ${id}; tests carry it in their name, so give each its own.`,
    ),
    ...unknown,
    ...late,
    ...cycles.map((names) => `the needs go in a circle: ${names.join(" -> ")}. Nothing in it can come first.`),
    ...(tasks.length > 0 && tasks.every(({ stage }) => stage === "evaluation")
      ? ["no task is delivered in the stage core; leave `stage` out where a task builds the experiment itself."]
      : []),
  ];
}

function metricProblems(metrics: readonly Metric[]): readonly string[] {
  return twice(metrics.map(({ name }) => name)).map((name) => `${name} stands here twice; keep one.`);
}

/** A baseline may only report what the evaluation computes: else there is nothing to compare it with. */
function foreignMetrics(baselines: readonly Baseline[], metrics: readonly Metric[], folder: string): readonly string[] {
  const known = metrics.map(({ name }) => name);
  return baselines.flatMap(({ name, metrics: reported }) =>
    Object.keys(reported)
      .filter((metric) => !known.includes(metric))
      .map(
        (metric) =>
          `${folder}/baselines.yaml: ${name} reports ${metric}, which ${folder}/metrics.yaml does not name.${didYouMean(metric, known)}`,
      ),
  );
}

/** A metric whose command runs a file that is neither there nor built by any task. */
function uncomputed({ tasks = [], metrics = [], files = [] }: DesignParts, folder: string): readonly string[] {
  return metrics.flatMap(({ name, command }) => {
    const script = absentScript(command, tasks, files);
    if (script === undefined) return [];
    return [
      `${folder}/metrics.yaml: nobody computes ${name}: its command runs ${script}, which is not there, and no task of ${folder}/tasks.yaml may write it.`,
    ];
  });
}

/** A command of the checklist that runs a file which is neither there nor built by any task. */
function untested(front: PlanFront, { tasks = [], files = [] }: DesignParts, folder: string): readonly string[] {
  return Object.entries(front.subject.tests).flatMap(([test, command]) => {
    const script = absentScript(command, tasks, files);
    if (script === undefined) return [];
    return [
      `${folder}/plan.md: subject.tests.${test} runs ${script}, which is not there, and no task of ${folder}/tasks.yaml may write it.`,
    ];
  });
}

function absentScript(command: string, tasks: readonly ResearchTask[], files: readonly string[]): string | undefined {
  const script = /(?:^|\s)(?:\.\/)?([\w./-]+\.py)\b/.exec(command)?.[1];
  if (script === undefined || script.startsWith("/") || files.includes(script)) return undefined;
  const written = tasks.flatMap((task) => [...task.files, ...task.tests]);
  return matches(written, script) ? undefined : script;
}

/** Only the probes train shortly and leave a checkpoint. */
function untrained(metrics: readonly Metric[], folder: string): readonly string[] {
  return metrics
    .filter(({ command }) => command.includes("{checkpoint}"))
    .map(
      ({ name }) =>
        `${folder}/metrics.yaml: the command of ${name} names {checkpoint}, but with subject.framework: other nothing writes one: let the command train by itself.`,
    );
}

/** The module that the mill imports is there, or some task writes it. */
function unwritten({ subject }: PlanFront, { tasks = [], files = [] }: DesignParts, folder: string): readonly string[] {
  if (subject.framework === "other" || files.includes(subject.path)) return [];
  if (tasks.some((task) => matches(task.files, subject.path))) return [];
  return [
    `${folder}/plan.md: nobody writes ${subject.path} (subject.path), which the mill's probes import: it is not there, and no task of ${folder}/tasks.yaml may write it.`,
  ];
}

function twice(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}
