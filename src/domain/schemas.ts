import type { z } from "zod";
import { Config } from "./config.ts";
import { CorrectionFile } from "./correction-file.ts";
import { ChecklistReply, GoalReply, ReviewReply } from "./judge-replies.ts";
import { PlanHeader } from "./plan.ts";
import { Checklist } from "./research/checklist.ts";
import { BaselinesFile, MetricsFile, PlanFront } from "./research/design.ts";
import { ResearchJudgement, ResearchReview } from "./research/judging.ts";
import { ResultsFile } from "./research/results.ts";
import { TasksFile } from "./research/tasks.ts";
import { Workflow } from "./workflow.ts";

/** What a user or an agent writes for us, by the file name of its JSON Schema in `schemas/`. */
export const published: Readonly<Record<string, z.ZodType>> = {
  "config.schema.json": Config.meta({ title: "millwright.yaml" }),
  "workflow.schema.json": Workflow.meta({ title: "A workflow: ordered gates with their makers" }),
  "correction.schema.json": CorrectionFile.meta({ title: "A correction: corrections/<id>.yaml" }),
  "plan.schema.json": PlanHeader.meta({ title: "The front matter of a plan file" }),
  "review.schema.json": ReviewReply.meta({ title: "The reviewer's reply" }),
  "checklist.schema.json": ChecklistReply.meta({ title: "The checker's reply" }),
  "goal.schema.json": GoalReply.meta({ title: "The goal-checker's reply" }),
  "research-plan.schema.json": PlanFront.meta({ title: "The front matter of an experiment's design/plan.md" }),
  "research-tasks.schema.json": TasksFile.meta({ title: "An experiment's design/tasks.yaml" }),
  "research-baselines.schema.json": BaselinesFile.meta({ title: "An experiment's design/baselines.yaml" }),
  "research-metrics.schema.json": MetricsFile.meta({ title: "An experiment's design/metrics.yaml" }),
  "research-results.schema.json": ResultsFile.meta({
    title: "experiments/exp-001/results.yaml, as the mill writes it",
  }),
  "research-checklist.schema.json": Checklist.meta({
    title: "experiments/exp-001/checklist.yaml, as the mill writes it",
  }),
  "research-review.schema.json": ResearchReview.meta({ title: "The research reviewer's reply" }),
  "research-judge.schema.json": ResearchJudgement.meta({ title: "The research judge's reply" }),
};
