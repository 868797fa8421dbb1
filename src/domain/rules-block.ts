/** A line of the managed block: a rule for makers, and what it was learned from. */
export interface WrittenRule {
  /** 12 hexadecimal digits that name the failure class. */
  readonly id: string;
  /** The day on which it was written, like 2026-11-21. */
  readonly date: string;
  /** The whole line, without its end. */
  readonly line: string;
}

/** The managed block of an AGENTS.md. `broken`: its markers do not fit together, and nothing may be written. */
export type RulesBlock =
  | { readonly kind: "none" }
  | { readonly kind: "block"; readonly rules: readonly WrittenRule[]; readonly from: number; readonly to: number }
  | { readonly kind: "broken"; readonly problem: string };

const BEGIN = "<!-- millwright:rules begin";
const END = "<!-- millwright:rules end -->";
const HEAD = `${BEGIN} (kept by \`millwright memory\`; what stands between these lines is written anew) -->`;
const TITLE = "## Learned from failures";
const MARKERS = /^[ \t]*<!-- millwright:rules (begin|end)\b[^\r\n]*$/gm;
const RULE = /^- .*; (\d{4}-\d{2}-\d{2})\) <!-- rule ([0-9a-f]{12}) -->$/;

/** Finds the block; what stands around it is nobody's business here. */
export function readRulesBlock(text: string): RulesBlock {
  const markers = [...text.matchAll(MARKERS)];
  if (markers.length === 0) return { kind: "none" };
  const [begin, end] = markers;
  if (markers.length !== 2 || begin?.[1] !== "begin" || end?.[1] !== "end" || end[0].trim() !== END) {
    const found = markers.map((marker) => `${marker[1]} in line ${lineAt(text, marker.index)}`).join(", ");
    return {
      kind: "broken",
      problem: `the marks of the rules block must be one begin and then one end; found: ${found}`,
    };
  }
  const to = end.index + end[0].length;
  return { kind: "block", rules: rulesIn(text.slice(begin.index, to)), from: begin.index, to };
}

/** The rules of a text, also of one that was cut off in the middle of the block. */
export function rulesIn(text: string): readonly WrittenRule[] {
  const begin = text.indexOf(BEGIN);
  if (begin < 0) return [];
  const end = text.indexOf(END, begin);
  const lines = text.slice(begin, end < 0 ? undefined : end).split(/\r?\n/);
  return lines.flatMap((line) => {
    const [, date, id] = RULE.exec(line) ?? [];
    return date === undefined || id === undefined ? [] : [{ id, date, line }];
  });
}

/** A rule's line; `sentence` and `evidence` are made by the program and hold no line break. */
export function ruleLine(rule: { id: string; sentence: string; evidence: string; date: string }): string {
  return `- ${rule.sentence} (${rule.evidence}; ${rule.date}) <!-- rule ${rule.id} -->`;
}

/**
 * The text with these rules in its block, which is made at its end when there is none; line ends are those of the text,
 * and not a byte outside of the block changes.
 * @throws RangeError when the block is broken; ask `readRulesBlock` first
 */
export function withRules(text: string, rules: readonly Pick<WrittenRule, "line">[]): string {
  const found = readRulesBlock(text);
  if (found.kind === "broken") throw new RangeError(found.problem);
  const ends = /\r?\n/.exec(text)?.[0] ?? "\n";
  const block = [HEAD, TITLE, "", ...rules.map(({ line }) => line), END].join(ends);
  if (found.kind === "block") return text.slice(0, found.from) + block + text.slice(found.to);
  return `${text}${gapAfter(text, ends)}${block}${ends}`;
}

/** An empty line between what stood there and the block. */
function gapAfter(text: string, ends: string): string {
  if (text === "") return "";
  return text.endsWith("\n") ? ends : ends + ends;
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}
