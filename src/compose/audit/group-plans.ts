import { groupingBrief } from "../../briefs/audit-briefs.ts";
import type { AuditFinding } from "../../domain/audit/audit-finding.ts";
import {
  type Audited,
  auditedPlan,
  auditPlanProblems,
  duplicateOf,
  type KnownPlan,
  planLeverage,
} from "../../domain/audit/audit-plans.ts";
import type { Plan } from "../../domain/plan.ts";
import { plansNeeded } from "../../domain/plan-graph.ts";
import { fillPlan, type PlanDraft, parsePlans } from "../../domain/plan-text.ts";
import type { Finding } from "../../domain/verdict.ts";
import { ask } from "../../engine/ask.ts";
import type { RunContext } from "../../engine/context.ts";
import { checkPlans } from "../../engine/planning.ts";
import type { Survey } from "./survey.ts";

/** Plans that no rule objects to, the most leverage first, and what became of the others. */
export interface Grouped {
  readonly plans: readonly { readonly plan: Plan; readonly findings: readonly string[] }[];
  readonly refused: readonly string[];
}

/** Findings that one question for plans shows. */
const MOST_FINDINGS = 40;
/** Characters of files that it shows. */
const MOST_CHARACTERS = 60_000;

interface Grouping {
  readonly survey: Survey;
  readonly findings: readonly AuditFinding[];
  readonly existing: readonly KnownPlan[];
  readonly audited: Audited;
}

/** The architect groups, rules judge, and their refusals go back to it, within a limit; at the end what holds is kept. */
export async function groupPlans(grouping: Grouping, context: RunContext): Promise<Grouped> {
  const { ports, config } = context;
  const { survey, existing } = grouping;
  const findings = grouping.findings.slice(0, MOST_FINDINGS);
  if (findings.length === 0) return { plans: [], refused: [] };
  const files = await filesOf(findings, survey);
  const plans = existing.map(({ plan, title, rejected }) => `${plan}: ${title}${rejected ? " (rejected)" : ""}`);
  let judged: Judged = { good: [], duplicates: [], problems: [] };
  let reply = "";
  for (let attempt = 1; attempt <= config.limits.planAttempts; attempt++) {
    const asked = {
      tree: survey.tree,
      findings,
      most: config.limits.auditPlans,
      files,
      plans,
      refused: judged.problems,
      reply,
    };
    const brief = await groupingBrief(asked, context);
    reply = (await ask({ task: "plan", role: "architect", attempt, ...brief }, context)).text;
    judged = await judgeReply(reply, { ...grouping, findings }, context);
    if (judged.problems.length === 0) break;
    await ports.journal.append(`plan-refused/${attempt}`, {
      type: "plan-refused",
      attempt,
      findings: [...judged.problems],
    });
  }
  return kept(judged, grouping, config.limits.auditPlans);
}

async function filesOf(findings: readonly AuditFinding[], survey: Survey) {
  const files: { path: string; text: string }[] = [];
  let left = MOST_CHARACTERS;
  for (const path of new Set(findings.map(({ file }) => file))) {
    const text = (await survey.text(path)) ?? "";
    if (text.length > left) continue;
    left -= text.length;
    files.push({ path, text });
  }
  return files;
}

interface Judged {
  readonly good: readonly PlanDraft[];
  readonly duplicates: readonly string[];
  readonly problems: readonly Finding[];
}

async function judgeReply(reply: string, grouping: Grouping, context: RunContext): Promise<Judged> {
  const parsed = parsePlans(reply);
  if (parsed.kind === "problems") {
    const problems = parsed.problems.map(
      (message) => ({ rule: "plan/format", answers: "architect", message }) as const,
    );
    return { good: [], duplicates: [], problems };
  }
  const { fresh, duplicates } = freshOnes(parsed.plans, grouping);
  const good: PlanDraft[] = [];
  const problems: Finding[] = [];
  for (const group of linkedGroups(fresh)) {
    const against = await problemsOf(group, grouping, context);
    if (against.length === 0) good.push(...group);
    else problems.push(...against.map((one) => ({ ...one, message: inPlan(group, one.message) })));
  }
  return { good, duplicates, problems };
}

