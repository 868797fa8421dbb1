import { digestOf } from "./digest.ts";
import { isWholeRule, sentenceOf } from "./memory-sentence.ts";
import { ruleLine, type WrittenRule } from "./rules-block.ts";
import { timeText } from "./time-text.ts";

/** An attempt that was held against its maker. */
export interface SeenFailure {
  readonly run: string;
  readonly task: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly signature: string;
  readonly type: string;
  readonly category: string;
  /** Of the finding that decided: its rule, its path, what it said and what was seen. */
  readonly rule: string;
  readonly path: string | undefined;
  readonly text: string;
}

/** A run, and which rules its makers were told. */
export interface TaughtRun {
  readonly run: string;
  /** Tasks that ended. */
  readonly tasks: number;
  readonly told: ReadonlySet<string>;
}

/** Failures of one kind: one rule of a gate with one type and category, or one signature where the rule says too little. */
export interface RecurringClass {
  /** 12 hexadecimal digits. */
  readonly id: string;
  readonly rule: string;
  readonly type: string;
  readonly category: string;
  /** Oldest first. */
  readonly failures: readonly SeenFailure[];
}

/**
 * What became of a rule in the runs whose makers were told it. `helpful`: enough tasks and not one failure of its class;
 * `unhelpful`: its class recurred as often as it took to write the rule; `unproven`: something between; `new`: no task yet.
 */
export type Standing = "new" | "unproven" | "helpful" | "unhelpful";

export interface JudgedRule extends WrittenRule {
  readonly standing: Standing;
  /** Tasks of runs that were told the rule, and failures of its class in them. */
  readonly tasks: number;
  readonly recurred: number;
}

/** What is known when rules are chosen. */
export interface RuleEvidence {
  readonly failures: readonly SeenFailure[];
  readonly runs: readonly TaughtRun[];
  /** Rules in the block now, in their order. */
  readonly written: readonly WrittenRule[];
  /** Classes that get no rule again: retired, or refused by a person. */
  readonly closed: ReadonlySet<string>;
  /** True for a path that the repository has. */
  readonly has: (path: string) => boolean;
}

export interface RuleLimits {
  /** Failures of one class that write a rule, and, of a class that has one, retire it. */
  readonly recurrences: number;
  /** Rules in the block. */
  readonly most: number;
}

export interface ProposedRules {
  /** The block as it should be. */
  readonly rules: readonly WrittenRule[];
  readonly added: readonly WrittenRule[];
  readonly retired: readonly JudgedRule[];
  /** Rules that are in the block now, judged. */
  readonly standing: readonly JudgedRule[];
  /** Classes that would get a rule if there were room. */
  readonly waiting: readonly RecurringClass[];
}

/** The failures by class, the most frequent first. */
export function classesOf(failures: readonly SeenFailure[]): readonly RecurringClass[] {
  const groups = new Map<string, SeenFailure[]>();
  for (const failure of failures) {
    const key = keyOf(failure);
    groups.set(key, [...(groups.get(key) ?? []), failure]);
  }
  const classes = [...groups].flatMap(([key, group]) => {
    const sorted = [...group].sort((a, b) => a.at - b.at);
    const [first] = sorted;
    if (first === undefined) return [];
    const { rule, type, category } = first;
    return [{ id: idOf(key), rule, type, category, failures: sorted }];
  });
  return classes.sort((a, b) => b.failures.length - a.failures.length || (a.id < b.id ? -1 : 1));
}

function keyOf({ type, category, rule, signature }: SeenFailure): string {
  return [type, category, rule, ...(isWholeRule(rule) ? [] : [signature])].join("|");
}

function idOf(key: string): string {
  return digestOf(`failure class ${key}`).slice(0, 12);
}

/**
 * The block as the evidence wants it: unhelpful rules leave, classes that recurred get one, and where there is no room the
 * oldest rule that has not kept its class away makes some. Helpful and new rules are never pushed out: then classes wait.
 */
export function proposeRules(evidence: RuleEvidence, limits: RuleLimits): ProposedRules {
  const classes = classesOf(evidence.failures);
  const standing = evidence.written.map((rule) => judged(rule, classes, evidence, limits));
  const known = new Set(evidence.written.map(({ id }) => id));
  const candidates = classes.filter(
    ({ id, failures }) => failures.length >= limits.recurrences && !known.has(id) && !evidence.closed.has(id),
  );
  const useless = standing.filter((rule) => rule.standing === "unhelpful");
  const missing = evidence.written.length - useless.length + candidates.length - limits.most;
  const doubtful = byAge(standing.filter((rule) => rule.standing === "unproven" && rule.recurred > 0));
  const retired = [...useless, ...doubtful.slice(0, Math.max(0, missing))];
  const kept = evidence.written.filter(({ id }) => !retired.some((rule) => rule.id === id));
  const room = Math.max(0, limits.most - kept.length);
  const added = candidates.slice(0, room).map((found) => newRule(found, evidence.has));
  return { rules: [...kept, ...added], added, retired, standing, waiting: candidates.slice(room) };
}

function judged(
  rule: WrittenRule,
  classes: readonly RecurringClass[],
  { runs }: RuleEvidence,
  { recurrences }: RuleLimits,
): JudgedRule {
  const told = runs.filter((run) => run.told.has(rule.id));
  const names = new Set(told.map(({ run }) => run));
  const tasks = told.reduce((sum, run) => sum + run.tasks, 0);
  const own = classes.find(({ id }) => id === rule.id)?.failures ?? [];
  const recurred = own.filter(({ run }) => names.has(run)).length;
  return { ...rule, tasks, recurred, standing: standingOf(tasks, recurred, recurrences) };
}

function standingOf(tasks: number, recurred: number, enough: number): Standing {
  if (recurred >= enough) return "unhelpful";
  if (recurred === 0 && tasks >= enough) return "helpful";
  return tasks === 0 && recurred === 0 ? "new" : "unproven";
}

function byAge(rules: readonly JudgedRule[]): readonly JudgedRule[] {
  return [...rules].sort((a, b) => (a.date < b.date ? -1 : Number(a.date > b.date)));
}

function newRule({ id, rule, category, failures }: RecurringClass, has: RuleEvidence["has"]): WrittenRule {
  const paths = failures.flatMap(({ path }) => (path !== undefined && has(path) ? [path] : []));
  const sentence = sentenceOf({ rule, category, paths, texts: failures.map(({ text }) => text) });
  const date = timeText(failures.at(-1)?.at ?? 0).slice(0, 10);
  return { id, date, line: ruleLine({ id, sentence, evidence: evidenceText(failures), date }) };
}

/** `4 times in 2 runs, last r20261121-…/T3`. */
function evidenceText(failures: readonly SeenFailure[]): string {
  const runs = new Set(failures.map(({ run }) => run)).size;
  const last = failures.at(-1);
  const where = last === undefined ? "" : `, last ${plainId(last.run)}/${plainId(last.task)}`;
  return `${failures.length} times in ${runs} ${runs === 1 ? "run" : "runs"}${where}`;
}

function plainId(text: string): string {
  return text.replace(/[^\w-]/g, "").slice(0, 40);
}
