import type { Finding } from "../verdict.ts";
import type { MeasureLook, MeasureName, MeasureOf, Measures } from "./measures.ts";

/** The four tests of the checklist, as the method names them. */
export const CHECKLIST_TESTS = [
  "forward_pass",
  "short_training",
  "checkpoint_roundtrip",
  "evaluation_pipeline",
] as const;
export type ChecklistTest = (typeof CHECKLIST_TESTS)[number];

/** One thing that was looked at, and what was seen. */
export interface Check {
  readonly name: string;
  readonly test: ChecklistTest;
  /** `not-judged`: another check that it rests on failed. */
  readonly status: "pass" | "fail" | "not-judged";
  readonly detail: string;
  readonly path?: string | undefined;
  readonly line?: number | undefined;
}

/** A check that nothing could look at. */
export type UnseenCheck = Pick<Check, "name" | "test">;

/** A judgement over one measure: undefined where all is well, else what is wrong and what would be right. */
export type Judged = { readonly wrong: string } | { readonly fine: string };

/** Makes a check of a measure; where the subject threw instead, that is what is wrong. */
export function checkOf<Name extends MeasureName>(
  place: { readonly name: string; readonly test: ChecklistTest; readonly measure: Name },
  measures: Measures,
  judge: (values: MeasureOf<Name>) => Judged,
): Check {
  const { name, test, measure } = place;
  const measured = measures[measure] as MeasureLook<Name> | undefined;
  if (measured === undefined)
    return { name, test, status: "fail", detail: `It was not come to: the program ended before ${measure}.` };
  if (measured.kind === "failed") {
    const { error, path, line } = measured.failed;
    const where = { ...(path === null ? {} : { path }), ...(line === null ? {} : { line }) };
    return { name, test, status: "fail", detail: `It could not be measured: ${error}`, ...where };
  }
  const judged = judge(measured.values);
  if ("wrong" in judged) return { name, test, status: "fail", detail: judged.wrong };
  return { name, test, status: "pass", detail: judged.fine };
}

/** The check, unless one that it rests on failed: then that one has to be mended first. */
export function restingOn(check: Check, first: Check): Check {
  if (check.status === "pass" || first.status === "pass") return check;
  return { name: check.name, test: check.test, status: "not-judged", detail: `${first.name} has to be mended first.` };
}

/** What has to be mended. */
export function findingsOf(checks: readonly Check[], subject: string): readonly Finding[] {
  return checks
    .filter(({ status }) => status === "fail")
    .map(({ name, detail, path = subject, line }) => ({
      rule: `research/${name}`,
      answers: "developer",
      message: `${name}: ${detail}`,
      path,
      ...(line === undefined ? {} : { line }),
    }));
}

/** A number for people: at most six digits. */
export function shown(value: number | null | undefined): string {
  if (value === null || value === undefined) return "not a number";
  return String(Number(value.toPrecision(6)));
}

/** True when both are numbers and differ by at most this share of the larger one. */
export function isNear(one: number | null, two: number | null, share: number): boolean {
  if (one === null || two === null) return false;
  return Math.abs(one - two) <= share * Math.max(Math.abs(one), Math.abs(two)) + 1e-9;
}
