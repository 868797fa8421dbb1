import { type Candidate, caseKey } from "../domain/learn-candidate.ts";
import { countLines } from "../domain/learn-message.ts";
import { counted } from "./amounts.ts";
import { plainLine } from "./plain.ts";

const MOST_ROWS = 12;

/** One candidate with its evidence table, as a person decides by it. */
export function candidateText(candidate: Candidate): string {
  const { id, kind, title, reason, evidence, cases, text, path } = candidate;
  const places = [...new Map(cases.map((one) => [caseKey(one), one] as const)).values()];
  return [
    plainLine(`${id}: ${title}`, 200),
    `  ${plainLine(reason, 400)}`,
    ...countLines(evidence).map((line) => `  - ${line}`),
    ...tableLines(candidate),
    ...some(
      "cases",
      places.map((one) => plainLine(`${one.path}: ${one.rule}: ${one.message} (${one.signature})`, 200)),
    ),
    `  ${kind === "new" ? "would be written" : "would be switched off"}: ${plainLine(path, 200)}`,
    ...(kind === "new"
      ? doesLines(text).map((line) => `    ${/^ */.exec(line)?.[0] ?? ""}${plainLine(line, 160)}`)
      : []),
  ].join("\n");
}

function tableLines({ evidence }: Candidate): readonly string[] {
  const width = Math.max(0, ...evidence.rows.map(({ effect }) => effect.length));
  const rows = [...evidence.rows].sort((one, other) => ORDER.indexOf(one.effect) - ORDER.indexOf(other.effect));
  return some(
    "recorded proposals that it changes",
    rows.map((row) => plainLine(`${row.effect.padEnd(width)} ${row.proposal} ${row.before} -> ${row.after}`, 240)),
  );
}

const ORDER = ["broken", "helped", "still-passes", "unjudged", "left-out", "still-refused"];

function some(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  const more = lines.length > MOST_ROWS ? [`    and ${lines.length - MOST_ROWS} more (--json has all)`] : [];
  return [`  ${title}:`, ...lines.slice(0, MOST_ROWS).map((line) => `    ${line}`), ...more];
}

/** What the correction does, without its evidence and its examples. */
function doesLines(text: string): readonly string[] {
  const lines = text.split("\n");
  const [from, to] = [lines.findIndex((line) => line.startsWith("languages:")), lines.indexOf("examples:")];
  return lines.slice(Math.max(0, from), to < 0 ? undefined : to);
}

/** Why a candidate is not offered, in one line. */
export function otherLine({ id, state, standing, evidence }: Candidate): string {
  const why = {
    offered: "waits",
    breaks: "breaks recorded proposals that passed",
    "helps-nothing": "turns no refusal into a pass",
    unfinished: "not tried to the end yet",
  }[standing];
  const touched = counted(evidence.rows.length, "proposal");
  return plainLine(`${id}: ${state === "waiting" ? why : state} (changes ${touched} of ${evidence.recorded})`, 240);
}
