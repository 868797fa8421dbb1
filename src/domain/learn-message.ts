import { type Candidate, caseKey } from "./learn-candidate.ts";
import { countOf, type Evidence } from "./learn-table.ts";
import { redact } from "./redact.ts";

const MOST_LINES = 12;

/** The message of the commit that a person's yes makes: what it is for, and the evidence; no text of a file, no secret. */
export function commitMessage(candidate: Candidate): string {
  const { kind, title, reason, evidence, cases, id } = candidate;
  const places = new Map(cases.map((one) => [caseKey(one), one] as const));
  const shown = [...places.values()].slice(0, MOST_LINES);
  const lines = [
    kind === "new" ? `Correct: ${title}` : `Switch off the correction ${id.replace(/^retire-/, "")}`,
    "",
    reason,
    "",
    "Evidence, from judging recorded proposals again without it and with it:",
    ...countLines(evidence).map((line) => `- ${line}`),
    ...(shown.length > 0 ? ["", `Cases (${places.size}):`] : []),
    ...shown.map((one) => `- ${one.id} ${one.path}: ${one.rule} (${one.signature})`),
    ...(places.size > shown.length ? [`- and ${places.size - shown.length} more`] : []),
    "",
    "A person approved it with this evidence.",
  ];
  return `${redact(lines.map((line) => line.slice(0, 300)).join("\n"))}\n`;
}

/** The table's numbers in words, those that are zero left out but for what was helped and what was broken. */
export function countLines(evidence: Evidence): readonly string[] {
  const { recorded, untouched, unreadable } = evidence;
  const count = (effect: Parameters<typeof countOf>[1]) => countOf(evidence, effect);
  const unasked = evidence.rows.filter(({ effect, after }) => effect === "still-passes" && after !== "passed").length;
  const all: readonly (readonly [number, string])[] = [
    [count("still-refused"), "refused, and still refused with it"],
    [count("still-passes"), "passed, changed by it, and still pass"],
    [unasked, "of these were also read by a model once, whose word is not asked for again"],
    [count("unjudged"), "changed by it, and could not be judged again"],
    [count("left-out"), "changed by it, and left out for want of time"],
    [unreadable, "could not be read any more"],
    [untouched, "not changed by it"],
  ];
  return [
    `${recorded} recorded proposals`,
    `${count("helped")} refused, and pass with it the gate that refused them`,
    `${count("broken")} passed, and refused with it`,
    ...all.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`),
  ];
}
