import { digestOf } from "../digest.ts";
import { isGlob, matches } from "../paths.ts";
import type { AuditEvidence, Plan } from "../plan.ts";
import type { PlanDraft } from "../plan-text.ts";
import { redact } from "../redact.ts";
import type { Finding } from "../verdict.ts";
import { type AuditFinding, placeOf } from "./audit-finding.ts";
import { type ImportGraph, neighboursOf } from "./source.ts";
import { isSameClaim } from "./verify-finding.ts";

/** What a plan of an audit is judged by, beside the rules of every plan. */
export interface AuditPlanFacts {
  readonly findings: readonly AuditFinding[];
  /** Every path at the base. */
  readonly files: readonly string[];
  readonly graph: ImportGraph;
}

const DOCUMENT = /^(?:wiki|docs)\/.*\.md$|^(?:README|CHANGELOG|CONTRIBUTING)\.md$|^agents\/[A-Z]+\.md$/;

/** What stands against a plan because of where it comes from: an audit's plan answers findings, and nothing else. */
export function auditPlanProblems(draft: PlanDraft, facts: AuditPlanFacts): readonly Finding[] {
  const known = new Map(facts.findings.map((finding) => [finding.id, finding]));
  const ids = draft.findings ?? [];
  const unknown = ids.filter((id) => !known.has(id));
  const none =
    ids.length === 0 ? [`${draft.plan} names no finding: write \`findings: [F1, F3]\` into its front matter.`] : [];
  const answered = ids.flatMap((id) => known.get(id) ?? []);
  return [
    ...none.map((message) => problem("audit/findings", message)),
    ...unknown.map((id) => problem("audit/findings", `${draft.plan} names the finding ${id}, which there is not.`)),
    ...(answered.length === 0 ? [] : scopeProblems(draft, answered, facts)),
    ...commandProblems(draft),
  ];
}

function problem(rule: string, message: string): Finding {
  return { rule, answers: "architect", message };
}

/** Files that stand may be written only where a finding is, next to it, in tests or in documents. New files are free. */
function scopeProblems(
  draft: PlanDraft,
  answered: readonly AuditFinding[],
  { files, graph }: AuditPlanFacts,
): readonly Finding[] {
  const own = new Set(answered.map(({ file }) => file));
  const near = new Set([...own].flatMap((path) => [path, ...neighboursOf(path, graph)]));
  return draft.tasks.flatMap((task) =>
    [...task.files, ...task.deletes].flatMap((path) => {
      const meant = isGlob(path)
        ? files.filter((file) => matches([path], file))
        : files.filter((file) => file === path);
      const foreign = meant.filter((file) => !near.has(file) && !DOCUMENT.test(file));
      const [first] = foreign;
      if (first === undefined) return [];
      const message = `${task.id} of ${draft.plan} may write ${first}, where none of its findings is: they are in ${[...own].join(", ")}.`;
      return [problem("audit/scope", message)];
    }),
  );
}

const NETWORK =
  /(?:^|[\s;&|("'`])(?:curl|wget|nc|ncat|telnet|ssh|scp|sftp|rsync|ftp|sudo|su|chown|mkfs|dd|crontab|systemctl|eval|base64)(?:\s|$)|git\s+(?:push|remote|config|fetch|clone|reset|checkout|clean)\b|npm\s+(?:publish|login|token|install|i|ci|exec)\b|\bnpx\s+(?!--no-install)|pip3?\s+install|\brm\s+-\w*r|https?:\/\/|\/dev\/tcp|>\s*\/(?!dev\/null)/;

/** A check looks; it fetches nothing, publishes nothing and throws nothing away. */
function commandProblems(draft: PlanDraft): readonly Finding[] {
  const commands = [
    ...draft.goal.flatMap((check) => ("run" in check ? [check.run] : [])),
    ...draft.tasks.flatMap(({ check }) => (check === undefined ? [] : [check])),
  ];
  return commands
    .filter((command) => NETWORK.test(command))
    .map((command) =>
      problem(
        "audit/command",
        `${draft.plan} runs ${JSON.stringify(command.slice(0, 120))}: a check looks at files and runs tests, nothing else.`,
      ),
    );
}

/** What an audit knows of a plan that the model does not write. */
export interface Audited {
  readonly id: string;
  /** A date, YYYY-MM-DD. */
  readonly made: string;
  readonly base: string;
  /** The report's text. */
  readonly report: string;
  readonly findings: readonly AuditFinding[];
}

/** The plan with the audit's evidence, its scope, checks and findings in words, and without secrets. */
export function auditedPlan(draft: PlanDraft, audited: Audited): Plan {
  const { findings: ids = [], ...rest } = draft;
  const answered = audited.findings.filter(({ id }) => ids.includes(id));
  const evidence = answered.map(evidenceOf);
  const leverage = planLeverage(answered);
  return withoutSecrets({
    ...rest,
    body: bodyOf(rest, answered),
    spec: { digest: digestOf(audited.report) },
    base: audited.base,
    audit: { id: audited.id, made: audited.made, leverage, evidence },
  });
}

function evidenceOf({ id, kind, file, lines, quote, claim }: AuditFinding): AuditEvidence {
  return { id, kind, file, lines: `${lines.from}-${lines.to}`, quote, claim };
}

/** What all findings of a plan are worth together. */
export function planLeverage(findings: readonly AuditFinding[]): number {
  return Math.round(100 * findings.reduce((sum, { leverage }) => sum + leverage, 0)) / 100;
}

/** The plan's own words, then what the mill adds: findings, scope, checks. A section that the model wrote itself is replaced. */
function bodyOf(draft: Omit<PlanDraft, "findings">, answered: readonly AuditFinding[]): string {
  const said = withoutSections(draft.body, ["Findings", "Scope", "Checks"]);
  const findings = answered.map((finding) => {
    const { id, kind, impact, effort, risk, confidence, claim } = finding;
    return `- **${id}** ${kind} at \`${placeOf(finding)}\` (impact ${impact}, effort ${effort}, risk ${risk}, confidence ${confidence}): ${claim}`;
  });
  const scope = draft.tasks.map(({ id, files, tests, deletes }) => {
    const paths = [...files, ...tests, ...deletes].map((path) => `\`${path}\``).join(", ");
    return `- ${id} may write ${paths || "nothing"}.`;
  });
  const checks = [
    ...draft.goal.map((check) =>
      "run" in check
        ? `- \`${check.run}\``
        : `- \`${check.file}\`${check.contains ? ` holds \`${check.contains}\`` : ""}`,
    ),
    ...draft.tasks.flatMap(({ id, check }) => (check === undefined ? [] : [`- ${id}: \`${check}\``])),
  ];
  const standard = /^## Stop conditions/m.test(said) ? [] : [`## Stop conditions\n\n${STOP}`];
  const risks = /^## Risks/m.test(said) ? [] : [`## Risks\n\n${riskOf(answered)}`];
  return [
    said,
    `## Findings\n\n${findings.join("\n")}`,
    `## Scope\n\n${scope.join("\n")}\n- Nothing else.`,
    ...risks,
    `## Checks\n\n${checks.join("\n") || "- The tests of the repository pass."}`,
    ...standard,
  ].join("\n\n");
}

