import type { Price } from "../domain/model-config.ts";
import { type GateCount, gateFunnel } from "./gate-funnel.ts";
import { isFailed, type ResultRow } from "./result-row.ts";
import { type Bill, billOf } from "./run-bill.ts";
import type { ToldRun } from "./told-run.ts";

export interface Metrics {
  readonly runs: number;
  readonly tasks: Readonly<Record<string, number>>;
  readonly attempts: Attempts;
  /**
   * Times that a person had to step in before a run could go on, and questions that wait for one now; approvals of
   * corrections beside them, which are none.
   */
  readonly interventions: {
    readonly manual: number;
    readonly waiting: number;
    readonly approvals: number;
    readonly closings: number;
  };
  /** Times that a task's tests began anew: only they had refused what was answered. */
  readonly testsAnew: number;
  /** Tests that passed on the tree that landed last; undefined before anything has landed. */
  readonly finalTests: number | undefined;
  readonly byCorrections: readonly (Attempts & { readonly corrections: number })[];
  readonly types: Readonly<Record<string, number>>;
  readonly categories: Readonly<Record<string, number>>;
  readonly signatures: readonly SignatureCount[];
  /** Most attempts first. */
  readonly hardest: readonly TaskCount[];
  /** Attempts and failures of each run, oldest first; by task they are in `hardest`, of the repository in `attempts`. */
  readonly byRun: readonly { readonly run: string; readonly attempts: number; readonly failed: number }[];
  /** In the order in which the gates judge. */
  readonly gates: readonly GateCount[];
  /** Share of the failed attempts whose signature an attempt before had, in this repository; undefined without any. */
  readonly repeatRate: number | undefined;
  readonly coverage: Coverage;
  readonly bill: Bill;
  /** Steps that could not be done, by what was behind it. */
  readonly outages: Readonly<Record<string, number>>;
}

export interface Attempts {
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  readonly deadlocked: number;
  /** Impossible, superseded, or not judged yet. */
  readonly other: number;
  /** Share of those that were judged, 0 to 1; undefined when none was. */
  readonly passRate: number | undefined;
}

export interface SignatureCount {
  readonly signature: string;
  readonly type: string;
  readonly category: string;
  readonly gate: string;
  readonly count: number;
  /** Share of all failed attempts that this one and those before it make up, 0 to 1. */
  readonly cumulative: number;
  readonly tasks: number;
  readonly runs: number;
}

export interface TaskCount {
  readonly run: string;
  readonly task: string;
  readonly title: string;
  readonly outcome: string;
  readonly attempts: number;
  readonly failed: number;
  /** The signature that it failed with most often, and how often. */
  readonly signature: string | undefined;
  readonly times: number;
  readonly tokens: number;
  readonly seconds: number;
}

/** Decisions that a program took, of all that were taken. */
export interface Coverage {
  readonly deterministic: number;
  readonly decisions: number;
  /** 0 to 1; undefined without a decision. */
  readonly ratio: number | undefined;
}

/** What all runs of a repository come to. `runs` oldest first; prices by model, per million tokens. */
export function metricsOf(runs: readonly ToldRun[], prices: Readonly<Record<string, Price>>): Metrics {
  const rows = runs.flatMap((run) => run.rows);
  const makers = rows.filter(({ task }) => task !== "plan");
  const failed = makers.filter(isFailed);
  const tasks = runs.flatMap((run) => run.view.tasks);
  return {
    runs: runs.length,
    tasks: countBy(tasks, ({ state }) => state),
    attempts: attemptsOf(makers),
    interventions: {
      manual: sum(runs, ({ interventions }) => interventions),
      waiting: runs.filter(({ view }) => view.state === "waiting").length,
      approvals: sum(runs, ({ approvals }) => approvals),
      closings: sum(runs, ({ closings }) => closings),
    },
    testsAnew: sum(runs, ({ testsAnew }) => testsAnew),
    finalTests: runs.flatMap(({ view }) => view.landed).at(-1)?.tests,
    byCorrections: byCorrections(makers),
    types: countBy(failed, ({ type }) => type ?? "unknown"),
    categories: countBy(failed, ({ category }) => category ?? "unknown"),
    signatures: signatureCounts(failed),
    hardest: hardestOf(runs),
    byRun: runs.map(({ view, rows }) => {
      const own = rows.filter(({ task }) => task !== "plan");
      return { run: view.run, attempts: own.length, failed: own.filter(isFailed).length };
    }),
    gates: gateFunnel(runs, makers),
    repeatRate: repeatRateOf(failed),
    coverage: coverageOf(runs),
    bill: billOf(runs, prices),
    outages: countBy(
      runs.flatMap((run) => run.outages),
      (category) => category,
    ),
  };
}

