import { z } from "zod";
import { standingOf } from "../../domain/approval-standing.ts";
import { approvalNeeded, askedFact, givenFact } from "../../domain/approval-texts.ts";
import { type ApprovalSubject, Approvals, type ApprovalWord } from "../../domain/approvals.ts";
import type { GateType } from "../../domain/research/gate-type.ts";
import { JUDGED } from "../../domain/research/judging.ts";
import type { StageEnd, StageName } from "../../domain/research/stage.ts";
import type { Finding } from "../../domain/verdict.ts";
import type { RunContext } from "../../engine/context.ts";
import { askJudge } from "./ask-judge.ts";
import type { StageWork } from "./world.ts";

/** What a gate says of a stage, and what it wants where it says no. */
export interface GateWord {
  readonly findings: readonly Finding[];
  readonly wants?: "revise" | "trouble" | undefined;
  /** No further try is wanted. */
  readonly ends?: boolean | undefined;
  readonly said: string;
}

const PASSES: GateWord = { findings: [], said: "" };

/** The word of a person, of the judge, or of nobody, on what a stage has made. @throws StepFailure `approval-needed` */
export async function gateWord(
  gate: GateType,
  about: { readonly stage: StageName; readonly end: StageEnd },
  work: StageWork,
): Promise<GateWord> {
  switch (gate) {
    case "auto":
      return { ...PASSES, said: about.stage === "gate" ? "auto: the review was skipped" : "" };
    case "human":
      return personsWord(about, work);
    case "auto-judge":
      return judgesWord(about.stage, work);
  }
}

async function personsWord(
  about: { readonly stage: StageName; readonly end: StageEnd },
  work: StageWork,
): Promise<GateWord> {
  const { context } = work;
  const from = (await context.ports.repository(undefined).git.resolve(context.base.commit))?.tree ?? work.tree;
  const subject = { stage: "task", about: `research-${about.stage}`, digest: work.tree, from, to: work.tree } as const;
  const word = await wordOfPerson(subject, context);
  if (word.decision === "approved")
    return { ...PASSES, said: `approved by ${word.by}${word.note ? `: ${word.note}` : ""}` };
  const message = `${word.by} rejects it: ${word.note || "without a reason"}`;
  const findings = [{ rule: `${about.stage}/person`, answers: "developer", message } as const];
  return { findings, wants: "revise", ends: word.end, said: message };
}

/** A person's word on exactly this, whatever the gates of the engine say. @throws StepFailure `approval-needed` */
export async function wordOfPerson(subject: ApprovalSubject, context: RunContext): Promise<ApprovalWord> {
  const { ports } = context;
  const own = (await ports.journal.entries()).filter(({ event }) => event.type !== "gates-changed");
  const standing = standingOf(subject, own, { ...Approvals.parse({}), task: "human" });
  if (standing.kind === "given") return standing.word;
  await ports.journal.append(...askedFact(subject, "human"));
  throw approvalNeeded(subject, ports.journal.run);
}

const Review = z.object({
  findings: z.array(
    z.object({ rule: z.string(), path: z.string(), line: z.number(), message: z.string(), evidence: z.string() }),
  ),
});

/** The judge's word, and before it what the reviewer found and a program has seen to stand there. */
async function judgesWord(stage: StageName, work: StageWork): Promise<GateWord> {
  const { reply, model } = await askJudge(work);
  const review = stage === "gate" ? Review.safeParse(work.reportOf("review")) : undefined;
  const held: readonly Finding[] = (review?.data?.findings ?? []).map((one) => ({ ...one, answers: "developer" }));
  const judged = JUDGED.filter((name) => !reply[name].ok).map(
    (name): Finding => ({
      rule: `judge/${name}`,
      answers: "developer",
      message: `${reply[name].because} ${reply.words}`,
    }),
  );
  const findings = [...held, ...judged];
  const said = `${model}: ${reply.decision}: ${reply.words}`;
  await keepJudged(stage, { isApproved: findings.length === 0, said, model }, work);
  if (findings.length === 0) return { findings, said };
  return { findings, wants: reply.decision === "trouble" ? "trouble" : "revise", said };
}

/** The judge's word stands in the journal like any other word on an approval. */
async function keepJudged(
  stage: StageName,
  { isApproved, said, model }: { readonly isApproved: boolean; readonly said: string; readonly model: string },
  { context, tree, name }: StageWork,
): Promise<void> {
  const subject = { stage: "task", about: `research-${stage}`, digest: tree } as const;
  const decision = isApproved ? "approved" : "rejected";
  const [key, fact] = givenFact(subject, { decision, by: `the judge (${model})`, note: said, judged: true }, 1);
  await context.ports.journal.append(`${key}/${name}`, fact);
}
