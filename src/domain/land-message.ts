import type { Role } from "./model-call.ts";
import type { Task } from "./task.ts";
import type { Workflow } from "./workflow.ts";

/** What a landed commit's message says. */
export interface Landing {
  readonly task: Task;
  readonly run: string;
  readonly maker: string;
  readonly reviewer: string | undefined;
  /** Tests that passed in the run that let it land; 0 when no suite had to run. */
  readonly tests: number;
}

/** Message of the tests or the code commit of a task: a subject, the criteria, and trailers that git understands. */
export function landMessage(part: "tests" | "code", landing: Landing): string {
  const { task } = landing;
  const subject = part === "tests" ? `Test: ${task.title}` : task.title;
  const criteria = task.accept.map((criterion) => `- ${criterion.id}: ${oneLine(criterion.text)}`).join("\n");
  const trailers = [
    `Task: ${task.id}`,
    `Run: ${landing.run}`,
    `Maker: ${oneLine(landing.maker)}`,
    ...(landing.reviewer === undefined ? [] : [`Reviewer: ${oneLine(landing.reviewer)}`]),
    landing.tests === 0 ? "Tests: not run" : `Tests: ${landing.tests} passed`,
  ];
  return `${[...oneLine(subject)].slice(0, 100).join("")}\n\n${oneLine(task.purpose)}\n\n${criteria}\n\n${trailers.join("\n")}\n`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** The models that made a task and that judged it, as its commits name them. */
export function answerersOf(
  { makers, gates }: Workflow,
  modelOf: (role: Role) => string,
): Pick<Landing, "maker" | "reviewer"> {
  const judge = gates.find((entry) => entry.gate === "review" || entry.gate === "checklist");
  return {
    maker: [...new Set([makers.tests, makers.code].map(modelOf))].join(", "),
    reviewer: judge && modelOf(judge.gate === "review" ? "reviewer" : "checker"),
  };
}
