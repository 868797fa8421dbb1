import { fixWorkflow } from "../../domain/research/coder-words.ts";
import { fixPlan } from "../../domain/research/core-plan.ts";
import type { ResearchFact, ResearchFix } from "../../domain/research/facts.ts";
import { decisions, fixesOf, visitsOf } from "../../domain/research/pipeline.ts";
import type { StageName } from "../../domain/research/stage.ts";
import type { Finding } from "../../domain/verdict.ts";
import { type Delivered, deliverPlan } from "./deliver-plan.ts";
import { noteError } from "./orchestrate.ts";
import { currentDesign, factsOf, headOf, type Project } from "./project.ts";
import { landFiles } from "./research-branch.ts";

/** The coder answers what a stage refused, in one task of the engine; the stage looks again afterwards. @throws StepFailure */
export async function fixStage(
  { stage, number }: { readonly stage: StageName; readonly number: number },
  project: Project,
): Promise<void> {
  const { context } = project;
  const { ports } = context;
  const facts = await factsOf(context);
  const refused = visitsOf(stage, facts).at(-1);
  const findings = (refused?.findings ?? []) as readonly Finding[];
  const design = await currentDesign(project);
  const head = await headOf(project);
  const { git } = ports.repository(undefined);
  ports.glimpse({ kind: "doing", task: "research", what: `fix ${number} of the stage ${stage}` });
  const id = `fix-${stage}-${number}`;
  const plan = fixPlan(design, {
    name: `${design.name}-${id}`,
    base: head.commit,
    stage,
    id,
    findings,
    words: triedText(stage, facts),
    files: (await git.list(head.tree)).map(({ path }) => path),
  });
  const made = await deliverPlan(plan, { head, workflow: fixWorkflow(context.workflow) }, project);
  await noteError(errorOf({ stage, number, made, findings }), id, context);
  const fact: ResearchFix = {
    type: "research-fix",
    stage,
    number,
    outcome: made.stuck === undefined ? "landed" : "failed",
    reason: (made.stuck ?? "").slice(0, 2000),
    ...head,
  };
  const key = `${stage}/fix/${number}`;
  const onto = made.stuck === undefined ? made.head : head;
  const landed = await landFiles(
    { key, message: `Fix ${number} of ${stage}: ${fact.outcome}`, files: [], from: head, onto, fact },
    project,
  );
  await ports.journal.append(`research/fix/${stage}/${number}`, { ...fact, ...landed });
}

function errorOf(fixed: {
  readonly stage: StageName;
  readonly number: number;
  readonly made: Delivered;
  readonly findings: readonly Finding[];
}) {
  const { stage, number, made, findings } = fixed;
  const resolution =
    made.stuck === undefined ? `fix ${number} landed; the stage looks again` : `fix ${number} failed: ${made.stuck}`;
  const error = findings.map(({ rule, message }) => `[${rule}] ${message}`).join(" ");
  return { stage, subject: `fix ${number}`, error, resolution };
}

/** What was tried before, and what was said about it. */
export function triedText(stage: StageName, facts: readonly ResearchFact[]): string {
  const fixes = fixesOf(stage, facts).map(
    ({ number, outcome, reason }) =>
      `- fix ${number}: ${outcome}${reason === "" ? ", and the stage refused again" : `: ${reason}`}`,
  );
  const said = decisions(stage, facts).map(({ by, words }) => `The ${by} says: ${words}`);
  return [...(fixes.length > 0 ? [["What was tried before:", ...fixes].join("\n")] : []), ...said.slice(-2)].join(
    "\n\n",
  );
}
