import type { RunText } from "../../../domain/visible-call.ts";

/** A literal of a test file that is an input, and what may stand in its place. */
export interface ChangeableInput {
  readonly start: number;
  readonly end: number;
  readonly replacements: readonly string[];
}

/** A piece of a test file's text, with words around it. */
export interface Part {
  readonly before: string;
  readonly start: number;
  readonly end: number;
  readonly after: string;
}

/** Variants of one visible call: as many as are spread over its inputs before one input has a second. */
const MOST = 8;

/** Other numbers of the same kind, the nearest first. */
export function otherNumbers(text: string): readonly string[] {
  const value = Number(text);
  if (!Number.isFinite(value)) return [];
  const fraction = /^\d+\.(\d+)$/.exec(text)?.[1]?.length ?? 0;
  const others = [value + 1, value === 0 ? 3 : value * 2, ...(value >= 2 ? [value - 1] : [])];
  return others.map((one) => one.toFixed(fraction));
}

/** Other texts of the same look: a digit is another digit, a letter another letter, the whole stands twice. */
export function otherTexts(value: string): readonly string[] {
  if (value === "") return ["a", "0"];
  if (value.length > 2_000) return [];
  const others = [
    value.replace(/\d(?!.*\d)/s, (digit) => String((Number(digit) + 1) % 10)),
    value.replace(/[a-zA-Z](?!.*[a-zA-Z])/s, nextLetter),
    value.replace(/[a-zA-Z]/, nextLetter),
    value + value,
    value.slice(0, -1),
  ];
  return [...new Set(others)].filter((one) => one !== value && one !== "");
}

/** The list with its last element twice, and without it. */
export function otherLists(elements: readonly string[]): readonly string[] {
  const last = elements.at(-1);
  if (last === undefined) return [];
  const longer = `[${[...elements, last].join(", ")}]`;
  return elements.length === 1 ? [longer] : [longer, `[${elements.slice(0, -1).join(", ")}]`];
}

function nextLetter(letter: string): string {
  if (letter === "z" || letter === "Z") return letter === "z" ? "a" : "A";
  return String.fromCharCode(letter.charCodeAt(0) + 1);
}

/** Every way in which one input is another, each input once before any comes again. */
export function changesOf(inputs: readonly ChangeableInput[]): readonly { at: ChangeableInput; replacement: string }[] {
  const rounds = Math.max(0, ...inputs.map((input) => input.replacements.length));
  const all = Array.from({ length: rounds }, (_, round) =>
    inputs.flatMap((at) => at.replacements.slice(round, round + 1).map((replacement) => ({ at, replacement }))),
  );
  return all.flat();
}

/** The variants of a call: `written` puts its text together, with a change made in it. */
export function variantsOf(
  text: string,
  inputs: readonly ChangeableInput[],
  written: (change?: { at: ChangeableInput; replacement: string }) => RunText,
): readonly (RunText & { readonly what: string })[] {
  return changesOf(inputs)
    .slice(0, MOST)
    .map((change) => ({
      ...written(change),
      what: `${shown(text.slice(change.at.start, change.at.end))} became ${shown(change.replacement)}`,
    }));
}

function shown(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 40 ? `${line.slice(0, 37)}...` : line;
}

/** A part's text, with a change made where it lies inside. */
export function partText(text: string, part: Part, change?: { at: ChangeableInput; replacement: string }): string {
  const isInside = change !== undefined && change.at.start >= part.start && change.at.end <= part.end;
  const own = isInside
    ? text.slice(part.start, change.at.start) + change.replacement + text.slice(change.at.end, part.end)
    : text.slice(part.start, part.end);
  return part.before + own + part.after;
}

/** True when the name stands in the text as a word. */
export function mentions(text: string, name: string): boolean {
  return new RegExp(`(?<![\\w$.])${name.replace(/\$/g, "\\$")}(?![\\w$])`).test(text);
}

/** Those statements, each with the names that it makes, on which the expression depends, as far as names tell. */
export function bearing<Statement>(
  before: readonly { readonly statement: Statement; readonly text: string; readonly makes: readonly string[] }[],
  looked: string,
): readonly Statement[] {
  const locals = [...new Set(before.flatMap(({ makes }) => makes))];
  const wanted = new Set(locals.filter((name) => mentions(looked, name)));
  const found = [...before].reverse().filter(({ text, makes }) => {
    const bears = [...wanted].some((name) => makes.includes(name) || mentions(text, name));
    if (bears) for (const name of locals.filter((one) => mentions(text, one))) wanted.add(name);
    return bears;
  });
  return found.reverse().map(({ statement }) => statement);
}
