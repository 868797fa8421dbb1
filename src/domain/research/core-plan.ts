import type { Plan } from "../plan.ts";
import type { Task } from "../task.ts";
import type { Finding } from "../verdict.ts";
import type { Design } from "./design.ts";
import type { StageName } from "./stage.ts";
import type { Component, ResearchTask } from "./tasks.ts";

/** What each kind of component has to hand over, and how good it must be: of PyTorch the mill looks at each by itself. */
export const COMPONENT_CHECKS: Readonly<Record<Component, string>> = {
  model: "the mill builds it, looks at the shape of its output and at a gradient in every parameter",
  "training-loop":
    "the mill looks at accumulation against one large batch, at the learning rate at named steps, and at two runs of one seed",
  "data-pipeline": "the mill looks at batches of both splits, at what they share, and at their order under one seed",
  checkpointing: "the mill saves, loads in a fresh process and compares the loss and the next step",
  logging: "the mill reads every line of the log as JSON and looks for the step and a finite loss in each",
  evaluation: "the mill runs it and computes the numbers again",
  other: "its tests show it",
};

/** Tasks that are to be delivered now, as the plan that the engine pursues; what they need and has landed is left out. */
export function researchPlan(
  design: Design,
  how: {
    readonly name: string;
    readonly base: string;
    readonly tasks: readonly ResearchTask[];
    /** The last part of the ids of tasks that are taken up again, e.g. `-2`. */
    readonly suffix: string;
    readonly words: string;
  },
): Plan {
  const ids = new Set(how.tasks.map(({ id }) => id));
  return {
    plan: how.name,
    title: design.title,
    spec: { digest: design.digest },
    base: how.base,
    needs: [],
    goal: [],
    tasks: how.tasks.map((task) => taskOf(task, ids, design, how)),
    body: design.body,
  };
}

function taskOf(
  task: ResearchTask,
  ids: ReadonlySet<string>,
  { folder, subject }: Design,
  { suffix, words }: { readonly suffix: string; readonly words: string },
): Task {
  const { component, stage: _stage, needs, deliverables, purpose, ...rest } = task;
  const quality = COMPONENT_CHECKS[subject.framework === "torch" ? component : "other"];
  const given = deliverables.length > 0 ? deliverables : [{ what: task.title, quality }];
  return {
    ...rest,
    id: `${task.id}${suffix}`,
    purpose: [`${purpose} (${component}; ${folder}/plan.md is the design)`, words]
      .filter((part) => part !== "")
      .join("\n\n"),
    deliverables: given,
    needs: needs.filter((need) => ids.has(need)).map((need) => `${need}${suffix}`),
    moves: [],
    lines: [],
  };
}

/** The one task by which the coder answers what a stage, a review or a person refused. */
export function fixPlan(
  design: Design,
  how: {
    readonly name: string;
    readonly base: string;
    readonly stage: StageName;
    readonly id: string;
    readonly findings: readonly Pick<Finding, "rule" | "message" | "path" | "evidence">[];
    /** What was tried and what the orchestrator or a person says. */
    readonly words: string;
    /** Paths that are there. */
    readonly files: readonly string[];
  },
): Plan {
  const { findings, stage, id } = how;
  const tests = unique(design.tasks.flatMap((task) => task.tests));
  const rules = unique(findings.map(({ rule }) => rule)).slice(0, 12);
  const task: Task = {
    id,
    title: `Answer what the stage ${stage} refused`,
    kind: tests.length > 0 ? "bug" : "refactor",
    purpose: [findingsText(findings), how.words].filter((part) => part !== "").join("\n\n"),
    deliverables: [{ what: "the fault mended in the code", quality: `the stage ${stage} passes when it looks again` }],
    needs: [],
    files: unique([...design.tasks.flatMap((one) => one.files), ...coded(findings, design)]),
    tests,
    accept: rules.map((rule, at) => ({
      id: `FIX${at + 1}`,
      text: `The mill's own check \`${rule}\` says nothing more when the stage \`${stage}\` is run again.`,
    })),
    creates: [],
    deletes: [],
    moves: [],
    lines: [],
  };
  const { title, digest, body } = design;
  return { plan: how.name, title, spec: { digest }, base: how.base, needs: [], goal: [], tasks: [task], body };
}

/** Code files that findings name and no task does. */
function coded(findings: readonly Pick<Finding, "path">[], { folder }: Design): readonly string[] {
  return findings.flatMap(({ path }) => (path?.startsWith("src/") && !path.startsWith(`${folder}/`) ? [path] : []));
}

function findingsText(findings: readonly Pick<Finding, "rule" | "message" | "path" | "evidence">[]): string {
  return findings
    .slice(0, 20)
    .map(({ rule, message, path, evidence }) => {
      const where = path === undefined ? "" : ` (${path})`;
      const seen = evidence ? `\n    ${evidence.slice(0, 1200).replaceAll("\n", "\n    ")}` : "";
      return `- [${rule}]${where} ${message}${seen}`;
    })
    .join("\n");
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
