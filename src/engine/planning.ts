import { architectBrief, type Round } from "../briefs/architect-brief.ts";
import { rejection } from "../domain/approval-texts.ts";
import { ApprovalWord } from "../domain/approvals.ts";
import { digestOf } from "../domain/digest.ts";
import type { Plan } from "../domain/plan.ts";
import { linkOrder } from "../domain/plan-graph.ts";
import { judgePlan } from "../domain/plan-rules.ts";
import { fillPlan, parsePlans, printPlan } from "../domain/plan-text.ts";
import { SkillNames } from "../domain/skill.ts";
import type { Finding } from "../domain/verdict.ts";
import { withDocumentation } from "../domain/wiki/docs-plan.ts";
import { wordOn } from "./approve.ts";
import { ask } from "./ask.ts";
import type { RunContext } from "./context.ts";
import { step } from "./step.ts";

/** Plans that no rule objects to, in the order to pursue them; or what stands against them. */
export type Planned =
  | { readonly kind: "plans"; readonly plans: readonly Plan[] }
  | { readonly kind: "refused"; readonly findings: readonly Finding[]; readonly ends?: boolean | undefined };

/** The architect proposes, rules judge, and their refusals go back to it, within a limit. */
export async function makePlans(round: Round, context: RunContext): Promise<Planned> {
  const { ports, config } = context;
  let findings: readonly Finding[] = [];
  let reply = "";
  for (let attempt = 1; attempt <= config.limits.planAttempts; attempt++) {
    const brief = await architectBrief({ round, findings, reply }, context);
    const number = (round.number - 1) * config.limits.planAttempts + attempt;
    reply = (await ask({ task: "plan", role: "architect", attempt: number, ...brief }, context)).text;
    const planned = await approved(await judgePlans(reply, round, context), number, context);
    if (planned.kind === "plans" || planned.ends) return planned;
    findings = planned.findings;
    await ports.journal.append(`plan-refused/${number}`, {
      type: "plan-refused",
      attempt: number,
      findings: [...findings],
    });
  }
  return { kind: "refused", findings };
}

/** Plans that no rule objects to, once whoever is asked about them has approved. */
async function approved(planned: Planned, number: number, context: RunContext): Promise<Planned> {
  if (planned.kind === "refused") return planned;
  const { ports } = context;
  const word = await step(ports, { key: `approval/plan/${number}`, shape: ApprovalWord }, async () => {
    const text = planned.plans.map(printPlan).join("\n");
    return wordOn({ stage: "plan", digest: digestOf(text), text: await ports.journal.putBlob(text) }, context);
  });
  if (word.decision === "approved") return planned;
  return { kind: "refused", findings: [rejection(word, "architect")], ends: word.end };
}

/** Judges plans that a person handed in by the same rules. */
export async function checkPlans(plans: readonly Plan[], context: RunContext): Promise<Planned> {
  const repository = context.ports.repository(undefined);
  const head = await repository.git.resolve(context.base.commit);
  const files = head ? (await repository.git.list(head.tree)).map((file) => file.path) : [];
  const skills = await skillNames(plans, context);
  const facts = { files, profile: repository.toolchain.profile, config: context.config, skills };
  const verdict = judgePlan(plans, context.spec, facts);
  return verdict.kind === "refuse"
    ? { kind: "refused", findings: verdict.findings }
    : { kind: "plans", plans: withDocumentation(linkOrder(plans), context.workflow, files) };
}

/** The skills that a plan may name, looked for once, and only for a plan that names one. @throws InputError when that is broken */
async function skillNames(plans: readonly Plan[], { ports }: RunContext): Promise<readonly string[]> {
  const named = plans.flatMap((plan) => plan.tasks.flatMap((task) => task.skill ?? []));
  if (named.length === 0) return [];
  const key = `skills/${[...new Set(named)].sort().join(",")}`;
  const { names } = await step(ports, { key, shape: SkillNames }, async () => {
    const found = (await ports.library.skills()).map(({ name }) => name);
    for (const name of named) if (found.includes(name)) await ports.library.skill(name);
    return { names: found };
  });
  return names;
}

async function judgePlans(reply: string, round: Round, context: RunContext): Promise<Planned> {
  const parsed = parsePlans(reply);
  if (parsed.kind === "problems")
    return {
      kind: "refused",
      findings: parsed.problems.map((message) => ({ rule: "plan/format", answers: "architect", message })),
    };
  const known = {
    specDigest: context.spec.digest,
    base: context.base.commit,
    ...(context.spec.path === undefined ? {} : { specPath: context.spec.path }),
  };
  const plans = parsed.plans.map((draft) => fillPlan(draft, known));
  const planned = await checkPlans(plans, context);
  if (round.number === 1 || planned.kind === "plans") return planned;
  const findings = planned.findings.filter((finding) => finding.rule !== "plan/literal-missing");
  return findings.length === 0 ? { kind: "plans", plans: linkOrder(plans) } : { kind: "refused", findings };
}
