import { digestOf } from "./digest.ts";
import { classOfRefusal, type FailedFinding } from "./failure-class.ts";
import type { IncidentReport } from "./incident.ts";
import { type Analysis, type Evidence, OUTPUT_LIMIT } from "./incident-record.ts";
import { redact } from "./redact.ts";
import { signatureOf } from "./signature.ts";
import { timeText } from "./time-text.ts";

/** What stands around when an incident is opened. */
export interface Surroundings {
  readonly branch?: string | undefined;
  readonly head?: string | undefined;
  /** Changed paths of the checkout. */
  readonly status: readonly string[];
}

/** 64 digits that name a report: the same run and key give the same ones. */
export function claimOf(report: Pick<IncidentReport, "run" | "key">): string {
  return digestOf(JSON.stringify([report.run, report.key]));
}

/** `INC-20261121-182015-1a2b3c4d`; `at` in milliseconds since 1970. */
export function incidentId(report: Pick<IncidentReport, "run" | "key">, at: number): string {
  const stamp = timeText(at).replace(/[-:Z]/g, "").replace("T", "-");
  return `INC-${stamp}-${claimOf(report).slice(0, 8)}`;
}

export const INCIDENT_ID = /^INC-\d{8}-\d{6}-[0-9a-f]{8}$/;

/** What is written when an incident is opened: redacted, and no longer than its limits. */
export function evidenceOf(
  report: IncidentReport,
  { id, at, around }: { readonly id: string; readonly at: number; readonly around: Surroundings },
): Evidence {
  const { branch, head, status } = around;
  return {
    format: 1,
    id,
    key: report.key,
    run: report.run,
    ...(report.task === undefined ? {} : { task: report.task }),
    kind: report.kind,
    stops: report.stops,
    at: report.at,
    problem: clipped(redact(report.problem), 600),
    openedAt: at,
    opened: timeText(at),
    git: {
      ...(branch === undefined ? {} : { branch }),
      ...(head === undefined ? {} : { head }),
      status: status.slice(0, 50).map((path) => clipped(redact(path), 300)),
    },
    ...(report.tree === undefined ? {} : { tree: report.tree }),
    failures: (report.failures ?? []).slice(0, 20).map(redacted),
    output: clipped(redact(report.evidence.join("\n")), OUTPUT_LIMIT),
  };
}

function redacted(finding: FailedFinding): Evidence["failures"][number] {
  const { rule, answers, message, path, line, evidence } = finding;
  return {
    rule,
    answers,
    message: clipped(redact(message), 600),
    ...(path === undefined ? {} : { path: redact(path) }),
    ...(line === undefined ? {} : { line }),
    ...(evidence === undefined ? {} : { evidence: clipped(redact(evidence), OUTPUT_LIMIT) }),
  };
}

/** The beginning and, where most tools say what went wrong, the end. */
export function clipped(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const mark = "\n[…]\n";
  const head = Math.floor((limit - mark.length) / 3);
  return `${text.slice(0, head)}${mark}${text.slice(text.length - (limit - mark.length - head))}`;
}

/** Kinds whose cause the mill has seen by itself. */
const SEEN: readonly IncidentReport["kind"][] = ["spec-drift", "tampering", "scope-escape"];

/**
 * What is behind an incident, as far as its findings or its output say. A category that nothing names has confidence 0,
 * for then a person has to say what it is, unless the mill's own rule saw what happened.
 */
export function analysisOf(report: IncidentReport): Analysis {
  const findings = report.failures?.length ? report.failures : [findingOf(report)];
  const failed = { gate: report.at, findings };
  const { category, confidence, type } = classOfRefusal(failed);
  const known = category === "unknown" ? 0 : confidence;
  return {
    category,
    confidence: SEEN.includes(report.kind) ? 1 : known,
    type: report.kind === "deadlock" ? "deadlock" : type,
    signature: signatureOf(failed),
    whys: [],
  };
}

function findingOf({ kind, problem, evidence }: IncidentReport): FailedFinding {
  return { rule: `incident/${kind}`, answers: "person", message: problem, evidence: evidence.join("\n") };
}