function attemptsOf(rows: readonly ResultRow[]): Attempts {
  const count = (verdict: ResultRow["verdict"]) => rows.filter((row) => row.verdict === verdict).length;
  const [passed, failed, deadlocked] = [count("pass"), count("refuse"), count("deadlock")];
  const judged = passed + failed + deadlocked;
  const other = rows.length - judged;
  return { total: rows.length, passed, failed, deadlocked, other, passRate: shareOf(passed, judged) };
}

function byCorrections(rows: readonly ResultRow[]): Metrics["byCorrections"] {
  const counts = [...new Set(rows.map((row) => row.corrections))].sort((a, b) => a - b);
  return counts.map((corrections) => ({
    corrections,
    ...attemptsOf(rows.filter((row) => row.corrections === corrections)),
  }));
}

function signatureCounts(failed: readonly ResultRow[]): readonly SignatureCount[] {
  const groups = [...groupBy(failed, ({ signature }) => signature ?? "").entries()];
  groups.sort(([, a], [, b]) => b.length - a.length);
  let before = 0;
  return groups.flatMap(([signature, rows]) => {
    const [first] = rows;
    if (first === undefined) return [];
    before += rows.length;
    const { type = "", category = "", gate } = first;
    return {
      signature,
      type,
      category,
      gate,
      count: rows.length,
      cumulative: before / failed.length,
      tasks: new Set(rows.map(({ run, task }) => `${run} ${task}`)).size,
      runs: new Set(rows.map(({ run }) => run)).size,
    };
  });
}

function hardestOf(runs: readonly ToldRun[]): readonly TaskCount[] {
  const all = runs.flatMap(({ view, rows }) =>
    view.tasks.map((task): TaskCount => {
      const own = rows.filter((row) => row.task === task.id);
      const [worst] = signatureCounts(own.filter(isFailed));
      return {
        run: view.run,
        task: task.id,
        title: task.title,
        outcome: task.state,
        attempts: own.length,
        failed: own.filter(isFailed).length,
        signature: worst?.signature,
        times: worst?.count ?? 0,
        tokens: sum(own, ({ tokens }) => tokens),
        seconds: Math.round(sum(own, ({ seconds }) => seconds)),
      };
    }),
  );
  return all.filter(({ attempts }) => attempts > 0).sort((a, b) => b.attempts - a.attempts || b.failed - a.failed);
}

function repeatRateOf(failed: readonly ResultRow[]): number | undefined {
  const distinct = new Set(failed.map(({ signature }) => signature)).size;
  return shareOf(failed.length - distinct, failed.length);
}

function coverageOf(runs: readonly ToldRun[]): Coverage {
  const decisions = sum(runs, (run) => run.decisions.program + run.decisions.model);
  const deterministic = sum(runs, (run) => run.decisions.program);
  return { deterministic, decisions, ratio: shareOf(deterministic, decisions) };
}

/** Undefined of nothing. */
function shareOf(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}

function sum<One>(all: readonly One[], of: (one: One) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}

function groupBy<One>(all: readonly One[], key: (one: One) => string): ReadonlyMap<string, readonly One[]> {
  const groups = new Map<string, One[]>();
  for (const one of all) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}

/** Most first. */
function countBy<One>(all: readonly One[], key: (one: One) => string): Readonly<Record<string, number>> {
  const counts = [...groupBy(all, key)].map(([name, group]) => [name, group.length] as const);
  return Object.fromEntries(counts.sort(([, a], [, b]) => b - a));
}
