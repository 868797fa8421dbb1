import { auditBrief } from "../../briefs/audit-briefs.ts";
import { addressee } from "../../briefs/system-parts.ts";
import { type AuditFinding, type Claimed, placeOf, ranked } from "../../domain/audit/audit-finding.ts";
import { type AuditLevel, DEPTHS } from "../../domain/audit/audit-level.ts";
import { auditSchema, type ConceptReply, parseAudit } from "../../domain/audit/audit-reply.ts";
import type { Concept } from "../../domain/audit/audit-report.ts";
import { type Reading, readables, readingOf, type Unread } from "../../domain/audit/reading.ts";
import { distinctClaims, verified, withLeverage } from "../../domain/audit/verify-finding.ts";
import { roomOf } from "../../domain/brief-fit.ts";
import { redact } from "../../domain/redact.ts";
import { noVerdict } from "../../domain/run-failures.ts";
import { ask } from "../../engine/ask.ts";
import type { RunContext } from "../../engine/context.ts";
import type { Survey } from "./survey.ts";

/** What the auditor and the tools found, verified, and what nobody looked at. */
export interface Found {
  readonly findings: readonly AuditFinding[];
  readonly dropped: readonly string[];
  readonly concepts: readonly Concept[];
  readonly read: readonly string[];
  readonly unread: readonly Unread[];
}

interface Looking {
  readonly level: AuditLevel;
  /** Paths that have changed; undefined: all are of interest. */
  readonly changed: ReadonlySet<string> | undefined;
  /** Claims that plans answer already. */
  readonly known: readonly string[];
}

type By = Claimed & { readonly by: string };

/**
 * Shows the repository to the auditor, portion by portion, and keeps of its answers what the files bear out.
 * @throws StepFailure `model-unusable` when not one of its answers can be read
 */
export async function askAuditor(survey: Survey, looking: Looking, context: RunContext): Promise<Found> {
  const reading = await readingFor(survey, looking, context);
  const claims: By[] = survey.reports.flatMap(({ signals }) => signals);
  const concepts: ConceptReply[] = [];
  const dropped: string[] = [];
  const unread: Unread[] = [...reading.unread, ...survey.unread];
  const read: string[] = [];
  let last = "";
  for (const [at, portion] of reading.portions.entries()) {
    const said = claims.filter(({ by }) => by === "auditor").map((one) => `${placeOf(one)} ${redact(one.claim)}`);
    const question = { at, of: reading.portions.length, paths: portion.paths, known: [...looking.known, ...said] };
    const answer = await askPortion(question, survey, context);
    if (answer.kind === "unusable") {
      last = answer.problem;
      unread.push(...portion.paths.map((path) => ({ path, why: "the auditor gave no usable answer" })));
      continue;
    }
    read.push(...portion.paths);
    claims.push(...answer.findings.map((finding) => ({ ...finding, by: "auditor" })));
    concepts.push(...answer.concepts);
    if (answer.over > 0) dropped.push(`${answer.over} claims beyond the first of one answer`);
  }
  if (reading.portions.length > 0 && read.length === 0) throw noVerdict("auditor", last);
  const held = await heldBy(claims, survey);
  return {
    findings: held.findings,
    dropped: [...dropped, ...held.dropped],
    concepts: await conceptsOf(concepts, survey),
    read,
    unread: unread.sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

/** Share of a model's room that files may fill. */
const SHARE = 0.55;

async function readingFor(survey: Survey, looking: Looking, context: RunContext): Promise<Reading> {
  const { share, each } = DEPTHS[looking.level];
  const room = roomOf(await addressee("auditor", context));
  const tokens = Math.floor(context.config.limits.auditTokens * share);
  const { graph, reports, sources, pages } = survey;
  const fits = { tokens, each: Math.min(each, tokens, Math.floor(room * SHARE)) };
  return readingOf(readables(sources, pages), { graph, reports, changed: looking.changed }, fits);
}

type PortionAnswer =
  | {
      readonly kind: "answer";
      readonly findings: readonly Claimed[];
      readonly concepts: readonly ConceptReply[];
      readonly over: number;
    }
  | { readonly kind: "unusable"; readonly problem: string };

interface PortionQuestion {
  readonly at: number;
  readonly of: number;
  readonly paths: readonly string[];
  readonly known: readonly string[];
}

async function askPortion(question: PortionQuestion, survey: Survey, context: RunContext): Promise<PortionAnswer> {
  const { at, of, known } = question;
  const texts = question.paths.map(async (path) => ({ path, text: (await survey.text(path)) ?? "" }));
  const files = await Promise.all(texts);
  const task = `audit-${at + 1}`;
  let problems: readonly string[] = [];
  for (let attempt = 1; attempt <= context.config.limits.judgeReplies; attempt++) {
    const asked = { tree: survey.tree, number: at + 1, of, files, reports: survey.reports, known, problems };
    const brief = await auditBrief(asked, context);
    const answer = await ask({ task, role: "auditor", attempt, ...brief, schema: auditSchema() }, context);
    const parsed = parseAudit(answer.text);
    if (parsed.kind === "usable") return { kind: "answer", ...parsed.reply };
    problems = answer.cutOff ? ["It was cut off: answer with fewer findings, the weightiest first."] : parsed.problems;
  }
  return { kind: "unusable", problem: problems.join(" ").slice(0, 300) };
}

/** Claims whose lines are there, without those said twice, ranked and numbered. */
async function heldBy(claims: readonly By[], survey: Survey): Promise<Pick<Found, "findings" | "dropped">> {
  const there: By[] = [];
  const dropped: string[] = [];
  for (const claim of claims) {
    const look = verified(claim, await survey.text(claim.file));
    if (look.kind === "there") there.push(look.finding);
    else dropped.push(redact(`${claim.by}, ${placeOf(claim).slice(0, 200)}: ${look.why}`));
  }
  // What the auditor says of the same lines says more than a tool.
  const auditorFirst = [...there].sort((a, b) => Number(b.by === "auditor") - Number(a.by === "auditor"));
  const findings = ranked(distinctClaims(auditorFirst)).map((claim, at) => findingOf(claim, `F${at + 1}`));
  return { findings, dropped };
}

function findingOf(claim: By, id: string): AuditFinding {
  const { by, kind, file, lines, quote, claim: said, impact, effort, risk, confidence, leverage } = withLeverage(claim);
  return { id, by, kind, file, lines, quote, claim: said, impact, effort, risk, confidence, leverage };
}

/** Words whose line is there, each once. */
async function conceptsOf(replies: readonly ConceptReply[], survey: Survey): Promise<readonly Concept[]> {
  const concepts = new Map<string, Concept>();
  for (const { name, meaning, file, quote } of replies) {
    const grades = { impact: "low", effort: "small", risk: "low", confidence: "low" } as const;
    const claim = { kind: "missing-docs" as const, file, lines: { from: 1, to: 1 }, quote, claim: meaning, ...grades };
    const look = verified(claim, await survey.text(file));
    const key = name.toLowerCase();
    if (look.kind === "dropped" || concepts.has(key)) continue;
    const { finding } = look;
    concepts.set(key, { name: redact(name), meaning: finding.claim, file: finding.file, line: finding.lines.from });
  }
  return [...concepts.values()];
}
