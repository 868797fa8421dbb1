import { z } from "zod";
import { canonicalJson, digestOfValue } from "../../domain/digest.ts";
import { fixWorkflow } from "../../domain/research/coder-words.ts";
import { fixPlan, researchPlan } from "../../domain/research/core-plan.ts";
import type { Design } from "../../domain/research/design.ts";
import type { ResearchFact } from "../../domain/research/facts.ts";
import { visitsOf } from "../../domain/research/pipeline.ts";
import type { StageEnd, StageFile } from "../../domain/research/stage.ts";
import type { ResearchTask } from "../../domain/research/tasks.ts";
import type { Finding } from "../../domain/verdict.ts";
import { step } from "../../engine/step.ts";
import { type Delivered, deliverPlan } from "./deliver-plan.ts";
import { currentDesign, endOf, factsOf, type Head, type Project } from "./project.ts";

/** Where a stage that delivers tasks has come to: its end, and the head that it is the end of. */
export interface DeliveredStage {
  readonly end: StageEnd;
  readonly head: Head;
}

const Report = z.object({ delivered: z.record(z.string(), z.string()) });

/**
 * Delivers the tasks of the stage that have not landed yet, and then what a later stage or a person sent back to core.
 * @throws StepFailure when a person has to speak
 */
export async function deliverTasks(
  { stage, visit }: { readonly stage: "core" | "evaluation"; readonly visit: number },
  head: Head,
  project: Project,
): Promise<DeliveredStage> {
  const { context } = project;
  const design = await currentDesign(project);
  const facts = await factsOf(context);
  const done = await deliveredSoFar(project);
  const tasks = design.tasks.filter((task) => task.stage === stage && done[task.id] !== digestOfValue(task));
  const words = wordsFor(stage, facts);
  let standing: Standing = { head, delivered: done, stuck: undefined };
  if (tasks.length > 0) standing = await retaken(tasks, { stage, visit, words }, standing, { design, project });
  const back = stage === "core" ? sentBack(facts) : undefined;
  if (back !== undefined && standing.stuck === undefined)
    standing = await revised(back, visit, standing, { design, project });
  return { head: standing.head, end: await endOfTasks(stage, standing, design, project) };
}

interface Standing {
  readonly head: Head;
  readonly delivered: Readonly<Record<string, string>>;
  readonly stuck: string | undefined;
}

interface Place {
  readonly design: Design;
  readonly project: Project;
}

async function retaken(
  tasks: readonly ResearchTask[],
  { stage, visit, words }: { readonly stage: string; readonly visit: number; readonly words: string },
  standing: Standing,
  { design, project }: Place,
): Promise<Standing> {
  const suffix = visit === 1 ? "" : `-${visit}`;
  const name = `${design.name}-${stage}${suffix}`;
  const plan = researchPlan(design, { name, base: standing.head.commit, tasks, suffix, words });
  const made = await deliverPlan(plan, { head: standing.head, workflow: project.context.workflow }, project);
  const landed = tasks.filter(({ id }) => made.landed.includes(`${id}${suffix}`));
  const delivered = {
    ...standing.delivered,
    ...Object.fromEntries(landed.map((task) => [task.id, digestOfValue(task)])),
  };
  return { head: made.head, delivered, stuck: made.stuck };
}

interface SentBack {
  readonly from: string;
  readonly findings: readonly Finding[];
  readonly words: string;
}

async function revised(
  back: SentBack,
  visit: number,
  standing: Standing,
  { design, project }: Place,
): Promise<Standing> {
  const { git } = project.context.ports.repository(undefined);
  const id = `revise-${visit}`;
  const plan = fixPlan(design, {
    name: `${design.name}-${id}`,
    base: standing.head.commit,
    stage: "core",
    id,
    findings: back.findings,
    words: back.words,
    files: (await git.list(standing.head.tree)).map(({ path }) => path),
  });
  const workflow = fixWorkflow(project.context.workflow);
  const made: Delivered = await deliverPlan(plan, { head: standing.head, workflow }, project);
  return { ...standing, head: made.head, stuck: made.stuck };
}

/** What later stages sent back to core since its tasks were last delivered. */
function sentBack(facts: readonly ResearchFact[]): SentBack | undefined {
  const last = visitsOf("core", facts).findLast(({ findings }) => findings.every(({ rule }) => rule !== "core/stuck"));
  if (last === undefined) return undefined;
  const since = facts.slice(facts.lastIndexOf(last) + 1).filter(({ stage }) => stage !== "core");
  const refused = since.findLast((fact) => fact.type === "research-stage" && fact.outcome === "refused");
  if (refused?.type !== "research-stage") return undefined;
  const planned = facts.at(-1);
  if (planned?.type === "research-decided" && planned.move === "re-plan") return undefined;
  const said = since.flatMap((fact) =>
    fact.type === "research-decided" ? [`The ${fact.by} says: ${fact.words}`] : [],
  );
  return { from: refused.stage, findings: refused.findings as readonly Finding[], words: said.join("\n\n") };
}

