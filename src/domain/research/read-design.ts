import type { z } from "zod";
import { digestOf } from "../digest.ts";
import { problemLines, readYaml } from "../yaml-text.ts";
import { BaselinesFile, type Design, MetricsFile, PlanFront } from "./design.ts";
import { designProblems } from "./design-problems.ts";
import { TasksFile } from "./tasks.ts";

/** The files of a design. */
export const DESIGN_FILES = ["plan.md", "tasks.yaml", "baselines.yaml", "metrics.yaml"] as const;
export type DesignFile = (typeof DESIGN_FILES)[number];

/** The texts of a design folder; undefined for a file that is not there. */
export type DesignTexts = Readonly<Record<DesignFile, string | undefined>>;

export type ReadDesign =
  | { readonly kind: "design"; readonly design: Design }
  | { readonly kind: "problems"; readonly problems: readonly string[] };

/**
 * Reads the four files of a design and names every problem of all of them at once, with file and line; `files` are the
 * paths that are in the repository already.
 */
export function readDesign(texts: DesignTexts, folder: string, files: readonly string[] = []): ReadDesign {
  const plan = readPlan(texts["plan.md"], `${folder}/plan.md`);
  const tasks = readFile(texts["tasks.yaml"], `${folder}/tasks.yaml`, TasksFile);
  const baselines = readFile(texts["baselines.yaml"], `${folder}/baselines.yaml`, BaselinesFile);
  const metrics = readFile(texts["metrics.yaml"], `${folder}/metrics.yaml`, MetricsFile);
  const problems = [...plan.problems, ...tasks.problems, ...baselines.problems, ...metrics.problems];
  const parts = {
    front: plan.value,
    tasks: tasks.value?.tasks,
    baselines: baselines.value?.baselines,
    metrics: metrics.value?.metrics,
    files,
  };
  const all = [...problems, ...designProblems(parts, folder)];
  if (all.length > 0 || !plan.value || !tasks.value || !baselines.value || !metrics.value)
    return { kind: "problems", problems: all };
  const design: Design = {
    ...plan.value,
    body: plan.body,
    tasks: tasks.value.tasks,
    baselines: baselines.value.baselines,
    metrics: metrics.value.metrics,
    folder,
    digest: digestOf(DESIGN_FILES.map((file) => texts[file] ?? "").join("\0")),
  };
  return { kind: "design", design };
}

interface Part<Value> {
  readonly value?: Value;
  readonly problems: readonly string[];
}

function readFile<Schema extends z.ZodType>(
  text: string | undefined,
  path: string,
  schema: Schema,
): Part<z.output<Schema>> {
  if (text === undefined) return missing(path);
  const read = readYaml(text.replace(/^\uFEFF/, ""), schema);
  if (read.kind === "problems") return { problems: problemLines(read.problems).map((line) => `${path}: ${line}`) };
  return { value: read.value, problems: [] };
}

function missing(path: string): Part<never> {
  return {
    problems: [`${path} is missing. \`millwright research init NAME\` writes a commented start of all four files.`],
  };
}

function readPlan(text: string | undefined, path: string): Part<PlanFront> & { readonly body: string } {
  if (text === undefined) return { ...missing(path), body: "" };
  const found = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)([\s\S]*)$/.exec(text);
  if (found === null) {
    const message =
      "begin with YAML front matter between two lines ---: name, title, environment, training; then the plan";
    return { problems: [`${path}: line 1: ${message}.`], body: "" };
  }
  const [, front = "", rest = ""] = found;
  const body = rest.trim();
  const read = readYaml(front, PlanFront, 1);
  const bare =
    body === ""
      ? [
          `${path}: the plan itself is missing: reviewers judge the code against what is written below the front matter.`,
        ]
      : [];
  if (read.kind === "problems")
    return { problems: [...problemLines(read.problems).map((line) => `${path}: ${line}`), ...bare], body };
  return { value: read.value, problems: bare, body };
}
