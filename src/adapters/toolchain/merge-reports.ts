import type { SuiteError, SuiteReport } from "../../domain/suite-report.ts";
import { withOrdinals } from "./fold-records.ts";
import { tailOf } from "./plain-text.ts";

const ENDED_WORST_FIRST = ["timeout", "memory", "output", "signal", "exited"] as const;
const OUTPUT_LIMIT = 8000;

/** The reports of several suites as one: complete when all are, with the first exit code that is not 0. */
export function mergeReports(
  reports: readonly SuiteReport[],
  sandbox: string,
  errors: readonly SuiteError[],
): SuiteReport {
  const [only] = reports;
  if (only !== undefined && reports.length === 1) return { ...only, errors: [...only.errors, ...errors] };
  return {
    grade: reports.length > 0 && reports.every((report) => report.grade === "exit-code") ? "exit-code" : "tests",
    ended: ENDED_WORST_FIRST.find((ended) => reports.some((report) => report.ended === ended)) ?? "exited",
    exitCode: reports.find((report) => report.exitCode !== 0)?.exitCode ?? (reports.length === 0 ? 1 : 0),
    complete: reports.every((report) => report.complete),
    canary: reports.length > 0 && reports.every((report) => report.canary),
    cases: withOrdinals(reports.flatMap((report) => report.cases)),
    errors: [...reports.flatMap((report) => report.errors), ...errors],
    runner: [...new Set(reports.map((report) => report.runner))].join(", ") || "none",
    sandbox,
    output: tailOf(reports.map((report) => report.output).join("\n"), OUTPUT_LIMIT),
  };
}
