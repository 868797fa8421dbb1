import { z } from "zod";

/** What a test case asserts, as far as its own text tells. */
export const WrittenAssertions = z.strictObject({
  /** Assertions about something. */
  values: z.number().int(),
  /** Assertions that anything at all is thrown. */
  anyError: z.number().int(),
  /** Assertions in a promise that nobody awaits. */
  floating: z.number().int(),
  /** Names that it calls and does not make itself: one of them may assert. */
  calls: z.array(z.string()),
});
export type WrittenAssertions = z.infer<typeof WrittenAssertions>;

export type Hollow = "none" | "any-error" | "floating";

const SPEAKS_OF_ERRORS =
  /\b(?:errors?|throws?|thrown|raises?|raised|exceptions?|rejects?|rejected|refus\w*|fails?|failure|invalid|forbid\w*|denied|illegal|not allowed|must not|cannot|can't|[45]\d\d)\b/i;

/**
 * Why a case that claims criteria proves nothing of them, or undefined. `made`: names that the task creates, which assert
 * nothing; a call of anything else may be a check.
 */
export function hollowness(
  { values, anyError, floating, calls }: WrittenAssertions,
  about: { readonly made: ReadonlySet<string>; readonly criteria: readonly string[] },
): Hollow | undefined {
  if (values > 0 || calls.some((name) => !about.made.has(name))) return undefined;
  if (floating > 0) return anyError > 0 ? undefined : "floating";
  if (anyError === 0) return "none";
  return about.criteria.some(speaksOfErrors) ? undefined : "any-error";
}

/** True when a criterion is about a failure. */
export function speaksOfErrors(criterion: string): boolean {
  return SPEAKS_OF_ERRORS.test(criterion);
}
