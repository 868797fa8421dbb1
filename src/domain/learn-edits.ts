import { isSame, type SyntaxNode } from "./syntax-node.ts";

/** One place where two syntax trees differ: what went, what came, and where. */
export interface TreeEdit {
  readonly removed: readonly SyntaxNode[];
  readonly added: readonly SyntaxNode[];
  /** What it stands in, outermost first, in the tree before and in the tree after. */
  readonly within: readonly SyntaxNode[];
  readonly withinAfter: readonly SyntaxNode[];
}

interface Place {
  readonly within: readonly SyntaxNode[];
  readonly withinAfter: readonly SyntaxNode[];
}

/** The smallest edits that lead from one tree to the other; imports are compared by what they bind, not here. */
export function treeEdits(before: SyntaxNode, after: SyntaxNode): readonly TreeEdit[] {
  return isSame(before, after) ? [] : editsWithin(before, after, { within: [], withinAfter: [] });
}

function editsWithin(before: SyntaxNode, after: SyntaxNode, outer: Place): readonly TreeEdit[] {
  const place = { within: [...outer.within, before], withinAfter: [...outer.withinAfter, after] };
  const [ours, theirs] = [comparable(before), comparable(after)];
  return gaps(ours, theirs, isSame).flatMap((gap) => gapEdits(gap, place));
}

/** Layout and punctuation say nothing; an import is compared elsewhere. */
function comparable(node: SyntaxNode): readonly SyntaxNode[] {
  return node.children.filter(
    (child) => !/^[,;()[\]{}]$/.test(child.kind) && !/^import_(from_)?statement$/.test(child.kind),
  );
}

interface Gap {
  readonly removed: readonly SyntaxNode[];
  readonly added: readonly SyntaxNode[];
}

function gapEdits(gap: Gap, place: Place): readonly TreeEdit[] {
  const pairs = pairsIn(gap);
  const rest = {
    removed: gap.removed.filter((node) => !pairs.some(([one]) => one === node)),
    added: gap.added.filter((node) => !pairs.some(([, other]) => other === node)),
  };
  const inner = pairs.flatMap(([one, other]) => pairEdits(one, other, place));
  const empty = rest.removed.length === 0 && rest.added.length === 0;
  return empty ? inner : [...inner, { ...rest, ...place }];
}

function pairEdits(one: SyntaxNode, other: SyntaxNode, place: Place): readonly TreeEdit[] {
  const [ours, theirs] = [comparable(one), comparable(other)];
  const whole = [{ removed: [one], added: [other], ...place }];
  if (one.kind !== other.kind || isAtom(one) || isAtom(other)) return whole;
  const onlyOne = ours.length === 1 && theirs.length === 1;
  const alike = ours.some((child) => theirs.some((candidate) => isSame(child, candidate)));
  const deeper =
    onlyOne || alike || pairsIn({ removed: ours, added: theirs }).some(([child]) => child.children.length > 0);
  return deeper ? editsWithin(one, other, place) : whole;
}

function isAtom(node: SyntaxNode): boolean {
  return node.children.length === 0 || /string|^dotted_name$/.test(node.kind);
}

/** What answers to what in a gap: one for one, or by likeness in the same order. */
function pairsIn({ removed, added }: Gap): readonly (readonly [SyntaxNode, SyntaxNode])[] {
  const [one, other] = [removed[0], added[0]];
  if (removed.length === 1 && added.length === 1 && one && other) return [[one, other]];
  return matches(removed, added, (left, right) => (left.kind === right.kind ? likeness(left, right) : 0));
}

const LIKE = 0.4;

function likeness(one: SyntaxNode, other: SyntaxNode): number {
  const [ours, theirs] = [one.tokens.split(" "), other.tokens.split(" ")];
  const left = new Map<string, number>();
  for (const token of theirs) left.set(token, (left.get(token) ?? 0) + 1);
  let shared = 0;
  for (const token of ours) {
    const count = left.get(token) ?? 0;
    if (count > 0) shared += 1;
    left.set(token, count - 1);
  }
  const value = (2 * shared) / (ours.length + theirs.length);
  return value >= LIKE ? value : 0;
}

/** What is left between the longest run of equal children. */
function gaps(
  before: readonly SyntaxNode[],
  after: readonly SyntaxNode[],
  same: (one: SyntaxNode, other: SyntaxNode) => boolean,
): readonly Gap[] {
  const found: Gap[] = [];
  let [left, right] = [0, 0];
  const end: readonly [SyntaxNode | undefined, SyntaxNode | undefined] = [undefined, undefined];
  for (const [one, other] of [...matches(before, after, (a, b) => (same(a, b) ? 1 : 0)), end]) {
    const [toLeft, toRight] = [
      one === undefined ? before.length : before.indexOf(one, left),
      other === undefined ? after.length : after.indexOf(other, right),
    ];
    const gap = { removed: before.slice(left, toLeft), added: after.slice(right, toRight) };
    if (gap.removed.length > 0 || gap.added.length > 0) found.push(gap);
    [left, right] = [toLeft + 1, toRight + 1];
  }
  return found;
}

/** More pairs than this are not compared: what differs there is one edit. */
const MOST_PAIRS = 250_000;

/** Pairs in the same order on both sides with the greatest sum of `worth`; a worth of 0 is no pair. */
function matches(
  before: readonly SyntaxNode[],
  after: readonly SyntaxNode[],
  worth: (one: SyntaxNode, other: SyntaxNode) => number,
): readonly (readonly [SyntaxNode, SyntaxNode])[] {
  if (before.length * after.length > MOST_PAIRS) return [];
  const best: number[][] = [...before, undefined].map(() => new Array<number>(after.length + 1).fill(0));
  const at = (row: number, column: number) => best[row]?.[column] ?? 0;
  const worths = before.map((one) => after.map((other) => worth(one, other)));
  for (let row = before.length - 1; row >= 0; row--)
    for (let column = after.length - 1; column >= 0; column--) {
      const value = worths[row]?.[column] ?? 0;
      const paired = value > 0 ? value + at(row + 1, column + 1) : 0;
      const line = best[row];
      if (line) line[column] = Math.max(paired, at(row + 1, column), at(row, column + 1));
    }
  return walked(before, after, { at, worths });
}

function walked(
  before: readonly SyntaxNode[],
  after: readonly SyntaxNode[],
  { at, worths }: { at(row: number, column: number): number; readonly worths: readonly (readonly number[])[] },
): readonly (readonly [SyntaxNode, SyntaxNode])[] {
  const pairs: (readonly [SyntaxNode, SyntaxNode])[] = [];
  let [row, column] = [0, 0];
  for (;;) {
    const [one, other] = [before[row], after[column]];
    if (one === undefined || other === undefined) return pairs;
    const value = worths[row]?.[column] ?? 0;
    if (value > 0 && at(row, column) === value + at(row + 1, column + 1)) {
      pairs.push([one, other]);
      [row, column] = [row + 1, column + 1];
    } else if (at(row, column) === at(row + 1, column)) row += 1;
    else column += 1;
  }
}
