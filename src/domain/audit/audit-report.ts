import { type AuditFinding, placeOf } from "./audit-finding.ts";
import type { AuditLevel } from "./audit-level.ts";
import type { ModuleMeasure } from "./find-modules.ts";
import type { Unread } from "./reading.ts";
import type { FinderReport } from "./signal.ts";

/** A word that the code rests on and no page explains, with where it shows. */
export interface Concept {
  readonly name: string;
  readonly meaning: string;
  readonly file: string;
  readonly line: number;
}

/** All that an audit saw and did. */
export interface AuditRecord {
  readonly id: string;
  readonly level: AuditLevel;
  readonly base: string;
  readonly since: string | undefined;
  /** A date, YYYY-MM-DD. */
  readonly made: string;
  readonly reports: readonly FinderReport[];
  readonly modules: readonly ModuleMeasure[];
  readonly read: readonly string[];
  readonly unread: readonly Unread[];
  /** Ranked. */
  readonly findings: readonly AuditFinding[];
  readonly dropped: readonly string[];
  /** Findings that plans of before answer already, each told. */
  readonly known: readonly string[];
  readonly concepts: readonly Concept[];
}

/** A plan that an audit wrote, or one that it did not write and why. */
export interface PlansMade {
  readonly plans: readonly {
    readonly plan: string;
    readonly path: string;
    readonly title: string;
    readonly leverage: number;
    readonly findings: readonly string[];
  }[];
  readonly refused: readonly string[];
}

const MOST_MODULES = 12;
const MOST_UNREAD = 200;

/** The report for people. Everything in it is without secrets, because the findings are. */
export function auditReport(audit: AuditRecord, made: PlansMade): string {
  const { findings } = audit;
  const parts = [
    `# Audit ${audit.id}\n\nLevel ${audit.level}, at commit ${audit.base.slice(0, 12)}${audit.since === undefined ? "" : `, changes since ${audit.since.slice(0, 12)}`}, ${audit.made}. ${audit.read.length} files read, ${audit.unread.length} not read, ${findings.length} findings, ${audit.dropped.length} claims dropped.`,
    section("Plans", [
      ...made.plans.map(
        ({ path, title, leverage, findings: ids }) =>
          `- \`${path}\`: ${title} (leverage ${leverage}; ${ids.join(", ")})`,
      ),
      ...made.refused.map((line) => `- not written: ${line}`),
    ]),
    section("Findings, by leverage", findings.map(findingLines)),
    section(
      "Answered by plans of before",
      audit.known.map((line) => `- ${line}`),
    ),
    section(
      "Concepts without a page",
      audit.concepts.map(({ name, meaning, file, line }) => `- **${name}** (\`${file}:${line}\`): ${meaning}`),
    ),
    section(
      "What tools saw",
      audit.reports.map(({ finder, how, found }) => `- ${finder}: ${found} (${how})`),
    ),
    section("Modules, the most imported first", modulesTable(audit.modules)),
    section(
      "Claims that were dropped",
      audit.dropped.map((line) => `- ${line}`),
    ),
    section(
      "Read",
      audit.read.map((path) => `- \`${path}\``),
    ),
    section("Not read", unreadLines(audit.unread)),
  ];
  return `${parts.filter((text) => text !== "").join("\n\n")}\n`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `## ${title}\n\n${lines.join("\n")}`;
}

function findingLines(finding: AuditFinding): string {
  const { id, by, kind, claim, quote, impact, effort, risk, confidence, leverage } = finding;
  const head = `- **${id}** ${kind} at \`${placeOf(finding)}\` (leverage ${leverage}; impact ${impact}, effort ${effort}, risk ${risk}, confidence ${confidence}; ${by}): ${claim}`;
  return [head, ...quote.split("\n").map((line) => `      ${line}`)].join("\n");
}

function modulesTable(modules: readonly ModuleMeasure[]): readonly string[] {
  if (modules.length === 0) return [];
  const rows = modules
    .slice(0, MOST_MODULES)
    .map(
      ({ path, lines, surface, depth, fanIn, fanOut }) =>
        `| \`${path}\` | ${lines} | ${surface} | ${depth} | ${fanIn} | ${fanOut} |`,
    );
  return ["| file | lines | surface | depth | fan-in | fan-out |", "|---|---|---|---|---|---|", ...rows];
}

function unreadLines(unread: readonly Unread[]): readonly string[] {
  const shown = unread.slice(0, MOST_UNREAD).map(({ path, why }) => `- \`${path}\`: ${why}`);
  return unread.length > MOST_UNREAD ? [...shown, `- … and ${unread.length - MOST_UNREAD} more`] : shown;
}
