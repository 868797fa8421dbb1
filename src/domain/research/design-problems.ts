import type { Suite } from "../config.ts";
import { didYouMean } from "../nearest-word.ts";
import { matches } from "../paths.ts";
import { cyclesIn } from "../plan-graph.ts";
import { type BaselineSketch, baselineProblems } from "./baseline.ts";
import { datasetProblems } from "./dataset.ts";
import type { FrontSketch, MetricSketch, TaskSketch } from "./design-sketch.ts";
import { type PlacedProblem, twice } from "./placed-problem.ts";
import { subjectProblems, testProblems } from "./subject-problems.ts";

/** The files of a design. */
export const DESIGN_FILES = ["plan.md", "tasks.yaml", "baselines.yaml", "metrics.yaml"] as const;
export type DesignFile = (typeof DESIGN_FILES)[number];

/** What could be read of a design; what goes over a part that could not be read is not asked. */
export interface DesignParts {
  readonly front?: FrontSketch | undefined;
  readonly tasks?: readonly TaskSketch[] | undefined;
  readonly baselines?: readonly BaselineSketch[] | undefined;
  readonly metrics?: readonly MetricSketch[] | undefined;
  /** Paths that are in the repository already. */
  readonly files?: readonly string[] | undefined;
  /** What the tests of the tasks run under. */
  readonly suites?: readonly Suite[] | undefined;
}

/** A problem of one of the files. */
export interface DesignProblem extends PlacedProblem {
  readonly file: DesignFile;
}

/** What is wrong in what each file says of itself and of the others: ids, needs, names, numbers that nobody computes. */
export function designProblems(parts: DesignParts, folder: string): readonly DesignProblem[] {
  const { front = {}, tasks = [], baselines = [], metrics = [] } = parts;
  const written = writtenPaths(parts, ["files", "tests"]);
  const built = writtenPaths(parts, ["files"]);
  return [
    ...inFile("plan.md", [
      ...datasetProblems(front.datasets ?? []),
      ...scheduleProblems(front),
      ...subjectProblems(front),
      ...(front.environment === undefined ? [] : testProblems(front.environment, parts.suites ?? [])),
    ]),
    ...inFile("tasks.yaml", taskProblems(tasks)),
    ...inFile("baselines.yaml", baselineProblems(baselines)),
    ...inFile("metrics.yaml", metricProblems(metrics)),
    ...inFile("baselines.yaml", parts.metrics === undefined ? [] : foreignMetrics(baselines, metrics, folder)),
    ...inFile("metrics.yaml", written === undefined ? [] : uncomputed(metrics, written, folder)),
    ...inFile("plan.md", built === undefined ? [] : unwritten(front, built, folder)),
    ...inFile("metrics.yaml", front.subject?.framework === "other" ? untrained(metrics) : []),
    ...inFile("plan.md", written === undefined ? [] : untested(front, written, folder)),
  ];
}

function inFile(file: DesignFile, problems: readonly PlacedProblem[]): readonly DesignProblem[] {
  return problems.map((problem) => ({ file, ...problem }));
}

/** Which file of the tree is there or can come to be. */
type Written = (path: string) => boolean;

/** Undefined where what the tasks may write in these layers cannot be read of each of them. */
function writtenPaths({ tasks, files = [] }: DesignParts, layers: readonly ("files" | "tests")[]): Written | undefined {
  if (tasks === undefined || tasks.some((task) => layers.some((layer) => task[layer] === undefined))) return undefined;
  const patterns = tasks.flatMap((task) => layers.flatMap((layer) => task[layer] ?? []));
  return (path) => files.includes(path) || matches(patterns, path);
}

function scheduleProblems({ training }: FrontSketch): readonly PlacedProblem[] {
  if (training === undefined) return [];
  return Object.keys(training.learning_rates)
    .filter((step) => Number(step) > training.steps)
    .map((step) => ({
      path: ["training", "learning_rates", step],
      message: `training.learning_rates names step ${step}, but training.steps is ${training.steps}.`,
    }));
}

function taskProblems(tasks: readonly TaskSketch[]): readonly PlacedProblem[] {
  const criteria = tasks.flatMap(({ accept = [] }, at) => accept.map(({ id }, nth) => ({ id, at, nth })));
  return [
    ...twice(tasks.map(({ id }) => id)).map(({ name, at }) => ({
      path: ["tasks", at, "id"],
      message: `two tasks have the id ${name}; give each its own.`,
    })),
    ...twice(criteria.map(({ id }) => id)).map(({ name, at }) => ({
      path: ["tasks", criteria[at]?.at ?? 0, "accept", criteria[at]?.nth ?? 0, "id"],
      message: `two criteria have the id ${name}; tests carry it in their name, so give each its own.`,
    })),
    ...needProblems(tasks),
    ...cycleProblems(tasks),
    ...(tasks.length > 0 && tasks.every(({ stage }) => stage === "evaluation")
      ? [
          {
            path: ["tasks"],
            message:
              "no task is delivered in the stage core; leave `stage` out where a task builds the experiment itself.",
          },
        ]
      : []),
  ];
}

