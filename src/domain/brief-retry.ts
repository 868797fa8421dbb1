import { splitDiff } from "./brief-diff.ts";
import { fenced, fileText, section } from "./brief-text.ts";
import type { SaidPart } from "./memory-told.ts";
import { findingsText } from "./moves.ts";
import type { Finding, Refusal } from "./verdict.ts";
import type { TreeId, Work } from "./work.ts";

/** What a maker was told last in a task: the next question says it again, byte for byte, and goes on from there. */
export interface Told {
  readonly base: TreeId;
  /** The work as it stood when this was said. */
  readonly shown: TreeId;
  readonly user: string;
  /** Characters of the first of these questions. */
  readonly first: number;
  /** Findings that stand in it. */
  readonly said: readonly string[];
  /** The parts that it was made of. */
  readonly parts?: readonly SaidPart[];
}

/** A changed file up to this size is shown whole rather than as a difference. */
const WHOLE = 1200;
/** How far repeating may grow a question before it is told afresh: this many characters, or this share of the first. */
const GROWTH = { characters: 6000, share: 0.6 } as const;

/** Findings as sentences: those that were not said before; where all were, the first again. */
export function newFindings(findings: readonly Finding[], said: readonly string[]): string {
  const fresh = findings.filter((finding) => !said.includes(findingsText([finding])));
  if (fresh.length === 0) return `The same as before: ${findings[0]?.message ?? ""}`;
  const standing = findings.length - fresh.length;
  return standing === 0 ? findingsText(fresh) : `${findingsText(fresh)}\n- What was said before still stands.`;
}

/** What a gate says, last in every brief. */
export function saysSection(refusal: Refusal, text: string): string {
  return section(`What ${refusal.gate} says`, text);
}

/** Files of the work that changed since they were shown: small and new ones whole, others as a difference. */
export function changedText(diff: string, texts: ReadonlyMap<string, string>, added: ReadonlySet<string>): string {
  const pieces = splitDiff(diff);
  const shown = [...texts].map(([path, text]) => {
    const change = pieces.get(path) ?? "";
    const isWhole = added.has(path) || text.length <= WHOLE || change === "" || change.length > text.length;
    return isWhole ? fileText(path, text) : `## ${path} (what changed)\n${fenced("diff", change)}`;
  });
  return shown.length === 0 ? "" : section("The work now", shown.join("\n\n"));
}

/** What is remembered of a question; `before` is the one that it goes on from. */
export function toldNow(user: string, findings: readonly Finding[], work: Work, before: Told | undefined): Told {
  const said = findings.map((finding) => findingsText([finding]));
  return {
    base: work.base.tree,
    shown: work.trees.work,
    user,
    first: before?.first ?? user.length,
    said: [...(before?.said ?? []), ...said],
  };
}

/** True when what was told may be said again and gone on from: the same base, and not grown out of hand. */
export function goesOn(told: Told, base: TreeId, next: string): boolean {
  const grown = next.length - told.first;
  return told.base === base && grown <= Math.max(GROWTH.characters, told.first * GROWTH.share);
}

/** An architect's last reply as far as rules judge it: without the body for people behind the last front matter. */
export function judgedPlanText(reply: string): string {
  const lines = reply.trimEnd().split("\n");
  const last = lines.findLastIndex((line) => line.trim() === "---");
  if (last < 1 || last === lines.length - 1) return reply;
  return `${lines.slice(0, last + 1).join("\n")}\n(the body is not shown)`;
}