/** What the orchestrator or a person last said about this stage, for whoever goes on with it. */
function wordsFor(stage: string, facts: readonly ResearchFact[]): string {
  const last = facts.findLast((fact) => fact.type === "research-decided" && fact.stage === stage);
  return last?.type === "research-decided" ? `The ${last.by} says: ${last.words}` : "";
}

/** What earlier visits delivered: each task by the digest of what it said then. */
async function deliveredSoFar({ context }: Project): Promise<Readonly<Record<string, string>>> {
  const { journal } = context.ports;
  const delivered: Record<string, string> = {};
  for (const stage of ["core", "evaluation"] as const)
    for (let visit = 1; ; visit++) {
      const kept = await journal.find(`done/${keyOf({ stage, visit })}`);
      if (kept?.type !== "step-completed") break;
      const ended = await endOf(Kept.parse(kept.result).end, context);
      const report = "report" in ended ? Report.safeParse(ended.report) : undefined;
      if (report?.success) Object.assign(delivered, report.data.delivered);
    }
  return delivered;
}

async function endOfTasks(
  stage: "core" | "evaluation",
  { delivered, stuck }: Standing,
  design: Design,
  project: Project,
): Promise<StageEnd> {
  const of = design.tasks.filter((task) => task.stage === stage);
  const landed = of.filter(({ id }) => delivered[id] !== undefined);
  const report = { delivered: { ...delivered }, tasks: landed.map(({ id, component }) => ({ id, component })) };
  const summary = `${landed.length} of ${of.length} tasks landed`;
  const files = await designFiles(design, project);
  if (stuck === undefined) return { kind: "passed", summary, files, report };
  const findings: readonly Finding[] = [
    { rule: `${stage}/stuck`, answers: "orchestrator", message: stuck.slice(0, 4000) },
  ];
  return { kind: "refused", summary: `${summary}; ${stuck.slice(0, 300)}`, findings, files, report };
}

/** The questions that coders asked and the answers they got, and tasks that were planned anew, as they go into the design. */
async function designFiles(
  design: Design,
  { context, design: frozen, starting }: Project,
): Promise<readonly StageFile[]> {
  const { ports } = context;
  const entries = await ports.journal.entries();
  const answers = entries.flatMap(({ event }) =>
    event.type === "orchestrated" && event.reason.includes("QUESTION")
      ? [`- ${event.task}: ${oneLine(event.reason)}\n  - ${oneLine(event.said)}`]
      : [],
  );
  const files: StageFile[] = [];
  const plan = starting.inputs.research?.texts["plan.md"] ?? "";
  if (answers.length > 0)
    files.push({
      path: `${design.folder}/plan.md`,
      text: `${plan.trimEnd()}\n\n## Questions that the implementation raised, and their answers\n\n${answers.join("\n")}\n`,
    });
  if (canonicalJson(design.tasks) !== canonicalJson(frozen.tasks)) {
    const decided = (await factsOf(context)).findLast(
      (fact) => fact.type === "research-decided" && fact.tasks !== undefined,
    );
    const blob = decided?.type === "research-decided" ? decided.tasks : undefined;
    if (blob !== undefined)
      files.push({ path: `${design.folder}/tasks.yaml`, text: await ports.journal.getBlob(blob) });
  }
  return files;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** The end of a stage that delivers, kept once. */
export async function keptDelivery(
  visit: { readonly stage: "core" | "evaluation"; readonly visit: number },
  head: Head,
  project: Project,
): Promise<DeliveredStage> {
  const { ports } = project.context;
  const key = keyOf(visit);
  const found = await ports.journal.find(`done/${key}`);
  const kept =
    found?.type === "step-completed"
      ? Kept.parse(found.result)
      : await keep(key, await deliverTasks(visit, head, project), project);
  return { end: await endOf(kept.end, project.context), head: { commit: kept.commit, tree: kept.tree } };
}

/** Not one step: what the engine does in it are steps of their own, and failures that are tried again there. */
async function keep(key: string, { end, head }: DeliveredStage, { context }: Project): Promise<Kept> {
  const { ports } = context;
  const { commit, tree } = head;
  return step(ports, { key, shape: Kept }, async () => ({
    end: await ports.journal.putBlob(JSON.stringify(end)),
    commit,
    tree,
  }));
}

function keyOf({ stage, visit }: { readonly stage: string; readonly visit: number }): string {
  return `research/${stage}/${visit}/delivered`;
}

const Kept = z.strictObject({ end: z.string(), commit: z.string(), tree: z.string() });
type Kept = z.infer<typeof Kept>;
