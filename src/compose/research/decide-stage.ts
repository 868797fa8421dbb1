import { researchReplanBrief } from "../../briefs/research-briefs.ts";
import { digestOf } from "../../domain/digest.ts";
import type { ResearchDecided, ResearchMove } from "../../domain/research/facts.ts";
import { asked, MOST_DECISIONS, visitsOf } from "../../domain/research/pipeline.ts";
import type { StageName } from "../../domain/research/stage.ts";
import { ask } from "../../engine/ask.ts";
import { triedText } from "./fix-stage.ts";
import { wordOfPerson } from "./gate-stage.ts";
import { askOrchestrator, noteError } from "./orchestrate.ts";
import { currentDesign, factsOf, type Project, readTasks } from "./project.ts";

/** Moves of the orchestrator when a stage cannot go on. */
export const MOVES = [
  "instructions: whoever is stuck tries again, with what you say",
  "re-plan: the planner changes the tasks of the design, with what you say",
  "person: a person has to answer the one question that you write",
] as const;

interface Deciding {
  readonly stage: StageName;
  readonly number: number;
}

/** The orchestrator's word on a stage that cannot go on, with the whole error context; after two of them a person's turn. */
export async function decide({ stage, number }: Deciding, project: Project): Promise<void> {
  const { context } = project;
  const facts = await factsOf(context);
  const text = await contextText(stage, project);
  if (asked(stage, facts) >= MOST_DECISIONS) {
    const words = `The stage ${stage} is refused still, after the orchestrator was asked ${MOST_DECISIONS} times.`;
    return keep({ stage, number, move: "person", words, by: "mill" }, text, project);
  }
  const design = await currentDesign(project);
  const problem = { stage, subject: `the stage ${stage}`, text, moves: MOVES, design };
  const reply = await askOrchestrator(problem, { task: `decide-${stage}-${number}`, first: 1 }, context);
  const move = reply.move as ResearchMove;
  return keep({ stage, number, move, words: reply.words, by: "orchestrator" }, text, project);
}

async function keep(decided: Omit<ResearchDecided, "type">, error: string, { context }: Project): Promise<void> {
  const { stage, number, move, words, by } = decided;
  await noteError(
    { stage, subject: `the stage ${stage}`, error, resolution: `${by}: ${move}: ${words}` },
    `decide-${stage}-${number}`,
    context,
  );
  await context.ports.journal.append(`research/decided/${stage}/${number}`, { type: "research-decided", ...decided });
}

/** What was refused, and what was tried: all that whoever decides needs. */
async function contextText(stage: StageName, { context }: Project): Promise<string> {
  const facts = await factsOf(context);
  const refused = visitsOf(stage, facts).at(-1);
  const findings = (refused?.findings ?? []).map(({ rule, message, path, evidence }) => {
    const where = path === undefined ? "" : ` (${path})`;
    return `- [${rule}]${where} ${message}${evidence ? `\n\n\`\`\`\n${evidence.slice(0, 3000)}\n\`\`\`\n` : ""}`;
  });
  return [`The stage ${stage}: ${refused?.summary ?? ""}`, ...findings, triedText(stage, facts)]
    .filter((part) => part !== "")
    .join("\n");
}

/** The planner writes the tasks anew; an answer that cannot be used is asked again, then it is a person's turn. */
export async function replan(
  { stage, number, words }: Deciding & { readonly words: string },
  project: Project,
): Promise<void> {
  const { context, starting } = project;
  const { ports, config } = context;
  const design = await currentDesign(project);
  const facts = await factsOf(context);
  const before = facts.findLast((fact) => fact.type === "research-decided" && fact.tasks !== undefined);
  const blob = before?.type === "research-decided" ? before.tasks : undefined;
  const tasks =
    blob === undefined ? (starting.inputs.research?.texts["tasks.yaml"] ?? "") : await ports.journal.getBlob(blob);
  const text = await contextText(stage, project);
  const problems: string[] = [];
  for (let attempt = 1; attempt <= config.limits.planAttempts; attempt++) {
    const brief = await researchReplanBrief({ design, tasks, text, words }, problems, context);
    const answer = await ask({ task: `replan-${stage}-${number}`, role: "architect", attempt, ...brief }, context);
    const yaml = yamlIn(answer.text);
    const read = readTasks(yaml, design, starting.inputs.research?.files);
    if ("tasks" in read) {
      const said = {
        stage,
        number,
        move: "re-plan",
        words,
        by: "architect",
        tasks: await ports.journal.putBlob(yaml),
      } as const;
      return keep(said, text, project);
    }
    problems.splice(0, problems.length, ...read.problems);
  }
  const why = `The planner's tasks could not be used: ${problems.slice(0, 5).join(" | ")}`;
  return keep({ stage, number, move: "person", words: why, by: "mill" }, text, project);
}

function yamlIn(text: string): string {
  const fences = [...text.matchAll(/^```(?:ya?ml)?[ \t]*\n([\s\S]*?)\n```[ \t]*$/gm)];
  return fences.length === 1 ? `${fences[0]?.[1] ?? ""}\n` : text;
}

/** A person answers what the orchestrator asks; until then the run waits. @throws StepFailure `approval-needed` */
export async function askPerson(
  { stage, number, words }: Deciding & { readonly words: string },
  project: Project,
): Promise<void> {
  const { context } = project;
  const text = `${words}\n\n${await contextText(stage, project)}\n`;
  const blob = await context.ports.journal.putBlob(text);
  const about = `research-${stage}-${number}`;
  const word = await wordOfPerson({ stage: "task", about, digest: digestOf(text), text: blob }, context);
  const isStopped = word.decision === "rejected";
  const move = isStopped ? "stop" : "instructions";
  const said = word.note || (isStopped ? `${word.by} ends it` : "Go on as before.");
  return keep({ stage, number, move, words: said, by: "person" }, words, project);
}
