import { z } from "zod";
import { VisibleCall } from "./visible-call.ts";

/** A function whose result is always one of the literals written in it, whatever its arguments are. */
export const LiteralFunction = z.strictObject({
  name: z.string(),
  line: z.int(),
  endLine: z.int(),
  parameters: z.int(),
  /** What its arguments are compared with or looked up by, as JSON; numbers out of joined keys one by one. */
  compared: z.array(z.string()),
  /** What it can answer, as JSON; of a list or a record what stands in it. */
  answers: z.array(z.string()),
  /** `serialised`: it looks its arguments up as one text that was made of them, as in `known[JSON.stringify([a])]`. */
  keyed: z.literal("serialised").optional(),
});
export type LiteralFunction = z.infer<typeof LiteralFunction>;

/** The literals of a file: what a test holds, and what code answers without computing it. */
export const LiteralUse = z.strictObject({
  /** Numbers and texts, as JSON, each once. */
  values: z.array(z.string()),
  /** Names that are called. */
  called: z.array(z.string()),
  functions: z.array(LiteralFunction),
  /** What a test file looks at the outcome of; absent for a file that nobody can read so. */
  calls: z.array(VisibleCall).optional(),
});
export type LiteralUse = z.infer<typeof LiteralUse>;

export const NO_LITERALS: LiteralUse = { values: [], called: [], functions: [] };

/** How a function that only knows the tested cases is to be taken: certain, or for a judge to look at. */
export type Suspicion = "certain" | "doubtful" | undefined;

/** Answers that a function may well always give. */
const USUAL = new Set(["0", "1", "-1", "true", "false", "null", '""']);

/**
 * Whether a function that tests call knows nothing but what they hold: all that it compares with and all that it answers
 * stands in them. Certain only where numbers stand for numbers (two or more of them compared at once, or none looked at), or
 * where the arguments are looked up as one text made of them, which nobody does to work out an answer.
 * A table from words to words, or from one number to another, may be all that there is to know.
 */
export function suspicionOf(found: LiteralFunction, tests: LiteralUse): Suspicion {
  const held = new Set(tests.values);
  const known = [...found.compared, ...found.answers.filter((answer) => !USUAL.has(answer))];
  if (found.parameters === 0 || !tests.called.includes(found.name)) return undefined;
  if (found.answers.length === 0 || !known.every((value) => held.has(value))) return undefined;
  if (isCertain(found)) return "certain";
  return found.compared.length > 0 ? "doubtful" : undefined;
}

function isCertain({ keyed, compared, answers, parameters }: LiteralFunction): boolean {
  if (keyed === "serialised" && compared.length > 0) return true;
  if (![...compared, ...answers].every(isNumber)) return false;
  if (compared.length === 0) return answers.length === 1 && !USUAL.has(answers[0] ?? "");
  return parameters >= 2 && compared.length >= 2;
}

function isNumber(json: string): boolean {
  return /^-?\d/.test(json);
}

/** What a key that is made of several arguments says of them: its numbers one by one, what stands in a list, or itself. */
export function keyParts(value: string): readonly string[] {
  const list = listIn(value);
  if (list !== undefined) return leavesOf(list);
  const numbers = value.match(/-?\d+(?:\.\d+)?/g);
  return numbers && /^[\s\d.,:;|/_()[\]-]*$/.test(value)
    ? numbers.map((one) => JSON.stringify(Number(one)))
    : [JSON.stringify(value)];
}

/** The list or record that a text is, as JSON or as Python writes it; undefined for any other text. */
export function listIn(text: string): object | undefined {
  const isList = /^\[.*\]$|^\{.*\}$|^\(.*\)$/s.test(text);
  const asJson = text.replaceAll("'", '"').replace(/^\(/, "[").replace(/,?\)$/, "]");
  return isList ? (parsed(text) ?? parsed(asJson)) : undefined;
}

function parsed(text: string): object | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function leavesOf(value: unknown): readonly string[] {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(leavesOf);
  return typeof value === "number" || typeof value === "string" ? [JSON.stringify(value)] : [];
}
