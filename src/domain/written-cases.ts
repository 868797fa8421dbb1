import type { WrittenCases } from "./diagnostic.ts";
import type { Answerer, Finding } from "./verdict.ts";

/** A test file before and after: `undefined` before means that it is new. */
export interface CasesChange {
  readonly path: string;
  readonly answers: Answerer;
  readonly before: WrittenCases | undefined;
  readonly after: WrittenCases;
}

/** Cases that stood in a test file before stay as they are; new ones are neither focused nor skipped. */
export function writtenCaseFindings(change: CasesChange): readonly Finding[] {
  const { before, after } = change;
  if (before?.parsed && !after.parsed)
    return [finding(change, "door/unreadable", "It parsed before and does not any more. Send it again, complete.")];
  const focused = focusedFindings(change);
  if (!before?.parsed || !after.parsed) return focused;
  return [...focused, ...lostFindings(change, before), ...restFindings(change, before)];
}

function focusedFindings(change: CasesChange): readonly Finding[] {
  const stood = (change.before?.cases ?? []).map((written) => `${written.title}|${written.modifier}`);
  return change.after.cases
    .filter((written) => written.modifier && !stood.includes(`${written.title}|${written.modifier}`))
    .map((written) =>
      finding(
        change,
        "door/focused",
        `"${written.title}" is marked .${written.modifier}: that hides tests.`,
        written.line,
      ),
    );
}

function lostFindings(change: CasesChange, before: WrittenCases): readonly Finding[] {
  const left = counted(change.after.cases.map(caseKey));
  return before.cases
    .filter((written) => !take(left, caseKey(written)))
    .map((written) =>
      finding(
        change,
        "door/existing-test",
        `The test "${written.title}" stood here before and must stay exactly as it is; add new tests beside it.`,
        written.line,
      ),
    );
}

function restFindings(change: CasesChange, before: WrittenCases): readonly Finding[] {
  const left = counted(change.after.rest);
  if (before.rest.every((digest) => take(left, digest))) return [];
  const message =
    "Statements around the existing tests (hooks, fixtures, constants) were changed or removed; only add to them.";
  return [finding(change, "door/existing-setup", message)];
}

/** The tests of a moved file must be found, word for word, where it went; `after` holds all places it went to. */
export function movedCaseFindings(change: CasesChange): readonly Finding[] {
  return change.before?.parsed ? lostFindings(change, change.before) : [];
}

function caseKey(written: WrittenCases["cases"][number]): string {
  return `${written.title}|${written.digest}`;
}

function counted(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function take(counts: Map<string, number>, key: string): boolean {
  const count = counts.get(key) ?? 0;
  counts.set(key, count - 1);
  return count > 0;
}

function finding(change: CasesChange, rule: string, message: string, line?: number): Finding {
  return { rule, answers: change.answers, message, path: change.path, ...(line === undefined ? {} : { line }) };
}