function needProblems(tasks: readonly TaskSketch[]): readonly PlacedProblem[] {
  const ids = tasks.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const needs = tasks.flatMap(({ id, needs: own = [], stage }, at) =>
    own.map((need, nth) => ({ id: id ?? `tasks[${at}]`, need, stage, path: ["tasks", at, "needs", nth] })),
  );
  const unknown = ids.length < tasks.length ? [] : needs.filter(({ need }) => !ids.includes(need));
  const late = needs.filter(
    ({ need, stage }) => stage === "core" && tasks.some((other) => other.id === need && other.stage === "evaluation"),
  );
  return [
    ...unknown.map(({ id, need, path }) => ({
      path,
      message: `${id} needs ${need}, which is no task here.${didYouMean(need, ids)}`,
    })),
    ...late.map(({ id, need, path }) => ({
      path,
      message: `${id} is delivered in the stage core and needs ${need}, which comes in the stage evaluation.`,
    })),
  ];
}

function cycleProblems(tasks: readonly TaskSketch[]): readonly PlacedProblem[] {
  const graph = new Map(tasks.flatMap(({ id, needs = [] }) => (id === undefined ? [] : [[id, needs] as const])));
  return cyclesIn(graph).map((names) => ({
    path: ["tasks", tasks.findIndex(({ id }) => id === names[0]), "needs"],
    message: `the needs go in a circle: ${names.join(" -> ")}. Nothing in it can come first.`,
  }));
}

function metricProblems(metrics: readonly MetricSketch[]): readonly PlacedProblem[] {
  return twice(metrics.map(({ name }) => name)).map(({ name, at }) => ({
    path: ["metrics", at, "name"],
    message: `${name} stands here twice; keep one.`,
  }));
}

/** A baseline may only report what the evaluation computes: else there is nothing to compare it with. */
function foreignMetrics(
  baselines: readonly BaselineSketch[],
  metrics: readonly MetricSketch[],
  folder: string,
): readonly PlacedProblem[] {
  const known = metrics.flatMap(({ name }) => (name === undefined ? [] : [name]));
  if (known.length < metrics.length) return [];
  return baselines.flatMap(({ name, metrics: reported = {} }, at) =>
    Object.keys(reported)
      .filter((metric) => !known.includes(metric))
      .map((metric) => ({
        path: ["baselines", at, "metrics", metric],
        message: `${name ?? "a baseline"} reports ${metric}, which ${folder}/metrics.yaml does not name.${didYouMean(metric, known)}`,
      })),
  );
}

/** A metric whose command runs a file that is neither there nor built by any task. */
function uncomputed(metrics: readonly MetricSketch[], written: Written, folder: string): readonly PlacedProblem[] {
  return metrics.flatMap(({ name, command }, at) => {
    const script = command === undefined ? undefined : absentScript(command, written);
    if (script === undefined) return [];
    const message = `nobody computes ${name ?? "it"}: its command runs ${script}, which is not there, and no task of ${folder}/tasks.yaml may write it.`;
    return [{ path: ["metrics", at, "command"], message }];
  });
}

/** A command of the checklist that runs a file which is neither there nor built by any task. */
function untested({ subject }: FrontSketch, written: Written, folder: string): readonly PlacedProblem[] {
  return Object.entries(subject?.tests ?? {}).flatMap(([test, command]) => {
    const script = command === undefined ? undefined : absentScript(command, written);
    if (script === undefined) return [];
    const message = `subject.tests.${test} runs ${script}, which is not there, and no task of ${folder}/tasks.yaml may write it.`;
    return [{ path: ["subject", "tests", test], message }];
  });
}

function absentScript(command: string, written: Written): string | undefined {
  const script = /(?:^|\s)(?:\.\/)?([\w./-]+\.py)\b/.exec(command)?.[1];
  return script === undefined || script.startsWith("/") || written(script) ? undefined : script;
}

/** Only the probes train shortly and leave a checkpoint. */
function untrained(metrics: readonly MetricSketch[]): readonly PlacedProblem[] {
  return metrics.flatMap(({ name, command }, at) =>
    command?.includes("{checkpoint}")
      ? [
          {
            path: ["metrics", at, "command"],
            message: `the command of ${name ?? "a metric"} names {checkpoint}, but with subject.framework: other nothing writes one: let the command train by itself.`,
          },
        ]
      : [],
  );
}

/** The module that the mill imports is there, or some task writes it. */
function unwritten({ subject }: FrontSketch, written: Written, folder: string): readonly PlacedProblem[] {
  const { framework, path } = subject ?? {};
  if (framework !== "torch" || path === undefined || written(path)) return [];
  const message = `nobody writes ${path} (subject.path), which the mill's probes import: it is not there, and no task of ${folder}/tasks.yaml may write it.`;
  return [{ path: ["subject", "path"], message }];
}
