import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { lineDates } from "../../adapters/git/system/blame.ts";
import { DEPTHS } from "../../domain/audit/audit-level.ts";
import { type KnownPlan, plannedBefore } from "../../domain/audit/audit-plans.ts";
import { type AuditRecord, auditReport, type PlansMade } from "../../domain/audit/audit-report.ts";
import { canonicalJson } from "../../domain/digest.ts";
import { outcomeOfFailure, type RunOutcome } from "../../domain/outcome.ts";
import { PlanHeader } from "../../domain/plan.ts";
import { planPath } from "../../domain/plan-path.ts";
import { printPlan } from "../../domain/plan-text.ts";
import { baseGone } from "../../domain/run-failures.ts";
import { timeText } from "../../domain/time-text.ts";
import type { RunContext } from "../../engine/context.ts";
import { step } from "../../engine/step.ts";
import type { Watch } from "../../mill.ts";
import { openWorld, type Starting } from "../run-once.ts";
import { writePlanFile } from "../write-plan.ts";
import { askAuditor, type Found } from "./ask-auditor.ts";
import type { AuditEnd } from "./audit-door.ts";
import { type Grouped, groupPlans } from "./group-plans.ts";
import { plansIn } from "./plan-files.ts";
import { type Survey, surveyOf } from "./survey.ts";
import { writePages } from "./write-pages.ts";

/** Roles that an audit asks. */
export const AUDIT_ROLES = ["auditor", "architect"] as const;

/**
 * Looks, asks, verifies, groups, and writes plans and report. An audit is a run: what it asked is a fact and is asked once;
 * when it waits, `resume` goes on with it.
 */
export async function conductAudit(starting: Starting, watch: Watch): Promise<AuditEnd> {
  const world = await openWorld(starting, watch);
  const { context } = world;
  try {
    const end = await audit(starting, context).catch((error: unknown) => nothing(starting.id, outcomeOfFailure(error)));
    await endAudit(end.outcome, context);
    return end;
  } finally {
    await world.close();
  }
}

function nothing(run: string, outcome: RunOutcome): AuditEnd {
  return { run, outcome, report: undefined, findings: [], dropped: [], unread: [], plans: [], pages: [] };
}

async function audit(starting: Starting, context: RunContext): Promise<AuditEnd> {
  const { inputs, inspection } = starting;
  const { level = "standard", since } = inputs.audit ?? {};
  const { git, tree } = await headOf(context);
  const dates = (path: string, lines: readonly number[]) =>
    lineDates(inspection, { commit: context.base.commit, path, lines });
  const survey = await surveyOf(tree, { runsTools: DEPTHS[level].runsTools, dates }, context);
  const existing = await knownPlans(starting, context);
  const before = since === undefined ? undefined : await git.resolve(since);
  const changed = before && new Set((await git.changes(before.tree, tree)).map(({ path }) => path));
  const told = existing.flatMap(({ plan, audit: by }) =>
    (by?.evidence ?? []).map(({ claim }) => `${claim} (plan ${plan})`),
  );
  const found = await askAuditor(survey, { level, changed, known: told.slice(0, 40) }, context);
  const record = recordOf(starting, { survey, found, existing });
  const report = canonicalJson(record.findings);
  const audited = { id: starting.id, made: record.made, base: context.base.commit, report, findings: record.findings };
  const grouped = await groupPlans({ survey, findings: record.findings, existing, audited }, context);
  return finish(starting, { record, grouped, paths: survey.paths }, context);
}

async function headOf(context: RunContext) {
  const { git } = context.ports.repository(undefined);
  const head = await git.resolve(context.base.commit);
  if (!head) throw baseGone();
  return { git, tree: head.tree };
}

const KnownPlans = z.object({
  plans: z.array(PlanHeader.pick({ plan: true, title: true, tasks: true, audit: true, rejected: true })),
});

