import { z } from "zod";
import type { ResearchStage } from "../../domain/research/facts.ts";
import type { GateType } from "../../domain/research/gate-type.ts";
import type { StageEnd, StageFile, StageName } from "../../domain/research/stage.ts";
import { step } from "../../engine/step.ts";
import { keptDelivery } from "./deliver-stage.ts";
import { type GateWord, gateWord } from "./gate-stage.ts";
import { handOffFiles } from "./hand-off-stage.ts";
import { currentDesign, endOf, gateNow, type Head, headOf, type Project, waitsFor } from "./project.ts";
import { landFiles } from "./research-branch.ts";
import { workOf } from "./stage-work.ts";
import { stageOf } from "./stages.ts";
import type { StageWork } from "./world.ts";

interface Visit {
  readonly stage: StageName;
  readonly visit: number;
}

interface Looked {
  readonly end: StageEnd;
  readonly outcome: "passed" | "refused" | "skipped";
  readonly word: GateWord;
  /** What the stage's files are laid upon. */
  readonly onto: Head;
  readonly files: readonly StageFile[];
}

/** Enters a stage, hears whose word lets it pass, lands its files and writes down how it ended. @throws StepFailure */
export async function visitStage(visit: Visit, project: Project): Promise<void> {
  const { context } = project;
  const { stage } = visit;
  const from = await headOf(project);
  const gate = await gateNow(stage, project);
  const { ports } = context;
  ports.glimpse({ kind: "doing", task: "research", what: `stage ${stage}, visit ${visit.visit}` });
  const { end, outcome, word, onto, files } = await lookAt(visit, gate, { from, project });
  const findings = outcome === "refused" && "findings" in end ? end.findings : word.findings;
  const summary = [("summary" in end && end.summary) || "", word.said].filter((part) => part !== "").join(" — ");
  const wants = outcome === "refused" && (stage === "gate" || stage === "review") ? word.wants : undefined;
  const fact: ResearchStage = {
    type: "research-stage",
    ...visit,
    outcome,
    gate,
    summary: summary.slice(0, 2000),
    findings: findings.map((finding) => ({ ...finding })),
    ...(wants === undefined ? {} : { wants }),
    end: await ports.journal.putBlob(JSON.stringify(end)),
    commit: onto.commit,
    tree: onto.tree,
  };
  const key = `${stage}/${visit.visit}`;
  const message = `Stage ${stage}, visit ${visit.visit}: ${outcome}`;
  const head = await landFiles({ key, message, files, from, onto, fact }, project);
  await ports.journal.append(`research/stage/${key}`, { ...fact, ...head });
  if (word.ends)
    await ports.journal.append(`research/ended/${key}`, {
      type: "research-decided",
      stage,
      number: visit.visit,
      move: "stop",
      words: word.said,
      by: "person",
    });
}

interface Place {
  readonly from: Head;
  readonly project: Project;
}

async function lookAt(visit: Visit, gate: GateType, { from, project }: Place): Promise<Looked> {
  const { stage } = visit;
  if (stage === "review" && gate === "auto") return skipped("auto: nobody reviews the code", from);
  const delivered = delivers(stage) ? await keptDelivery({ ...visit, stage }, from, project) : undefined;
  const onto = delivered?.head ?? from;
  const work = await workOf(visit, onto, await currentDesign(project), project);
  const end = await endOfVisit(visit, delivered?.end, { work, project });
  if (end.kind === "waiting") throw waitsFor(end.reason, end.hint);
  const files = together(delivered?.end, end);
  if (end.kind === "refused") return { end, outcome: "refused", word: NOTHING_SAID, onto, files };
  const word = stage === "review" && gate === "auto-judge" ? NOTHING_SAID : await gateWord(gate, { stage, end }, work);
  if (word.findings.length > 0) return { end, outcome: "refused", word, onto, files };
  const after = stage === "gate" ? await handOffFiles(work) : [];
  return { end, outcome: "passed", word, onto, files: [...files, ...after] };
}

function delivers(stage: StageName): stage is "core" | "evaluation" {
  return stage === "core" || stage === "evaluation";
}

/** What the delivery of tasks wants on the branch, and what the stage itself wants there. */
function together(delivered: StageEnd | undefined, end: StageEnd): readonly StageFile[] {
  const own = end.kind === "waiting" ? [] : end.files;
  const before = delivered === undefined || delivered.kind === "waiting" ? [] : delivered.files;
  return [...before.filter(({ path }) => !own.some((file) => file.path === path)), ...own];
}

const NOTHING_SAID: GateWord = { findings: [], said: "" };

function skipped(summary: string, onto: Head): Looked {
  const end: StageEnd = { kind: "passed", summary, files: [], report: { skipped: summary } };
  return { end, outcome: "skipped", word: NOTHING_SAID, onto, files: [] };
}

/** The tasks that were delivered stand in the report of a stage that goes on from there. */
function withReport(end: StageEnd, delivered: StageEnd | undefined): StageEnd {
  if (end.kind === "waiting" || delivered?.kind !== "passed") return end;
  const isPlain = typeof end.report === "object" && end.report !== null && !Array.isArray(end.report);
  const tasks = { delivery: delivered.report };
  const summary = end.summary === "" ? delivered.summary : `${delivered.summary}; ${end.summary}`;
  return { ...end, summary, report: isPlain ? { ...tasks, ...(end.report as object) } : { ...tasks, own: end.report } };
}

interface Work {
  readonly work: StageWork;
  readonly project: Project;
}

/** How the stage itself ended, kept once; a stage that waits for a person is entered again. */
async function endOfVisit(
  { stage }: Visit,
  delivered: StageEnd | undefined,
  { work, project }: Work,
): Promise<StageEnd> {
  if (delivered !== undefined && delivered.kind !== "passed") return delivered;
  if (stage === "gate") return { kind: "passed", summary: "", files: [], report: {} };
  const { context, key } = work;
  const kept = await step(
    context.ports,
    { key: `${key}/end`, shape: z.strictObject({ end: z.string() }), tries: 1 },
    async () => {
      const enter = project.starting.wiring.stages?.[stage] ?? (await stageOf(stage));
      const end = withReport(await enter(work), delivered);
      if (end.kind === "waiting") throw waitsFor(end.reason, end.hint);
      return { end: await context.ports.journal.putBlob(JSON.stringify(end)) };
    },
  );
  return endOf(kept.end, context);
}
