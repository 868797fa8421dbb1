import type { Gate, TaskState } from "../gate.ts";
import { type Need, type Seen, sight } from "../need.ts";
import { cutShort, settledNeeds, settledSuite, suiteOf } from "../seen-tests.ts";
import type { SuiteReport, TestCase } from "../suite-report.ts";
import { namesCriterion } from "../task.ts";
import { testFiles, testMaker } from "../task-state.ts";
import { type Answerer, type Finding, pass, type Verdict, verdictOf } from "../verdict.ts";

type MutantsNeed = Extract<Need, { see: "mutants" }>;

/** For kind `test`: each criterion has a new test that passes on the base, and the new tests kill a mutant of every named range. */
export const kills: Gate = {
  name: "kills",
  kinds: ["test"],
  needs(state, seen) {
    const files = testFiles(state);
    if (files.length === 0) return [];
    const looks: Need[] = [...settledNeeds(seen, state.work.base.tree), ...healthyNeeds(state)];
    const runs = killRuns(state, seen);
    return runs && !cutShort(runs.healthy) ? [...looks, ...rangeNeeds(state, seen, runs)] : looks;
  },
  judge(state, seen) {
    if (testFiles(state).length === 0)
      return verdictOf([finding(state, "kills/no-tests-yet", "There is no new test yet.")]);
    if (state.task.lines.length === 0)
      return verdictOf([
        planFault(state, "kills/no-lines", "The task names no lines whose behaviour the new tests must pin down."),
      ]);
    const runs = killRuns(state, seen);
    if (!runs) return verdictOf([finding(state, "kills/not-seen", "The tests have not been run.")]);
    const early = cutShort(runs.healthy) ?? cutShort(runs.again);
    if (early)
      return verdictOf([
        finding(state, "kills/cut-short", `Your tests could not be judged: ${early}.`, runs.healthy.output),
      ]);
    return judgeRuns(state, seen, runs);
  },
};

interface KillRuns {
  readonly base: SuiteReport;
  readonly healthy: SuiteReport;
  readonly again: SuiteReport;
}

function healthyNeeds(state: TaskState) {
  const files = testFiles(state);
  return [suiteOf(state.work.trees.work, files), suiteOf(state.work.trees.work, files, 2)] as const;
}

function killRuns(state: TaskState, seen: Seen): KillRuns | undefined {
  const [first, second] = healthyNeeds(state);
  const base = settledSuite(seen, state.work.base.tree);
  const healthy = sight(seen, first);
  const again = sight(seen, second);
  return base && healthy && again ? { base, healthy, again } : undefined;
}

function judgeRuns(state: TaskState, seen: Seen, runs: KillRuns): Verdict {
  const survivors = state.task.lines.flatMap((range) => survivorFindings(state, seen, { range, runs }));
  if (runs.healthy.grade === "exit-code") {
    const degraded = "Only exit codes could be seen (bare command): the new tests cannot be told from the old ones.";
    return survivors.length > 0 ? verdictOf(survivors) : pass(degraded);
  }
  return verdictOf([...freshFindings(state, runs), ...criteriaFindings(state, runs), ...survivors]);
}

/** Mutants one after another, until one is killed. */
function rangeNeeds(state: TaskState, seen: Seen, runs: KillRuns): readonly Need[] {
  return state.task.lines.flatMap((range) => {
    const need = mutantsNeed(state, range);
    const looks: Need[] = [need];
    for (const mutant of sight(seen, need) ?? []) {
      const look = suiteOf(mutant.tree, testFiles(state));
      looks.push(look);
      const report = sight(seen, look);
      if (!report || isKilled(report, runs)) break;
    }
    return looks;
  });
}

function mutantsNeed(state: TaskState, range: string): MutantsNeed {
  return { see: "mutants", tree: state.work.trees.work, lines: [range], limit: state.config.limits.mutants };
}

/** Only a new test that passed on the healthy code and fails on the mutant has noticed it; an old one proves nothing. */
function isKilled(report: SuiteReport, runs: KillRuns): boolean {
  if (runs.healthy.grade === "exit-code") return runs.healthy.exitCode === 0 && report.exitCode !== 0;
  const fresh = freshCases(runs);
  const passes = new Set(fresh.filter((test) => test.outcome === "passed").map((test) => test.id));
  return report.cases.some((test) => test.outcome === "failed" && passes.has(test.id));
}

function survivorFindings(
  state: TaskState,
  seen: Seen,
  { range, runs }: { range: string; runs: KillRuns },
): readonly Finding[] {
  const mutants = sight(seen, mutantsNeed(state, range)) ?? [];
  if (mutants.length === 0)
    return [planFault(state, "kills/no-mutant", `No mutant can be made of ${range}: name lines that hold behaviour.`)];
  const reports = mutants.map((mutant) => sight(seen, suiteOf(mutant.tree, testFiles(state))));
  if (reports.some((report) => report && isKilled(report, runs))) return [];
  const message = `Your tests pass although ${range} was changed in ${mutants.length} ways: they do not notice that behaviour.`;
  return [finding(state, "kills/survivors", message, mutants.map((mutant) => mutant.what).join("\n"))];
}

/** The new tests run, and say the same twice. */
function freshFindings(state: TaskState, runs: KillRuns): readonly Finding[] {
  const again = new Map(runs.again.cases.map((test) => [test.id, test.outcome]));
  return freshCases(runs).flatMap((test) => {
    if (test.outcome === "skipped")
      return [finding(state, "kills/skipped", `"${test.name}" is skipped: a skipped test proves nothing.`)];
    const then = again.get(test.id) ?? "missing";
    if (then === test.outcome) return [];
    const message = `"${test.name}" was ${test.outcome} in one run and ${then} in the next, on the same files. Make it and its name deterministic.`;
    return [finding(state, "kills/changes-its-mind", message)];
  });
}

function criteriaFindings(state: TaskState, runs: KillRuns): readonly Finding[] {
  const passed = freshCases(runs).filter((test) => test.outcome === "passed");
  return state.task.accept
    .filter((criterion) => !passed.some((test) => namesCriterion(test.name, criterion.id)))
    .map((criterion) =>
      finding(
        state,
        "kills/no-test-for-criterion",
        `No new passing test carries ${criterion.id} in its name: ${criterion.text}`,
      ),
    );
}

function freshCases(runs: KillRuns): readonly TestCase[] {
  const known = new Set(runs.base.cases.map((test) => test.id));
  return runs.healthy.cases.filter((test) => !known.has(test.id));
}

function planFault(state: TaskState, rule: string, message: string): Finding {
  const answers: Answerer = "architect";
  return { ...finding(state, rule, message), answers };
}

function finding(state: TaskState, rule: string, message: string, evidence?: string): Finding {
  return { rule, answers: testMaker(state), message, ...(evidence ? { evidence: evidence.slice(0, 1500) } : {}) };
}
