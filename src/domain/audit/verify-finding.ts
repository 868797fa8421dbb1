import { normalisePath } from "../paths.ts";
import { redact } from "../redact.ts";
import { type Claimed, leverageOf } from "./audit-finding.ts";

/** A claim that holds, or why it is dropped. */
export type Verified<Claim> =
  | { readonly kind: "there"; readonly finding: Claim; readonly moved: boolean }
  | { readonly kind: "dropped"; readonly why: string };

/** Fewest letters and digits of a quotation that says where it is from. */
const FEWEST = 3;
const MOST_QUOTED_LINES = 12;

/**
 * Looks whether the quoted lines stand in the file, whatever the white space; where they stand elsewhere in it, the lines are
 * put right. `text` is the file's, undefined when there is none. What is kept of quotation and claim is without secrets.
 */
export function verified<Claim extends Claimed>(claim: Claim, text: string | undefined): Verified<Claim> {
  const path = normalisePath(claim.file);
  if (path.kind === "refused")
    return dropped(`${JSON.stringify(claim.file.slice(0, 100))} is no path here: ${path.why}`);
  if (text === undefined) return dropped(`there is no text file ${claim.file.slice(0, 200)}`);
  const wanted = quotedLines(claim.quote);
  if (wanted.join("").replace(/[^\p{L}\p{N}]/gu, "").length < FEWEST) return dropped("the quotation says nothing");
  const lines = text.split(/\r?\n/);
  const found = placeIn(lines, wanted, claim.lines.from) ?? placeIn(plainLines(text), wanted, claim.lines.from);
  if (found === undefined) return dropped(`${path.path} does not hold the quoted lines`);
  const shown =
    found.to - found.from < MOST_QUOTED_LINES ? found : { from: found.from, to: found.from + MOST_QUOTED_LINES - 1 };
  return {
    kind: "there",
    moved: found.from !== claim.lines.from,
    finding: {
      ...claim,
      file: path.path,
      lines: found,
      quote: plainLines(text)
        .slice(shown.from - 1, shown.to)
        .join("\n"),
      claim: oneLine(redact(claim.claim)),
    },
  };
}

function dropped(why: string): { readonly kind: "dropped"; readonly why: string } {
  return { kind: "dropped", why };
}

/** The finding as the report and the plans keep it. */
export function withLeverage<Claim extends Claimed>(claim: Claim): Claim & { readonly leverage: number } {
  return { ...claim, leverage: leverageOf(claim) };
}

/** A text line by line without secrets; every line keeps its number. */
export function plainLines(text: string): readonly string[] {
  let inKey = false;
  return text.split(/\r?\n/).map((line) => {
    const begins = /-----BEGIN [A-Z0-9 ]*(?:PRIVATE KEY|CERTIFICATE|KEY BLOCK)/.test(line);
    const ends = /-----END /.test(line);
    const inside = inKey && !ends;
    inKey = ends ? false : inKey || begins;
    if (inside) return "[redacted]";
    return begins && !ends ? line.slice(0, line.indexOf("-----BEGIN") + 40) : redact(line);
  });
}

/** The lines of a quotation without fences and without the numbers that the brief shows. */
export function quotedLines(quote: string): readonly string[] {
  return quote
    .split(/\r?\n/)
    .map((line) => flat(line.replace(/^\s*\d+\s*\|/, "")))
    .filter((line) => line !== "" && !/^`{3,}\w*$/.test(line));
}

function placeIn(lines: readonly string[], wanted: readonly string[], near: number): Claimed["lines"] | undefined {
  const [first = ""] = wanted;
  const filled = lines.map((line, at) => ({ line: flat(line), at: at + 1 })).filter(({ line }) => line !== "");
  const places = filled.flatMap((_, start) => {
    const last = filled[start + wanted.length - 1];
    const fits = wanted.every((line, at) => sameLine(filled[start + at]?.line, line, wanted.length));
    return fits && last ? [{ from: filled[start]?.at ?? 1, to: last.at }] : [];
  });
  if (places.length === 0 || first === "") return undefined;
  return places.reduce((best, place) => (Math.abs(place.from - near) < Math.abs(best.from - near) ? place : best));
}

/** A single quoted line may be a part of a line; of several each is whole. */
function sameLine(line: string | undefined, wanted: string, count: number): boolean {
  if (line === undefined) return false;
  return line === wanted || (count === 1 && wanted.length >= FEWEST && line.includes(wanted));
}

function flat(line: string): string {
  return line.replace(/\s+/g, " ").trim();
}

function oneLine(text: string): string {
  return flat(text);
}

/** Words that tell what a claim is about. */
function wordsOf(claim: string): ReadonlySet<string> {
  return new Set((claim.toLowerCase().match(/[\p{L}\p{N}_$]{4,}/gu) ?? []).map((word) => word.replace(/s$/, "")));
}

/** Share of words that two claims have in common, from 0 to 1. */
export function likeness(one: string, other: string): number {
  const [a, b] = [wordsOf(one), wordsOf(other)];
  const shared = [...a].filter((word) => b.has(word)).length;
  return shared / Math.max(1, Math.min(a.size, b.size));
}

type Told = Pick<Claimed, "kind" | "file" | "claim"> & { readonly quote: string };

/** Two claims are one when they are about the same lines of a file in the same way, or say nearly the same of it. */
export function isSameClaim(one: Told, other: Told): boolean {
  if (one.file !== other.file) return false;
  const [a, b] = [quotedLines(one.quote), quotedLines(other.quote)];
  const meets = a.some((line) => line.length > 8 && b.includes(line));
  const alike = likeness(one.claim, other.claim);
  return meets ? alike >= 0.3 && (one.kind === other.kind || alike >= 0.5) : alike >= 0.7 && one.kind === other.kind;
}

/** The first of each claim. */
export function distinctClaims<Claim extends Told>(claims: readonly Claim[]): readonly Claim[] {
  const kept: Claim[] = [];
  for (const claim of claims) if (!kept.some((other) => isSameClaim(claim, other))) kept.push(claim);
  return kept;
}
