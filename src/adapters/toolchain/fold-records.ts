import type { SuiteError, SuiteReport, TestCase, TestFailure } from "../../domain/suite-report.ts";
import { failureOf } from "./failure-kind.ts";
import { type Ground, insidePath } from "./inside.ts";
import { plainText } from "./plain-text.ts";
import type { ReporterRecord, ReporterRecords } from "./records.ts";

/** What one run told, as far as a report needs it. */
export interface Told {
  readonly cases: readonly TestCase[];
  readonly errors: readonly SuiteError[];
  readonly complete: boolean;
}

/** A reporter's records as cases and errors. `ended` tells why what was in progress has no result. */
export function foldRecords(told: ReporterRecords, ground: Ground, ended: SuiteReport["ended"]): Told {
  const results = told.records.filter((record) => record.kind === "result");
  const cases = results.map((record) => caseOf(record, ground));
  const errors = told.records.filter((record) => record.kind === "error").map((record) => errorOf(record, ground));
  const left = unfinished(told.records);
  const isCut = ended !== "exited";
  const inProgress = isCut ? left.begun.map((place) => cutShort(place, ground, ended)) : [];
  const stuckFiles = isCut && inProgress.length === 0 ? left.files : [];
  return {
    cases: withOrdinals([...cases, ...inProgress]),
    errors: [...errors, ...stuckFiles.map((file) => stuckFile(insidePath(file, ground.roots), ended))],
    complete: told.whole && left.collected.length === 0 && left.begun.length === 0 && !wasInterrupted(told.records),
  };
}

/** Ids that were seen before get ` #2`, ` #3`, in the order they came. */
export function withOrdinals(cases: readonly TestCase[]): TestCase[] {
  const seen = new Map<string, number>();
  return cases.map((one) => {
    const count = (seen.get(one.id) ?? 0) + 1;
    seen.set(one.id, count);
    return count === 1 ? one : { ...one, id: `${one.id} #${count}` };
  });
}

/** `file > suite > name`, in plain text. */
export function caseId(file: string, path: readonly string[]): { id: string; name: string } {
  const name = path.map((part) => plainText(part).replace(/\s+/g, " ")).join(" > ");
  return { id: `${file} > ${name}`, name };
}

interface Place {
  readonly file?: string | null | undefined;
  readonly path: readonly string[];
}

function caseOf(record: Extract<ReporterRecord, { kind: "result" }>, ground: Ground): TestCase {
  const file = insidePath(record.file ?? "", ground.roots);
  const [first] = record.errors;
  const phase = record.phase ?? undefined;
  const failure: TestFailure = first
    ? failureOf(first, ground, { file, phase })
    : { kind: "error", message: "Failed without a reason." };
  return {
    ...caseId(file, record.path),
    file,
    outcome: record.outcome,
    ...(record.outcome === "failed" ? { failure } : {}),
  };
}

function errorOf(record: Extract<ReporterRecord, { kind: "error" }>, ground: Ground): SuiteError {
  const file = record.file ? insidePath(record.file, ground.roots) : undefined;
  const failure = failureOf(record.error, ground, { ...(file ? { file } : {}), phase: record.phase ?? undefined });
  return { ...(file ? { file } : {}), ...failure };
}

const CUT_SHORT: Readonly<Record<SuiteReport["ended"], string>> = {
  exited: "The run ended before this was finished.",
  timeout: "Was running when the time was up.",
  memory: "Was running when the memory limit was reached.",
  output: "Was running when the output limit was reached.",
  signal: "Was running when the run was killed.",
};

function cutShort(place: Place, ground: Ground, ended: SuiteReport["ended"]): TestCase {
  const file = insidePath(place.file ?? "", ground.roots);
  const failure: TestFailure = { kind: ended === "timeout" ? "timeout" : "error", message: CUT_SHORT[ended] };
  return { ...caseId(file, place.path), file, outcome: "failed", failure };
}

function stuckFile(file: string, ended: SuiteReport["ended"]): SuiteError {
  return { file, kind: ended === "timeout" ? "timeout" : "error", message: CUT_SHORT[ended] };
}

/** What was begun or collected and has no result, and the files that were begun and told nothing of themselves. */
function unfinished(records: readonly ReporterRecord[]) {
  const files = new Set(records.flatMap((record) => (record.kind === "file" && record.file ? [record.file] : [])));
  const answered = new Set(
    records.flatMap((record) => (record.kind === "result" || record.kind === "error" ? [record.file] : [])),
  );
  return {
    begun: without(records, "begin", ["result", "done"]),
    collected: without(records, "collected", ["result"]),
    files: [...files].filter((file) => !answered.has(file)),
  };
}

/** The places told by records of one kind that no record of the other kinds answers, one for one. */
function without(
  records: readonly ReporterRecord[],
  kind: "begin" | "collected",
  answers: readonly ("result" | "done")[],
): readonly Place[] {
  const open = new Map<string, Place[]>();
  for (const record of records) {
    if (record.kind === kind) push(open, record);
    if (isOneOf(record, answers)) open.get(keyOf(record))?.pop();
  }
  return [...open.values()].flat();
}

function isOneOf(
  record: ReporterRecord,
  kinds: readonly ("result" | "done")[],
): record is Extract<ReporterRecord, { kind: "result" | "done" }> {
  return (record.kind === "result" || record.kind === "done") && kinds.includes(record.kind);
}

function push(places: Map<string, Place[]>, place: Place): void {
  places.set(keyOf(place), [...(places.get(keyOf(place)) ?? []), place]);
}

function keyOf(place: Place): string {
  return JSON.stringify([place.file, place.path]);
}

function wasInterrupted(records: readonly ReporterRecord[]): boolean {
  const end = records.at(-1);
  return end?.kind === "end" && end.reason === "interrupted";
}
