import { z } from "zod";

/** A function whose result is always one of the literals written in it, whatever its arguments are. */
export const LiteralFunction = z.strictObject({
  name: z.string(),
  line: z.int(),
  endLine: z.int(),
  parameters: z.int(),
  /** What its arguments are compared with or looked up by, as JSON; numbers out of joined keys one by one. */
  compared: z.array(z.string()),
  /** What it can answer, as JSON. */
  answers: z.array(z.string()),
});
export type LiteralFunction = z.infer<typeof LiteralFunction>;

/** The literals of a file: what a test holds, and what code answers without computing it. */
export const LiteralUse = z.strictObject({
  /** Numbers and texts, as JSON, each once. */
  values: z.array(z.string()),
  /** Names that are called. */
  called: z.array(z.string()),
  functions: z.array(LiteralFunction),
});
export type LiteralUse = z.infer<typeof LiteralUse>;

export const NO_LITERALS: LiteralUse = { values: [], called: [], functions: [] };

/** How a function that only knows the tested cases is to be taken: certain, or for a judge to look at. */
export type Suspicion = "certain" | "doubtful" | undefined;

/** Answers that a function may well always give. */
const USUAL = new Set(["0", "1", "-1", "true", "false", "null", '""']);

/**
 * Whether a function that tests call knows nothing but what they hold: all that it compares with and all that it answers
 * stands in them. Certain only where numbers stand for numbers: two or more of them compared at once, or none looked at.
 * A table from words to words, or from one number to another, may be all that there is to know.
 */
export function suspicionOf(found: LiteralFunction, tests: LiteralUse): Suspicion {
  const held = new Set(tests.values);
  const known = [...found.compared, ...found.answers.filter((answer) => !USUAL.has(answer))];
  if (found.parameters === 0 || !tests.called.includes(found.name)) return undefined;
  if (found.answers.length === 0 || !known.every((value) => held.has(value))) return undefined;
  const numbers = [...found.compared, ...found.answers].every(isNumber);
  if (found.compared.length === 0)
    return numbers && found.answers.length === 1 && !USUAL.has(found.answers[0] ?? "") ? "certain" : undefined;
  return numbers && found.parameters >= 2 && found.compared.length >= 2 ? "certain" : "doubtful";
}

function isNumber(json: string): boolean {
  return /^-?\d/.test(json);
}

/** What a key that is made of several arguments says of them: its numbers one by one, or itself. */
export function keyParts(value: string): readonly string[] {
  const numbers = value.match(/-?\d+(?:\.\d+)?/g);
  return numbers && /^[\s\d.,:;|/_()[\]-]*$/.test(value)
    ? numbers.map((one) => JSON.stringify(Number(one)))
    : [JSON.stringify(value)];
}
