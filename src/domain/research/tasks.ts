import { z } from "zod";
import { Criterion, Deliverable, Task, TaskKind } from "../task.ts";

/** Kinds of components: each has a check of its own. */
export const COMPONENTS = [
  "model",
  "training-loop",
  "data-pipeline",
  "checkpointing",
  "logging",
  "evaluation",
  "other",
] as const;
export const Component = z.enum(COMPONENTS);
export type Component = z.infer<typeof Component>;

const task = Task.shape;

/** A task of `design/tasks.yaml`: a task of a plan, with the component that it builds. */
export const ResearchTask = z.strictObject({
  id: task.id,
  title: task.title,
  component: Component.meta({ description: "What it builds; each kind has a check of its own." }),
  stage: z.enum(["core", "evaluation"]).default("core").meta({ description: "The stage that it is delivered in." }),
  kind: TaskKind.default("feature"),
  purpose: task.purpose,
  needs: z.array(z.string()).default([]).meta({ description: "Ids of tasks that land first." }),
  files: task.files,
  tests: task.tests,
  accept: z.array(Criterion).min(1),
  creates: task.creates,
  deletes: task.deletes,
  deliverables: z.array(Deliverable).default([]),
  check: task.check,
  skill: task.skill,
});
export type ResearchTask = z.infer<typeof ResearchTask>;

/** `design/tasks.yaml`. */
export const TasksFile = z.strictObject({ tasks: z.array(ResearchTask).min(1) });
export type TasksFile = z.infer<typeof TasksFile>;
