import { matches } from "../paths.ts";
import type { Workflow } from "../workflow.ts";
import type { Design } from "./design.ts";
import { SUBJECT_OFFERS } from "./subject-contract.ts";

/** What whoever writes an experiment's code is told beside its role: the design is not theirs. */
export const CODER_WORDS = `## The design is not yours

You implement an experiment exactly as its design says. Where the design is ambiguous, leaves a value open or contradicts
itself, do not choose: answer with this one line, which costs you nothing. The orchestrator answers, and the answer is
written into the design:

IMPOSSIBLE: QUESTION: the one question, naming the criterion, the file and the choices that you see

Seeds come from arguments, never from the clock; nothing is downloaded; what is logged is one JSON object a line.`;

/**
 * What the module has to offer that the mill measures the experiment through, for whoever writes code; empty where the
 * mill imports nothing.
 */
export function subjectWords({ subject, tasks }: Pick<Design, "subject" | "tasks">): string {
  if (subject.framework === "other") return "";
  const writers = tasks.filter(({ files }) => matches(files, subject.path)).map(({ id }) => id);
  const whose = writers.length === 0 ? "" : ` ${writers.join(", ")} and fixes may write it.`;
  const offers = SUBJECT_OFFERS.map(({ call, answers }) => `- \`${call}\`: ${answers}`);
  return `## What the mill imports

The mill imports \`${subject.path}\` (its folder and the top of the tree are on the path) and calls these names, with these
arguments in this order.${whose} What another task builds is imported there, once it stands, by a task that may write it. \`config\` is the plan's \`training\`, a dictionary; datasets lie in the folder that \`MILLWRIGHT_DATASETS\` names.

${offers.join("\n")}`;
}

/** Longest design that is told whole, in characters. */
const MOST = 24_000;

/** The design's own text, as every role is told it beside its task; a long one ends with where the rest stands. */
export function designWords(path: string, text: string): string {
  const told = text.trim();
  const cut = told.length <= MOST ? told : `${told.slice(0, MOST)}\n\n(cut here; the rest stands in ${path})`;
  return `# The design (${path})\n\n${cut}`;
}

/** Gates that look at a fix; what it is for is judged by the stage that asked for it. */
const FIX_GATES: readonly string[] = ["door", "syntax", "lint", "symbols", "types", "green", "command", "current"];

/** The workflow of a fix: one maker, and nothing that passes now may fail. */
export function fixWorkflow(workflow: Workflow): Workflow {
  return {
    ...workflow,
    name: `${workflow.name}-fix`,
    makers: { tests: "developer", code: "developer" },
    gates: workflow.gates.filter(({ gate }) => FIX_GATES.includes(gate)),
    goal: { judge: false, checks: "optional" },
    document: "off",
    refactor: "off",
  };
}
