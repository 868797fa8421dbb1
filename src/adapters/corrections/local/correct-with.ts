import type { Corrected, CorrectionChange, ProposedText } from "../../../domain/correction.ts";
import { changesOf, settledChanges } from "../../../domain/correction-changes.ts";
import type { ParsedCorrection } from "../../../domain/correction-text.ts";
import { matches } from "../../../domain/paths.ts";
import type { Finding } from "../../../domain/verdict.ts";
import type { Corrections } from "../../../engine/ports.ts";
import type { CorrectionTools, Ground, Touched } from "./ground.ts";
import { stepOf } from "./steps.ts";

/** Times that all corrections go over a proposal until none of them finds anything more. */
const MOST_PASSES = 4;

/**
 * The corrections that are switched on, in the order of their paths. Their examples are not run here. `tools` are for
 * `quick-fix`, which does nothing without them.
 */
export function correctWith(corrections: readonly ParsedCorrection[], tools?: CorrectionTools): Corrections {
  const active = corrections.filter(({ state }) => state === "on").sort((one, two) => (one.path < two.path ? -1 : 1));
  return {
    active: active.map(({ id, digest }) => ({ id, digest })),
    correct: (proposed, tree, without = []) =>
      corrected(
        active.filter(({ id }) => !without.includes(id)),
        proposed,
        { tree, tools },
      ),
  };
}

/** A correction at a path, like `session-import\0app/main.py`. */
type Pair = string;

const pairOf = (id: string, path: string): Pair => `${id}\0${path}`;

interface Passed {
  readonly files: readonly ProposedText[];
  readonly applied: ReadonlyMap<Pair, number>;
  readonly left: ReadonlyMap<Pair, string>;
  readonly changes: readonly CorrectionChange[];
  /** Of the last pass, in the order of the corrections; empty when nothing was found any more. */
  readonly restless: readonly { readonly id: string; readonly path: string }[];
}

/** Applies corrections to a proposal. Where two undo each other for ever, the later one is left out of that file. */
export async function corrected(
  active: readonly ParsedCorrection[],
  proposed: readonly ProposedText[],
  ground: Ground,
): Promise<Corrected> {
  const findings = active.flatMap((correction) => refusalsOf(correction, proposed));
  const fights: string[] = [];
  const without = new Set<Pair>();
  let passed = await passes(active, proposed, { ...ground, without });
  while (passed.restless.length > 0) {
    const out = passed.restless.at(-1);
    if (!out) break;
    const others = [
      ...new Set(passed.restless.filter(({ path, id }) => path === out.path && id !== out.id).map(({ id }) => id)),
    ];
    without.add(pairOf(out.id, out.path));
    fights.push(fightText(out, others));
    passed = await passes(active, proposed, { ...ground, without });
  }
  const applied = [...passed.applied].map(([pair, times]) => ({ ...parted(pair), times }));
  const left = [...passed.left].map(([pair, why]) => {
    const { correction, path } = parted(pair);
    return `The correction ${correction} was left out of ${path}: ${why}.`;
  });
  const textIn = (path: string) => passed.files.find((file) => file.path === path)?.after ?? "";
  const changes = settledChanges(passed.changes, textIn);
  return { files: passed.files, applied, changes, findings, notes: [...fights, ...left] };
}

function parted(pair: Pair): { readonly correction: string; readonly path: string } {
  const [correction = "", path = ""] = pair.split("\0");
  return { correction, path };
}

function fightText({ id, path }: { readonly id: string; readonly path: string }, others: readonly string[]): string {
  if (others.length === 0)
    return `The correction ${id} was left out of ${path}: it changes its own result again and again.`;
  return `The corrections ${others.join(", ")} and ${id} undo each other in ${path}: ${id} was left out there.`;
}

interface Going {
  files: readonly ProposedText[];
  readonly applied: Map<Pair, number>;
  readonly left: Map<Pair, string>;
  readonly changes: CorrectionChange[];
}

type PassGround = Ground & { readonly without: ReadonlySet<Pair> };

async function passes(
  active: readonly ParsedCorrection[],
  proposed: readonly ProposedText[],
  ground: PassGround,
): Promise<Passed> {
  const going: Going = { files: proposed, applied: new Map(), left: new Map(), changes: [] };
  for (let pass = 1; ; pass += 1) {
    const restless: { readonly id: string; readonly path: string }[] = [];
    for (const correction of active) {
      const changed = await onePass(correction, going, ground);
      restless.push(...changed.map((path) => ({ id: correction.id, path })));
    }
    if (restless.length === 0 || pass === MOST_PASSES) return { ...going, restless };
  }
}

/** Applies one correction to all files and names those that it changed. */
async function onePass(correction: ParsedCorrection, going: Going, ground: PassGround): Promise<readonly string[]> {
  const { id } = correction;
  const allowed = going.files.filter(({ path }) => !ground.without.has(pairOf(id, path)));
  const changed: string[] = [];
  for (const touched of await stepOf(correction, allowed, ground)) {
    const pair = pairOf(id, touched.path);
    if (touched.kind === "left") going.left.set(pair, touched.why);
    else {
      const before = allowed.find(({ path }) => path === touched.path)?.after ?? "";
      going.changes.push(...changesOf(id, touched.path, before, touched.text));
      going.files = withText(going.files, touched);
      going.applied.set(pair, (going.applied.get(pair) ?? 0) + touched.times);
      changed.push(touched.path);
    }
  }
  return changed;
}

function withText(
  files: readonly ProposedText[],
  touched: Extract<Touched, { kind: "changed" }>,
): readonly ProposedText[] {
  return files.map((file) => (file.path === touched.path ? { ...file, after: touched.text } : file));
}

/** What a correction refuses by the path; the door's rule names the correction. */
export function refusalsOf(
  { id, does, files }: ParsedCorrection,
  proposed: readonly ProposedText[],
): readonly Finding[] {
  if (does.kind !== "reject-path") return [];
  return proposed
    .filter((file) => matches(files, file.path) && isMeant(does.only, file))
    .map(({ path }) => ({ rule: `correction/${id}`, answers: "developer", message: `${path}: ${does.message}`, path }));
}

function isMeant(only: "new" | "deleted" | undefined, { base, after }: ProposedText): boolean {
  if (only === "new") return base === undefined && after !== null;
  return only === "deleted" ? after === null : after !== base;
}