const STOP = [
  "- The quoted lines are gone, or say something else.",
  "- A test that stands would have to change its meaning.",
  "- A file outside the scope would have to be written.",
].join("\n");

function riskOf(findings: readonly AuditFinding[]): string {
  const most = (["high", "medium", "low"] as const).find((grade) => findings.some(({ risk }) => risk === grade));
  return `- The risk of mending is ${most ?? "low"}: whoever relies on the behaviour that is called wrong will notice.`;
}

/** Markdown without the sections of the second level that have these titles. */
function withoutSections(body: string, titles: readonly string[]): string {
  const kept: string[] = [];
  let isLeftOut = false;
  for (const line of body.split("\n")) {
    const title = /^##\s+(.+?)\s*$/.exec(line)?.[1];
    if (title !== undefined) isLeftOut = titles.some((one) => one.toLowerCase() === title.toLowerCase());
    if (!isLeftOut) kept.push(line);
  }
  return kept.join("\n").trim();
}

/** Every text of the plan without secrets. */
function withoutSecrets<Value>(value: Value): Value {
  if (typeof value === "string") return redact(value) as Value;
  if (Array.isArray(value)) return value.map(withoutSecrets) as Value;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutSecrets(member)])) as Value;
}

/** A plan as far as another one may say the same. */
export type KnownPlan = Pick<Plan, "plan" | "title" | "tasks" | "audit" | "rejected">;

type Told = Pick<AuditFinding, "kind" | "file" | "quote" | "claim">;

/** The plan that answers this finding already, be it rejected. */
export function plannedBefore(finding: Told, plans: readonly KnownPlan[]): KnownPlan | undefined {
  return plans.find(({ audit }) =>
    audit?.evidence.some((seen) => isSameClaim(finding, { ...seen, kind: seen.kind as Told["kind"] })),
  );
}

/** The plan that this one would say again: most of its findings are planned, or it does the same to the same files. */
export function duplicateOf(
  draft: PlanDraft,
  answered: readonly Told[],
  plans: readonly KnownPlan[],
): KnownPlan | undefined {
  const known = answered.map((finding) => plannedBefore(finding, plans));
  const counts = known.filter((plan) => plan !== undefined);
  if (answered.length > 0 && counts.length * 2 > answered.length) return counts[0];
  return plans.find((plan) => isAlike(draft, plan));
}

function isAlike(draft: PlanDraft, plan: KnownPlan): boolean {
  const [ours, theirs] = [writtenBy(draft.tasks), writtenBy(plan.tasks)];
  const shared = ours.filter((path) => theirs.includes(path)).length;
  if (shared === 0 || shared * 2 < Math.max(ours.length, theirs.length)) return false;
  const [one, other] = [titlesOf(draft), titlesOf(plan)];
  const words = [...one].filter((word) => other.has(word)).length;
  return words * 2 >= Math.min(one.size, other.size);
}

function writtenBy(tasks: Plan["tasks"]): readonly string[] {
  return [...new Set(tasks.flatMap(({ files, tests }) => [...files, ...tests]))];
}

function titlesOf({ title, tasks }: Pick<Plan, "title" | "tasks">): ReadonlySet<string> {
  const text = [title, ...tasks.map((task) => task.title)].join(" ").toLowerCase();
  return new Set(text.match(/[\p{L}\p{N}]{4,}/gu) ?? []);
}
