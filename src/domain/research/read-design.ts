import type { z } from "zod";
import type { Suite } from "../config.ts";
import { digestOf } from "../digest.ts";
import { type ReadYaml, readYaml, type YamlPath, type YamlProblem } from "../yaml-text.ts";
import { BaselinesFile, type Design, MetricsFile, PlanFront } from "./design.ts";
import { DESIGN_FILES, type DesignFile, designProblems } from "./design-problems.ts";
import { sketchedBaselines, sketchedFront, sketchedMetrics, sketchedTasks } from "./design-sketch.ts";
import { TasksFile } from "./tasks.ts";

/** The texts of a design folder; undefined for a file that is not there. */
export type DesignTexts = Readonly<Record<DesignFile, string | undefined>>;

export type ReadDesign =
  | { readonly kind: "design"; readonly design: Design }
  | { readonly kind: "problems"; readonly problems: readonly string[] };

/**
 * Reads the four files of a design and names every problem of all of them at once, with file and line; `files` are the
 * paths that are in the repository already, `suites` what the tests of the tasks run under.
 */
export function readDesign(
  texts: DesignTexts,
  folder: string,
  files: readonly string[] = [],
  suites: readonly Suite[] = [],
): ReadDesign {
  const plan = readPlan(texts["plan.md"]);
  const tasks = readFile(texts["tasks.yaml"], TasksFile);
  const baselines = readFile(texts["baselines.yaml"], BaselinesFile);
  const metrics = readFile(texts["metrics.yaml"], MetricsFile);
  const parts: Readonly<Record<DesignFile, Part<unknown>>> = {
    "plan.md": plan,
    "tasks.yaml": tasks,
    "baselines.yaml": baselines,
    "metrics.yaml": metrics,
  };
  const sketch = {
    front: plan.value ?? (plan.plain === undefined ? undefined : sketchedFront(plan.plain)),
    tasks: tasks.value?.tasks ?? sketchedTasks(tasks.plain),
    baselines: baselines.value?.baselines ?? sketchedBaselines(baselines.plain),
    metrics: metrics.value?.metrics ?? sketchedMetrics(metrics.plain),
    files,
    suites,
  };
  const between = designProblems(sketch, folder);
  const all = DESIGN_FILES.flatMap((file) => {
    const own = between.filter((problem) => problem.file === file);
    return linesOf(parts[file], own).map((line) => `${folder}/${file}${line}`);
  });
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
  readonly value?: Value | undefined;
  /** What stands there where it is not by its schema. */
  readonly plain?: unknown;
  readonly problems: readonly YamlProblem[];
  /** What is wrong with the whole file. */
  readonly whole?: readonly string[];
  readonly lineOf?: ((path: YamlPath) => number) | undefined;
}

/** The problems of one file in the order of its lines; what is wrong with the whole of it comes last. */
function linesOf(part: Part<unknown>, own: readonly { readonly path: YamlPath; readonly message: string }[]) {
  const placed = [
    ...part.problems,
    ...own.map(({ path, message }) => ({ line: part.lineOf?.(path) ?? 1, message })),
  ].sort((one, two) => one.line - two.line);
  return [...placed.map(({ line, message }) => `: line ${line}: ${message}`), ...(part.whole ?? [])];
}

function readFile<Schema extends z.ZodType>(text: string | undefined, schema: Schema): Part<z.output<Schema>> {
  return text === undefined ? MISSING : partOf(readYaml(text.replace(/^\uFEFF/, ""), schema));
}

function partOf<Value>(read: ReadYaml<Value>): Part<Value> {
  if (read.kind === "read") return { value: read.value, problems: [], lineOf: read.lineOf };
  return { problems: read.problems, plain: read.plain, lineOf: read.lineOf };
}

const MISSING: Part<never> = {
  problems: [],
  whole: [" is missing. `millwright research init NAME` writes a commented start of all four files."],
};

const BARE = ": the plan itself is missing: reviewers judge the code against what is written below the front matter.";

function readPlan(text: string | undefined): Part<PlanFront> & { readonly body: string } {
  if (text === undefined) return { ...MISSING, body: "" };
  const found = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)([\s\S]*)$/.exec(text);
  if (found === null) {
    const message =
      "begin with YAML front matter between two lines ---: name, title, environment, training; then the plan.";
    return { problems: [{ line: 1, message }], body: "" };
  }
  const [, front = "", rest = ""] = found;
  const body = rest.trim();
  return { ...partOf(readYaml(front, PlanFront, 1)), whole: body === "" ? [BARE] : [], body };
}