/** Plans that say what no plan says yet, and of the others what they say again. */
function freshOnes(drafts: readonly PlanDraft[], { findings, existing }: Grouping) {
  const fresh: PlanDraft[] = [];
  const duplicates: string[] = [];
  for (const draft of drafts) {
    const answered = findings.filter(({ id }) => draft.findings?.includes(id));
    const same = duplicateOf(draft, answered, [...existing, ...fresh]);
    if (same === undefined) fresh.push(draft);
    else duplicates.push(`${draft.plan} says again what ${same.plan}${wasRejected(same)} says`);
  }
  return { fresh, duplicates };
}

function wasRejected({ rejected }: Pick<KnownPlan, "rejected">): string {
  return rejected === undefined ? "" : ", which was rejected,";
}

async function problemsOf(group: readonly PlanDraft[], { survey, findings }: Grouping, context: RunContext) {
  const facts = { findings, files: survey.paths, graph: survey.graph };
  const known = { specDigest: context.spec.digest, base: context.base.commit };
  const checked = await checkPlans(
    group.map((draft) => fillPlan(draft, known)),
    context,
  );
  const byRules = checked.kind === "refused" ? checked.findings : [];
  return [...group.flatMap((draft) => auditPlanProblems(draft, facts)), ...byRules];
}

function inPlan(group: readonly PlanDraft[], message: string): string {
  const names = group.map(({ plan }) => plan);
  return names.some((name) => message.includes(name)) ? message : `${names.join(", ")}: ${message}`;
}

/** Plans that need one another are judged together, others each by itself. */
function linkedGroups(drafts: readonly PlanDraft[]): readonly (readonly PlanDraft[])[] {
  const groups: PlanDraft[][] = [];
  for (const draft of drafts) {
    const links = (group: readonly PlanDraft[]) =>
      group.some((other) => needsOf(other).includes(draft.plan) || needsOf(draft).includes(other.plan));
    const joined = groups.filter(links);
    const rest = groups.filter((group) => !links(group));
    groups.splice(0, groups.length, ...rest, [...joined.flat(), draft]);
  }
  return groups;
}

function needsOf(draft: PlanDraft): readonly string[] {
  return plansNeeded(fillPlan(draft, { specDigest: "", base: "" }));
}

/** The plans with the most leverage; a plan is kept with those that it needs. */
function kept(
  { good, duplicates, problems }: Judged,
  { findings, existing, audited }: Grouping,
  most: number,
): Grouped {
  const worth = (draft: PlanDraft) => planLeverage(findings.filter(({ id }) => draft.findings?.includes(id)));
  const groups = [...linkedGroups(good)].sort((a, b) => sum(b.map(worth)) / b.length - sum(a.map(worth)) / a.length);
  const chosen: PlanDraft[] = [];
  const over: string[] = [];
  for (const group of groups) {
    if (chosen.length + group.length <= most) chosen.push(...group);
    else over.push(...group.map(({ plan }) => `${plan}: there are at most ${most} plans an audit (limits.auditPlans)`));
  }
  const taken = new Set(existing.map(({ plan }) => plan));
  const plans = chosen.map((draft) => ({
    plan: auditedPlan(named(draft, taken), audited),
    findings: draft.findings ?? [],
  }));
  const refused = problems.map(({ rule, message }) => `[${rule}] ${message}`);
  return { plans, refused: [...duplicates, ...over, ...refused] };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** Under a name that no plan has. */
function named(draft: PlanDraft, taken: ReadonlySet<string>): PlanDraft {
  if (!taken.has(draft.plan)) return draft;
  let number = 2;
  while (taken.has(`${draft.plan}-${number}`)) number++;
  return { ...draft, plan: `${draft.plan}-${number}` };
}
