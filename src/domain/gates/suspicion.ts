import { isCanaryCase } from "../canary.ts";
import type { TaskState } from "../gate.ts";
import { type Need, type Seen, sight } from "../need.ts";
import { aloneSuite, byId, idStem, idsThat, isLeaving, movedId, passedIn, wholeSuite } from "../seen-tests.ts";
import type { TestCase } from "../suite-report.ts";
import { isRedFirst } from "../task-state.ts";
import type { GreenRuns } from "./green-runs.ts";
import { expectedIds } from "./red.ts";

/** More suspects than this are no flicker. */
const MOST_SUSPECTS = 20;

/** Tests that fail on the work and did not fail on the base; the canary is not among them. */
export function suspects(state: TaskState, seen: Seen, runs: GreenRuns): readonly TestCase[] {
  const knownFailures = new Set([...idsThat(runs.base, "failed")].map((id) => movedId(state.task, id)));
  const expected = isRedFirst(state) ? expectedIds(state, seen) : new Set<string>();
  return runs.work.cases.filter(
    (test) =>
      test.outcome === "failed" &&
      !isCanaryCase(runs.canary, test) &&
      (!knownFailures.has(test.id) || expected.has(test.id)),
  );
}

/** Ids that must be in the report and were not run, by why they are missed. */
export interface Missing {
  /** Passed on the base. */
  readonly before: readonly string[];
  /** Seen by red. */
  readonly expected: readonly string[];
}

/** Every test that passed on the base, and every test that red saw, must have run. */
export function missing(state: TaskState, seen: Seen, runs: GreenRuns): Missing {
  const ran = runs.work.cases.filter((test) => test.outcome !== "skipped");
  const ids = new Set(ran.map((test) => test.id));
  const stems = new Set(ran.map((test) => idStem(test.id)));
  const passedBefore = runs.base.cases.filter((test) => test.outcome === "passed" && !isLeaving(state.task, test));
  const before = passedBefore.map((test) => movedId(state.task, test.id)).filter((id) => !ids.has(id));
  // Parameters that come from the code to be written are others over a stub: then the test itself must have run.
  const isStranger = (id: string) => !ids.has(id) && (id === idStem(id) || !stems.has(idStem(id)));
  const expected = isRedFirst(state) ? [...expectedIds(state, seen)].filter(isStranger) : [];
  return { before, expected };
}

/**
 * A suspected regression is looked at alone, then in a second full run; if it stands, the base is run again to see
 * whether the test changes its mind there too. Tests that are gone are looked for on the base only.
 */
export function suspicionNeeds(state: TaskState, seen: Seen, runs: GreenRuns): readonly Need[] {
  const failing = suspectedIds(state, seen, runs);
  const gone = missing(state, seen, runs).before;
  if (failing.length + gone.length === 0 || failing.length + gone.length > MOST_SUSPECTS) return [];
  const baseAgain = wholeSuite(state.work.base.tree, 2);
  const looks: Need[] = gone.length > 0 ? [baseAgain] : [];
  if (failing.length === 0) return looks;
  const alone = aloneSuite(state.work.trees.work, failing);
  const second = wholeSuite(state.work.trees.work, 2);
  looks.push(alone);
  const seenAlone = sight(seen, alone);
  if (!seenAlone) return looks;
  const isWorthAnother = failing.some((id) => passedIn(seenAlone, id));
  if (isWorthAnother) looks.push(second);
  if (isWorthAnother && !sight(seen, second)) return looks;
  const standing = failing.filter((id) => !isCleared(state, seen, runs, id) && passedOnBase(state, runs, id));
  return standing.length > 0 && gone.length === 0 ? [...looks, baseAgain] : looks;
}

/** Ids whose failure may be a flicker: they passed on the base, or the time was up. */
function suspectedIds(state: TaskState, seen: Seen, runs: GreenRuns): readonly string[] {
  return suspects(state, seen, runs)
    .filter((test) => passedOnBase(state, runs, test.id) || test.failure?.kind === "timeout")
    .map((test) => test.id);
}

/** Passed on the base, under the name that it has now. */
export function passedOnBase(state: TaskState, runs: GreenRuns, id: string): boolean {
  return runs.base.cases.some((test) => test.outcome === "passed" && movedId(state.task, test.id) === id);
}

/** Passed alone and in a second full run. */
function isCleared(state: TaskState, seen: Seen, runs: GreenRuns, id: string): boolean {
  const alone = sight(seen, aloneSuite(state.work.trees.work, suspectedIds(state, seen, runs)));
  const second = sight(seen, wholeSuite(state.work.trees.work, 2));
  return passedIn(alone, id) && passedIn(second, id);
}

/** Passed in one full run of the base and did not in another: it may be quarantined. */
function flickersOnBase(state: TaskState, seen: Seen, runs: GreenRuns, id: string): boolean {
  const second = sight(seen, wholeSuite(state.work.base.tree, 2));
  if (second?.ended !== "exited" || !second.complete || !passedOnBase(state, runs, id)) return false;
  const then = new Map([...byId(second)].map(([old, test]) => [movedId(state.task, old), test.outcome]));
  return then.get(id) !== "passed";
}

/** Why a suspect does not count; undefined when it does. */
export function excuse(state: TaskState, seen: Seen, runs: GreenRuns): (id: string) => string | undefined {
  const isMany = suspicionNeeds(state, seen, runs).length === 0;
  return (id) => {
    if (isMany) return undefined;
    if (isCleared(state, seen, runs, id)) return `Cleared (passed alone and in a second full run): ${id}`;
    return flickersOnBase(state, seen, runs, id) ? `Quarantined (changes its mind on the base): ${id}` : undefined;
  };
}