/** The plans of the checkout as the audit found them: a moving thing. */
async function knownPlans({ root }: Starting, { ports }: RunContext): Promise<readonly KnownPlan[]> {
  const look = await step(ports, { key: "audit/plans", shape: KnownPlans }, async () => {
    const { plans } = await plansIn(root);
    const kept = plans.map(({ plan: { plan, title, tasks, audit: by, rejected } }) => ({
      plan,
      title,
      tasks,
      audit: by,
      rejected,
    }));
    return KnownPlans.parse(JSON.parse(JSON.stringify({ plans: kept })));
  });
  return look.plans as readonly KnownPlan[];
}

interface Seen {
  readonly survey: Survey;
  readonly found: Found;
  readonly existing: readonly KnownPlan[];
}

function recordOf({ id, inputs }: Starting, { survey, found, existing }: Seen): AuditRecord {
  const { level = "standard", since } = inputs.audit ?? {};
  const known = found.findings.flatMap((finding) => {
    const plan = plannedBefore(finding, existing);
    return plan ? [{ finding, plan }] : [];
  });
  const isKnown = new Set(known.map(({ finding }) => finding.id));
  return {
    id,
    level,
    base: inputs.base.commit,
    since,
    made: timeText(inputs.startedAt * 1000).slice(0, 10),
    reports: survey.reports,
    modules: survey.modules,
    read: found.read,
    unread: found.unread,
    findings: found.findings.filter((finding) => !isKnown.has(finding.id)),
    dropped: found.dropped,
    known: known.map(
      ({ finding, plan }) =>
        `${finding.file}:${finding.lines.from} ${finding.claim} (${plan.plan}${plan.rejected ? ", rejected" : ""})`,
    ),
    concepts: found.concepts,
  };
}

interface Made {
  readonly record: AuditRecord;
  readonly grouped: Grouped;
  /** Every path of the tree. */
  readonly paths: readonly string[];
}

/** Writes plans and report, says so in the journal, and tells how it ended. */
async function finish(starting: Starting, { record, grouped, paths }: Made, context: RunContext): Promise<AuditEnd> {
  const { id, root, stateDir, inputs } = starting;
  const plans: PlansMade["plans"][number][] = [];
  for (const { plan, findings } of grouped.plans) {
    const path = await writePlanFile(root, planPath(plan.plan, inputs.startedAt), printPlan(plan));
    plans.push({ plan: plan.plan, path, title: plan.title, leverage: plan.audit?.leverage ?? 0, findings });
  }
  const made = { plans, refused: grouped.refused };
  const report = await writeReport(join(stateDir, "audits", id), record, made);
  await context.ports.journal.append("audited", {
    type: "audited",
    findings: record.findings.length,
    dropped: record.dropped.length,
    unread: record.unread.length,
    plans: plans.map(({ plan, path, leverage }) => ({ plan, path, leverage })),
    refused: [...grouped.refused],
  });
  const isEmpty =
    plans.length === 0 && record.findings.length > 0 && grouped.refused.some((line) => line.startsWith("["));
  const outcome: RunOutcome = isEmpty
    ? { kind: "stuck", reason: `no plan holds: ${grouped.refused.join(" | ")}` }
    : { kind: "done", branch: "" };
  const entries = await context.ports.journal.entries();
  const pages = await writePages(record, made, { root, paths, startedAt: inputs.startedAt, entries });
  const { findings, dropped, unread } = record;
  return { run: id, outcome, report, findings, dropped, unread, plans, pages };
}

async function writeReport(dir: string, record: AuditRecord, made: PlansMade): Promise<string> {
  await mkdir(dir, { recursive: true });
  const path = join(dir, "report.md");
  await writeFile(join(dir, "findings.json"), `${JSON.stringify({ ...record, ...made }, null, 2)}\n`);
  await writeFile(path, auditReport(record, made));
  return path;
}

/** As of any run: an audit that waits or was stopped can go on, and has not ended. */
async function endAudit(outcome: RunOutcome, { ports }: RunContext): Promise<void> {
  const { journal } = ports;
  const ended = {
    type: "run-ended",
    outcome: outcome.kind,
    reason: "reason" in outcome ? outcome.reason : "",
  } as const;
  if (outcome.kind === "done" || outcome.kind === "stuck") return journal.append("ended", ended);
  let count = 1;
  while (await journal.find(`paused/${count}`)) count++;
  return journal.append(`paused/${count}`, ended);
}
