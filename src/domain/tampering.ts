import type { Answered } from "./answered.ts";
import { plainDigest } from "./drift.ts";
import type { Finding, Refusal } from "./verdict.ts";

/** Rules of the door by which a test that stands would not be what it was. */
const TOUCHES_TESTS = /^door\/(?:existing-test|existing-setup|wrong-layer|deletes|infrastructure)$/;

type Moves = readonly { readonly from: string; readonly to: string }[];

/** A file as a proposal leaves it; null: deleted. */
interface Left {
  readonly path: string;
  readonly after: string | null;
}

/**
 * The tests that a refused proposal would have changed: they stood in the work, and the door refused their change. A test
 * that is sent again as it stands, with whatever line ends, is left alone and not among them.
 */
export function changedTests(
  findings: readonly Finding[],
  files: readonly Left[],
  now: ReadonlyMap<string, string | undefined>,
  isTest: (path: string) => boolean,
): readonly string[] {
  return files.flatMap(({ path, after }) => {
    const text = now.get(path);
    if (text === undefined || !isTest(path)) return [];
    if (after !== null && plainDigest(after) === plainDigest(text)) return [];
    return findings.some((finding) => finding.path === path && TOUCHES_TESTS.test(finding.rule)) ? [path] : [];
  });
}

/**
 * Tests that were to be changed so that they pass, or undefined: so many proposals of one task touched tests that stand,
 * though each was refused with the reason; or the tree itself has lost some, which no proposal may do even once.
 */
export function tampering(
  refusal: Refusal,
  {
    history,
    atDoor,
    moves,
  }: { readonly history: readonly Answered[]; readonly atDoor: boolean; readonly moves: Moves },
  limit: number,
): readonly string[] | undefined {
  const lost = refusal.gate === "door" && !atDoor ? lostIn(refusal, moves) : [];
  if (lost.length > 0) return lost;
  const tries = history.filter((answer) => (answer.tampers ?? []).length > 0);
  const isNew = (history.at(-1)?.tampers ?? []).length > 0 && tries.length % limit === 0;
  return isNew ? [...new Set(tries.flatMap((answer) => answer.tampers ?? []))] : undefined;
}

/** Tests that the tree has lost; what a declared move has yet to carry along is only refused. */
function lostIn({ findings }: Refusal, moves: Moves): readonly string[] {
  const lost = findings.filter(({ rule }) => rule === "door/existing-test" || rule === "door/existing-setup");
  const moved = new Set(moves.flatMap(({ from, to }) => [from, to]));
  return [...new Set(lost.flatMap(({ path }) => path ?? []))].filter((path) => !moved.has(path));
}
