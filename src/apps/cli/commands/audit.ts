import { placeOf } from "../../../domain/audit/audit-finding.ts";
import type { AuditLevel } from "../../../domain/audit/audit-level.ts";
import type { PlanRow } from "../../../domain/audit/plan-state.ts";
import type { PlanCheck } from "../../../domain/audit/reconcile.ts";
import type { Budget } from "../../../domain/limits.ts";
import type { Role } from "../../../domain/model-call.ts";
import type { AuditEnd } from "../../../mill.ts";
import { counted } from "../../../views/amounts.ts";
import { plainJson, plainLine } from "../../../views/plain.ts";
import { exitCodeOf } from "../exit-code.ts";
import { follow } from "../follow.ts";
import { type Session, say, withMill } from "../session.ts";
import { requestOf } from "./run.ts";

interface AuditOptions {
  readonly level?: AuditLevel;
  readonly since?: string;
  readonly budget?: Budget;
  readonly model?: Readonly<Record<string, string>>;
  readonly recording?: string;
  readonly strict?: boolean;
}

/** Audits, and tells findings and plans. */
export async function audit(session: Session, options: AuditOptions): Promise<number> {
  const { level = "standard", since, budget, recording, strict } = options;
  const models = requestOf("audit", { model: options.model ?? {} }).models as Partial<Record<Role | "default", string>>;
  return withMill(session, async (mill) => {
    const request = { level, since, budget, models, recording, strict };
    const end = await follow(session, (watch) => mill.audit(request, watch));
    const exit = exitCodeOf(end.outcome, await mill.entries(end.run));
    say(session, session.json ? plainJson({ kind: "end", ...end, exit }) : auditText(end));
    return exit;
  });
}

const MOST_SHOWN = 10;

function auditText(end: AuditEnd): string {
  const { outcome, findings, dropped, unread, plans, pages, report, run } = end;
  const reason = "reason" in outcome && outcome.reason ? `: ${outcome.reason}` : "";
  const numbers = `${counted(findings.length, "finding")}, ${counted(dropped.length, "claim")} dropped, ${counted(unread.length, "file")} not read`;
  const shown = findings
    .slice(0, MOST_SHOWN)
    .map((one) => `  ${one.id.padEnd(4)} ${plainLine(`${one.kind} ${placeOf(one)}: ${one.claim}`, 200)}`);
  const [first] = plans;
  const afterwards = first ? `millwright run ${first.path}` : "";
  const next = report === undefined ? `millwright resume ${run}` : afterwards;
  return [
    "",
    plainLine(`${outcome.kind}${reason}`, 600),
    ...(report === undefined ? [] : [numbers, ...shown]),
    ...(findings.length > MOST_SHOWN ? [`  … and ${findings.length - MOST_SHOWN} more`] : []),
    ...plans.map(({ path, leverage }) => `plan     ${plainLine(path)} (leverage ${leverage})`),
    ...pages.map((path) => `page     ${plainLine(path)}`),
    ...(report === undefined ? [] : [`report   ${plainLine(report, 400)}`]),
    ...(next === "" ? [] : [`next     ${plainLine(next, 300)}`]),
  ].join("\n");
}

export async function plans(session: Session): Promise<number> {
  return withMill(session, async (mill) => {
    const rows = await mill.plans();
    say(session, session.json ? plainJson({ plans: rows }) : plansText(rows));
    return 0;
  });
}

function plansText(rows: readonly PlanRow[]): string {
  if (rows.length === 0) return "There is no plan in plans/. `millwright audit` and `millwright plan` write some.";
  const name = Math.max(...rows.map(({ plan }) => plan.length));
  return rows.map((row) => planLine(row, name)).join("\n");
}

function planLine(row: PlanRow, width: number): string {
  const { state, plan, tasks, landed, leverage, days, reason, title } = row;
  const numbers = [
    `${landed}/${tasks} tasks`,
    ...(leverage === undefined ? [] : [`leverage ${leverage}`]),
    ...(days === undefined ? [] : [counted(days, "day")]),
  ].join(", ");
  const said = plainLine(`${title} (${numbers})${reason === "" ? "" : `: ${reason}`}`, 240);
  return `${state.padEnd(9)}${plainLine(plan).padEnd(width + 2)}${said}`;
}

export async function reject(session: Session, name: string, options: { readonly reason?: string }): Promise<number> {
  return withMill(session, async (mill) => {
    const path = await mill.rejectPlan(name, options.reason ?? "");
    say(
      session,
      session.json
        ? plainJson({ rejected: path })
        : plainLine(`rejected ${path}: review it with git diff, then commit it`),
    );
    return 0;
  });
}

export async function reconcile(session: Session, options: { readonly apply?: boolean }): Promise<number> {
  return withMill(session, async (mill) => {
    const controller = new AbortController();
    const leave = session.terminal.onStop(() => controller.abort());
    try {
      const checks = await mill.reconcile({ apply: options.apply ?? false, signal: controller.signal });
      say(session, session.json ? plainJson({ plans: checks }) : checksText(checks));
      return 0;
    } finally {
      leave();
    }
  });
}

function checksText(checks: readonly PlanCheck[]): string {
  if (checks.length === 0) return "No plan waits.";
  const lines = checks.flatMap(({ plan, verdict, notes, applied }) => [
    `${verdict.padEnd(8)} ${plainLine(plan)}${applied ? " (written)" : ""}`,
    ...notes.map((note) => `         ${plainLine(note, 300)}`),
  ]);
  const open = checks.some(({ verdict, applied }) => verdict !== "fits" && !applied);
  return [...lines, ...(open ? ["millwright plans reconcile --apply writes it into the plan files."] : [])].join("\n");
}
