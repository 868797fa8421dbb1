import { splitDiff, wholeDiffForms } from "../domain/brief-diff.ts";
import { type Brief, part } from "../domain/brief-fit.ts";
import { type BriefPart, fixedPart, WORTH } from "../domain/brief-parts.ts";
import { kindOfPath } from "../domain/paths.ts";
import type { Design } from "../domain/research/design.ts";
import type { TreeId } from "../domain/work.ts";
import type { RunContext } from "../engine/context.ts";
import { fittedBrief, rolePart } from "./system-parts.ts";

/** What a judge of an experiment is shown. */
export interface Shown {
  readonly design: Design;
  readonly from: TreeId;
  readonly to: TreeId;
  /** What the mill has seen by itself, as Markdown. */
  readonly seen: string;
  /** What was wrong with the last answer. */
  readonly problems: readonly string[];
}

/** The reviewer's or the judge's question: the plan, what was measured, and the code; never how it came about. */
export async function researchJudgeBrief(
  role: "research-reviewer" | "research-judge",
  shown: Shown,
  context: RunContext,
): Promise<Brief> {
  const user = [
    fixedPart("The plan", designText(shown.design)),
    part(
      "what was seen",
      "What a program has executed and seen",
      [shown.seen, shown.seen.slice(0, 6000)],
      WORTH.findings,
    ),
    await codePart(shown, context),
    fixedPart("Your last answer could not be used", listOf(shown.problems)),
  ];
  return fittedBrief(role, { system: await rolePart(role, context), user }, context);
}

async function codePart({ from, to }: Shown, { ports }: RunContext): Promise<BriefPart> {
  const { git, toolchain } = ports.repository(undefined);
  const diff = [...splitDiff(await git.diff(from, to, 5))]
    .filter(([path]) => !isRecord(path))
    .map(([, text]) => text)
    .join("");
  const isTest = (path: string) => kindOfPath(path, toolchain.profile) === "test";
  const forms =
    diff === "" ? ["Nothing has changed."] : [...new Set([diffWith(diff), ...wholeDiffForms(diff, isTest)])];
  return { name: "the code", title: "The code, as a difference to where it began", forms, worth: WORTH.file };
}

function diffWith(diff: string): string {
  return wholeDiffForms(diff, () => false)[0] ?? "";
}

/** What the mill itself writes down is no code. */
function isRecord(path: string): boolean {
  return /^(?:plans|logs|design|baselines)\/|^pipeline\.yaml$|\.(?:lock|svg)$|^experiments\/.*\.(?:md|json)$/.test(
    path,
  );
}

/** The plan as everybody who judges reads it: the prose, the hyperparameters, the metrics. */
export function designText({ title, body, training, metrics, baselines }: Design): string {
  const numbers = metrics.map(({ name, unit, direction }) => `- ${name} (${unit}, ${direction} is better)`);
  const compared = baselines.map(({ name, paper }) => `- ${name}: ${paper}`);
  return [
    `# ${title}`,
    body,
    `Training: ${JSON.stringify(training)}`,
    ["Metrics:", ...numbers].join("\n"),
    ...(compared.length > 0 ? [["Baselines:", ...compared].join("\n")] : []),
  ].join("\n\n");
}

/** What the orchestrator is told when a stage cannot go on. */
export async function researchMoveBrief(
  problem: {
    readonly design: Design;
    readonly subject: string;
    readonly text: string;
    readonly moves: readonly string[];
  },
  problems: readonly string[],
  context: RunContext,
): Promise<Brief> {
  const user = [
    fixedPart("The plan", designText(problem.design)),
    fixedPart(`What cannot go on: ${problem.subject}`, problem.text),
    fixedPart("The moves", listOf(problem.moves)),
    fixedPart("Your last answer could not be used", listOf(problems)),
  ];
  const role = "research-orchestrator";
  return fittedBrief(role, { system: await rolePart(role, context), user }, context);
}

const REPLAN = `You are the planner of an experiment. Its tasks cannot be delivered as they stand. You see the plan, the tasks and
what went wrong. Answer with the whole new tasks file, as YAML in one fenced block, and nothing else: the same fields, ids
kept for tasks that stay as they are, new ids for those that change. Never take a criterion away so that something passes.`;

/** What the planner is told when the design has to be adjusted. */
export async function researchReplanBrief(
  problem: { readonly design: Design; readonly tasks: string; readonly text: string; readonly words: string },
  problems: readonly string[],
  context: RunContext,
): Promise<Brief> {
  const user = [
    fixedPart("The plan", designText(problem.design)),
    fixedPart("The tasks as they stand (design/tasks.yaml)", `\`\`\`yaml\n${problem.tasks.trim()}\n\`\`\``),
    fixedPart("What went wrong", problem.text),
    fixedPart("What the orchestrator says", problem.words),
    fixedPart("Your last answer could not be used", listOf(problems)),
  ];
  return fittedBrief("architect", { system: [fixedPart("", REPLAN)], user }, context);
}

function listOf(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join("\n");
}
