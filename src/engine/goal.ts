import { goalBrief } from "../briefs/goal-brief.ts";
import { commandSaid, fileSaid, type GoalSaid } from "../domain/goal-said.ts";
import { judgeSchema, parseGoal } from "../domain/judge-replies.ts";
import type { GoalCheck, Plan } from "../domain/plan.ts";
import { noVerdict } from "../domain/run-failures.ts";
import { CommandResult } from "../domain/step-shapes.ts";
import type { TreeId } from "../domain/work.ts";
import { ask } from "./ask.ts";
import type { RunContext } from "./context.ts";
import { step } from "./step.ts";

/** Whether the goal is met, with the evidence either way. */
export interface GoalVerdict {
  readonly met: boolean;
  readonly evidence: readonly string[];
}

/** Objective commands and file checks first; then the goal-checker, with evidence, from yet another model. */
export async function judgeGoal(
  round: number,
  plans: readonly Plan[],
  head: { tree: TreeId; base: TreeId },
  context: RunContext,
): Promise<GoalVerdict> {
  const checks = plans.flatMap((plan) => plan.goal);
  const isBare = checks.length === 0 && context.workflow.goal.checks === "required";
  const evidence = isBare ? ["not met: the goal has no command and no file check, and nobody judges it"] : [];
  let met = !isBare;
  for (const check of checks) {
    const said = await objective(check, head.tree, context);
    evidence.push(said.text);
    met &&= said.met;
  }
  if (met && context.workflow.goal.judge) {
    const judged = await askChecker(round, head, evidence, context);
    evidence.push(...judged.evidence);
    met = judged.met;
  }
  await context.ports.journal.append(`goal/${round}`, {
    type: "goal-judged",
    round,
    decision: met ? "MET" : "NOT MET",
    evidence,
  });
  return { met, evidence };
}

async function objective(check: GoalCheck, tree: TreeId, context: RunContext): Promise<GoalSaid> {
  const { git, toolchain } = context.ports.repository(undefined);
  if ("file" in check) return fileSaid(check, await git.read(tree, check.file));
  await toolchain.prepare(tree);
  const key = `goal-command/${tree}/${check.run}`;
  const result = await step(context.ports, { key, shape: CommandResult }, async () => {
    const seen = await toolchain.command(
      { tree, run: check.run, seconds: context.config.limits.commandSeconds },
      context.ports.signal,
    );
    return { exitCode: seen.exitCode, ended: seen.ended, output: `${seen.stdout}\n${seen.stderr}`.trim().slice(-2000) };
  });
  return commandSaid(check.run, result);
}

async function askChecker(
  round: number,
  head: { tree: TreeId; base: TreeId },
  evidence: readonly string[],
  context: RunContext,
): Promise<GoalVerdict> {
  const { git } = context.ports.repository(undefined);
  const { limits } = context.config;
  const problems: string[] = [];
  const landed = await git.diff(head.base, head.tree, 5);
  for (let reply = 1; reply <= limits.judgeReplies; reply++) {
    const attempt = (round - 1) * limits.judgeReplies + reply;
    const question = {
      task: "goal",
      role: "goal-checker",
      attempt,
      ...(await goalBrief({ landed, evidence, problems }, context)),
      schema: judgeSchema("goal-checker"),
    } as const;
    const parsed = parseGoal((await ask(question, context)).text);
    if (parsed.kind === "usable") return { met: parsed.reply.decision === "MET", evidence: parsed.reply.evidence };
    problems.push(...parsed.problems);
  }
  throw noVerdict("goal-checker", problems.at(-1));
}
