import type { Gate, TaskState } from "../gate.ts";
import { type Need, type Seen, type Sights, sight } from "../need.ts";
import { kindOfPath } from "../paths.ts";
import { suiteOf } from "../seen-tests.ts";
import type { SuiteReport } from "../suite-report.ts";
import { awaitsCode, testFiles, testMaker } from "../task-state.ts";
import { type Finding, pass, verdictOf } from "../verdict.ts";
import { greenRuns } from "./green-runs.ts";

type MutantsNeed = Extract<Need, { see: "mutants" }>;
type SuiteNeed = Extract<Need, { see: "suite" }>;
type Mutant = Sights["mutants"][number];

/** Runs over mutants that may meet their time limit before it is said that the tests are too slow for more. */
const SLOW = 2;

/**
 * The task's own tests notice small changes of the lines that the task has written. What they do not notice goes to the
 * tester, once a task: some changes make no difference, and nobody can prove which.
 */
export const discriminates: Gate = {
  name: "discriminates",
  kinds: ["feature", "bug"],
  needs(state, seen) {
    if (!isJudged(state, seen)) return [];
    const lines = linesNeed(state);
    const need = mutantsNeed(state, seen);
    if (!need) return [lines];
    return [lines, need, ...runNeeds(state, seen)];
  },
  judge(state, seen) {
    if (!isJudged(state, seen)) return pass();
    const left = survivors(state, seen);
    const runs = chosen(state, seen).filter((mutant) => sight(seen, runNeed(state, mutant)) !== undefined).length;
    const asked = state.asked.includes("discriminates");
    if (left.length > 0 && !asked) return verdictOf(survivorFindings(state, left));
    if (runs === 0) return pass();
    const noticed = `The task's tests notice ${runs - left.length} of ${runs} small changes of its code.`;
    return pass(noticed, ...left.map((mutant) => `Not noticed: ${mutant.what}`));
  },
};

/** Changes of the task's code that its tests do not notice, one line each; empty while nobody has looked. */
export function unnoticed(state: TaskState, seen: Seen): readonly string[] {
  return isJudged(state, seen) ? survivors(state, seen).map((mutant) => mutant.what) : [];
}

/** Only where green has seen the tests pass one by one. */
function isJudged(state: TaskState, seen: Seen): boolean {
  return !awaitsCode(state) && ownIds(state, seen).length > 0;
}

function ownIds(state: TaskState, seen: Seen): readonly string[] {
  const files = testFiles(state);
  const cases = greenRuns(state, seen)?.work.cases ?? [];
  return cases.filter((test) => test.outcome === "passed" && files.includes(test.file)).map((test) => test.id);
}

function linesNeed({ work, profile }: TaskState): Extract<Need, { see: "lines" }> {
  const paths = work.code.filter((change) => change.blob !== null).map((change) => change.path);
  const code = paths.filter((path) => kindOfPath(path, profile) === "code");
  return { see: "lines", from: work.trees.red, to: work.trees.work, paths: code };
}

/** At most as many ranges as mutants, spread over all; each gives its share. */
function mutantsNeed(state: TaskState, seen: Seen): MutantsNeed | undefined {
  const lines = sight(seen, linesNeed(state));
  if (!lines || lines.length === 0) return undefined;
  const most = state.config.limits.mutants;
  const step = Math.max(1, lines.length / most);
  const ranges = Array.from(
    { length: Math.min(lines.length, most) },
    (_, index) => lines[Math.floor(index * step)] ?? "",
  );
  return { see: "mutants", tree: state.work.trees.work, lines: ranges, limit: Math.ceil(most / ranges.length) };
}

function chosen(state: TaskState, seen: Seen): readonly Mutant[] {
  const need = mutantsNeed(state, seen);
  return (need && sight(seen, need))?.slice(0, state.config.limits.mutants) ?? [];
}

function runNeed(state: TaskState, mutant: Mutant): SuiteNeed {
  const { mutants, mutantSeconds } = state.config.limits;
  const seconds = Math.max(5, Math.floor(mutantSeconds / mutants));
  return { ...suiteOf(mutant.tree, testFiles(state)), seconds };
}

/** One after the other, so that every run tells the same story, until all are seen or some were too slow. */
function runNeeds(state: TaskState, seen: Seen): readonly SuiteNeed[] {
  const looks = chosen(state, seen).map((mutant) => runNeed(state, mutant));
  for (let done = 1; done < looks.length; done++) {
    const reports = looks.slice(0, done).map((look) => sight(seen, look));
    const slow = reports.filter((report) => report?.ended === "timeout").length;
    if (slow >= SLOW || reports.includes(undefined)) return looks.slice(0, done);
  }
  return looks;
}

function survivors(state: TaskState, seen: Seen): readonly Mutant[] {
  const own = ownIds(state, seen);
  return chosen(state, seen).filter((mutant) => {
    const report = sight(seen, runNeed(state, mutant));
    return report !== undefined && isBlind(report, own);
  });
}

/** True when every one of the tests passes all the same. */
function isBlind(report: SuiteReport, own: readonly string[]): boolean {
  const passed = new Set(report.cases.filter((test) => test.outcome === "passed").map((test) => test.id));
  return report.ended === "exited" && report.complete && own.every((id) => passed.has(id));
}

const SURVIVED =
  "Each of these changes, made alone, would make the code do something else, and your tests pass all the same. Add a case for each, as far as a criterion demands what is lost with it. If no criterion tells any of them from what stands, answer with one line instead of a block: EQUIVALENT: the reason.";

function survivorFindings(state: TaskState, left: readonly Mutant[]): readonly Finding[] {
  const about = { rule: "discriminates/survivor", answers: testMaker(state) };
  const each = left.map(({ what }) => {
    const place = /^(.+?) line (\d+): ([\s\S]*)$/.exec(what);
    return {
      ...about,
      message: place?.[3] ?? what,
      ...(place ? { path: place[1] ?? "", line: Number(place[2]) } : {}),
    };
  });
  return [{ ...about, message: SURVIVED }, ...each];
}
