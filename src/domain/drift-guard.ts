import { digestOfValue } from "./digest.ts";
import { approvalKey, droppedExports, droppedFiles, plainDigest, weakenedTasks } from "./drift.ts";
import type { JournalEntry } from "./event.ts";
import type { IncidentReport } from "./incident.ts";
import { parsePlan } from "./plan-text.ts";
import type { Spec } from "./spec.ts";
import { StepFailure } from "./step-failure.ts";
import type { Task } from "./task.ts";

/** What is looked at right before a task lands. */
export interface DriftLook {
  readonly task: Task;
  readonly tasks: readonly Task[];
  readonly spec: Spec;
  /** The facts of the run so far. */
  readonly entries: readonly JournalEntry[];
  /** The spec file in the person's checkout; undefined when it is not there, or not looked at. */
  readonly specHere: string | undefined;
  /** The spec file before and after the task; undefined where it is not in the tree. */
  readonly specBefore: string | undefined;
  readonly specAfter: string | undefined;
  /** The plan's file at the head of its branch; undefined when it is gone. */
  readonly planText: string | undefined;
  /** Every path of the tree that is to land. */
  readonly present: ReadonlySet<string>;
  /** Texts of the files in which exports were promised. */
  readonly texts: ReadonlyMap<string, string | undefined>;
}

/** Files in which the exports of a plan's tasks were promised. */
export function promisedFiles(tasks: readonly Task[]): readonly string[] {
  return [...new Set(tasks.flatMap((task) => task.creates.map((create) => create.split("#")[0] ?? "")))];
}

/** How what was agreed has drifted, one line each; none when a task may land. */
export function driftsIn(look: DriftLook): readonly string[] {
  return [...specDrifts(look), ...planDrifts(look), ...deliveryDrifts(look)];
}

function specDrifts({ spec, entries, specHere, specBefore, specAfter, task }: DriftLook): readonly string[] {
  const { path } = spec;
  if (path === undefined) return [];
  const isApproved = (text: string) => entries.some(({ key }) => key === approvalKey(plainDigest(text)));
  const edited = specHere !== undefined && plainDigest(specHere) !== plainDigest(spec.text) && !isApproved(specHere);
  const touched = plainDigest(specBefore ?? "") !== plainDigest(specAfter ?? "") && !isApproved(specAfter ?? "");
  return [
    ...(edited ? [`the spec ${path} was edited during the run`] : []),
    ...(touched ? [`${task.id} itself changes the spec ${path}`] : []),
  ];
}

/** Compared with the tasks as they were accepted, or as a person has edited them since. */
function planDrifts({ tasks, entries, planText }: DriftLook): readonly string[] {
  if (planText === undefined) return ["the plan's file is gone from its branch"];
  const parsed = parsePlan(planText);
  if (parsed.kind === "problems") return ["the plan's file on its branch is no plan any more"];
  const edited = new Map(
    entries.flatMap(({ event }) =>
      event.type === "task-reopened" && event.revision ? [[event.task, event.revision] as const] : [],
    ),
  );
  return weakenedTasks(
    tasks.filter(({ id }) => !edited.has(id)),
    parsed.plan.tasks,
  );
}

const MOVES_CODE: readonly Task["kind"][] = ["refactor", "move"];

function deliveryDrifts({ task, tasks, entries, present, texts }: DriftLook): readonly string[] {
  const own = new Map(tasks.filter(({ repo }) => repo === task.repo).map((one) => [one.id, one]));
  const landed = entries.flatMap(({ event }) => (event.type === "landed" && own.has(event.task) ? [event] : []));
  const delivered = landed.map((event) => ({ task: event.task, files: event.paths }));
  const promised = landed.flatMap(({ task: id }) =>
    (own.get(id)?.creates ?? []).map((creates) => ({
      task: id,
      creates,
      text: texts.get(creates.split("#")[0] ?? ""),
    })),
  );
  const exports = MOVES_CODE.includes(task.kind) ? [] : droppedExports(promised);
  return [...droppedFiles(delivered, present, tasks), ...exports];
}

/** What a person has to hear of drift; the same drift is one incident. */
export function incidentOfDrift(
  drifts: readonly string[],
  about: { readonly run: string; readonly task: string; readonly at: string; readonly tree: string },
): IncidentReport {
  return {
    ...about,
    key: `drift/${about.task}/${digestOfValue(drifts).slice(0, 12)}`,
    kind: "spec-drift",
    stops: true,
    problem: `Spec drift, ${about.task} does not land: ${drifts.join("; ")}. Its work is rolled back: the branch is as it was.`,
    evidence: drifts,
  };
}

export function driftFailure(drifts: readonly string[], task: string): StepFailure {
  return new StepFailure(`Spec drift: ${drifts.join("; ")}. Nothing of ${task} has landed.`, {
    code: "spec-drift",
    remedy: "ask",
    hint: 'Put back what has drifted, or approve a changed spec: `millwright resume --approve-spec "your name"`; `millwright andon status` names the incident that has to be closed.',
  });
}
