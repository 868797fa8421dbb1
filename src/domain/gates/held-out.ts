import { type CheckEnd, checkEnds } from "../check-text.ts";
import type { Gate, TaskState } from "../gate.ts";
import { agree, expectationText, type NumberedCheck } from "../held-out.ts";
import { type Need, type Seen, sight } from "../need.ts";
import { cutShort, suiteOf } from "../seen-tests.ts";
import type { SuiteReport } from "../suite-report.ts";
import { testedCriteria } from "../task.ts";
import { awaitsCode, codeMaker, testFiles } from "../task-state.ts";
import { type Finding, pass, type Verdict, verdictOf } from "../verdict.ts";
import type { TreeId } from "../work.ts";

type ExamNeed = Extract<Need, { see: "exam" }>;
type ChecksNeed = Extract<Need, { see: "checks" }>;
type SuiteNeed = Extract<Need, { see: "suite" }>;
type DerivationNeed = Extract<Need, { see: "derivation" }>;

/**
 * Checks of the criteria that the maker never sees. Their author is often wrong, so one blocks only if it fails twice on
 * the work, does not hold on the base either, and a second model derives the same expectation; else it is advice.
 */
export const heldOut: Gate = {
  name: "held-out",
  kinds: ["feature", "bug"],
  needs(state, seen) {
    if (awaitsCode(state) || testedCriteria(state.task).length === 0) return [];
    const exam = sight(seen, examNeed(state));
    if (!exam || exam.checks.length === 0) return [examNeed(state)];
    const onWork = [examNeed(state), ...runNeeds(state, seen, { tree: state.work.trees.work, repetition: 1 })];
    if (failing(state, seen).length === 0) return onWork;
    const again = runNeeds(state, seen, { tree: state.work.trees.work, repetition: 2 });
    const onBase = runNeeds(state, seen, { tree: state.work.base.tree, repetition: 1 });
    const looks = [...onWork, ...again, ...onBase];
    return suspects(state, seen).length === 0 ? looks : [...looks, derivationNeed(state, exam.checks)];
  },
  judge(state, seen) {
    if (awaitsCode(state) || testedCriteria(state.task).length === 0) return pass();
    const exam = sight(seen, examNeed(state));
    if (!exam) return pass("Held-out checks were not asked for.");
    const unusable =
      exam.problems.length === 0 ? [] : [`Held-out checks that cannot be used: ${exam.problems.join("; ")}`];
    if (exam.checks.length === 0) return pass("No held-out check was written.", ...unusable);
    const seenOnWork = runOf(state, seen, { tree: state.work.trees.work, repetition: 1 });
    if (typeof seenOnWork === "string") return pass(`Held-out: not checked, because ${seenOnWork}.`, ...unusable);
    return judgeChecks(state, seen, { checks: exam.checks, ends: seenOnWork, unusable });
  },
};

const UNSEEN = "nobody has looked";

interface Look {
  readonly tree: TreeId;
  readonly repetition: number;
}

type Ends = ReadonlyMap<number, { readonly end: CheckEnd; readonly got: string }>;

function judgeChecks(
  state: TaskState,
  seen: Seen,
  on: { readonly checks: readonly NumberedCheck[]; readonly ends: Ends; readonly unusable: readonly string[] },
): Verdict {
  const failed = failing(state, seen);
  const held = on.checks.filter((check) => on.ends.get(check.number)?.end === "holds").length;
  const judged = failed.map((check) => judgedOf(state, seen, check, on.ends.get(check.number)?.got ?? ""));
  const said = on.checks.filter((check) => !failed.includes(check)).flatMap((check) => unjudged(check, on.ends));
  const blocking = judged.filter(({ why }) => why === undefined);
  const notes = [
    `${held} of ${on.checks.length} held-out checks hold.`,
    ...judged
      .filter(({ why }) => why !== undefined)
      .map(({ text, why }) => `Advice, not held against the work because ${why}: ${text}`),
    ...said,
    ...on.unusable,
  ];
  return verdictOf(findingsOf(state, blocking), notes);
}

interface Judged {
  readonly check: NumberedCheck;
  /** For people. */
  readonly text: string;
  /** Why it does not block; undefined when it does. */
  readonly why: string | undefined;
}

function judgedOf(state: TaskState, seen: Seen, check: NumberedCheck, got: string): Judged {
  const text = `${check.criterion}: ${shownCall(check)} gave ${got || "an error"}, expected ${expectationText(check.expected)}`;
  return { check, text, why: excuse(state, seen, check) };
}

function excuse(state: TaskState, seen: Seen, check: NumberedCheck): string | undefined {
  if (!suspects(state, seen).includes(check)) return doubt(state, seen, check);
  const exam = sight(seen, examNeed(state));
  const derived = exam && sight(seen, derivationNeed(state, exam.checks));
  if (!derived) return "no second model is there to derive the same";
  const other = derived.get(check.number);
  if (other === undefined) return "a second model finds no certain answer in the criterion";
  return agree(check.expected, other) ? undefined : `a second model derives ${expectationText(other)}`;
}

/** Why a check that failed once is no suspicion. */
function doubt(state: TaskState, seen: Seen, check: NumberedCheck): string {
  const again = runOf(state, seen, { tree: state.work.trees.work, repetition: 2 });
  if (typeof again === "string" || !isFailing(again, check)) return "it did not fail in a second run";
  return "it holds on the base already";
}

/** One finding a criterion; what a maker reads of it is the criterion's own text, and a call only where that names it. */
function findingsOf(state: TaskState, blocking: readonly Judged[]): readonly Finding[] {
  return state.task.accept.flatMap((criterion) => {
    const own = blocking.filter(({ check }) => check.criterion === criterion.id);
    if (own.length === 0) return [];
    const named = own.find(({ check }) => squeezed(criterion.text).includes(squeezed(check.call)));
    const message = named
      ? `${criterion.id}: \`${named.check.call.trim()}\` did not behave as the criterion says: ${criterion.text}`
      : `${criterion.id} does not hold for everything that it speaks of, though it may for the tested values: ${criterion.text}`;
    const withheld = own.map(({ text }) => text).join("\n");
    return [{ rule: "held-out/behaviour", answers: codeMaker(state), message, withheld }];
  });
}

function squeezed(text: string): string {
  return text.replace(/[\s`;]+/g, "");
}

function unjudged(check: NumberedCheck, ends: Ends): readonly string[] {
  const seen = ends.get(check.number);
  if (seen?.end === "holds") return [];
  const why = {
    unresolved: "a name that it needs is not there",
    "set-up": "its set-up fails",
    unusable: "its call makes no sense here",
  } as const;
  const end = seen?.end ?? "not run";
  const reason = end in why ? why[end as keyof typeof why] : "it cannot be run";
  return [
    `Held-out check dropped, because ${reason}: ${check.criterion}: ${shownCall(check)} ${seen?.got ?? ""}`.trimEnd(),
  ];
}

function shownCall({ call }: NumberedCheck): string {
  return `\`${call.slice(0, 120)}\``;
}

function failing(state: TaskState, seen: Seen): readonly NumberedCheck[] {
  const checks = sight(seen, examNeed(state))?.checks ?? [];
  const ends = runOf(state, seen, { tree: state.work.trees.work, repetition: 1 });
  return typeof ends === "string" ? [] : checks.filter((check) => isFailing(ends, check));
}

/** Those that failed twice on the work and do not hold on the base. */
function suspects(state: TaskState, seen: Seen): readonly NumberedCheck[] {
  const again = runOf(state, seen, { tree: state.work.trees.work, repetition: 2 });
  const base = runOf(state, seen, { tree: state.work.base.tree, repetition: 1 });
  if (typeof again === "string" || base === UNSEEN) return [];
  const holdsOnBase = (check: NumberedCheck) => typeof base !== "string" && base.get(check.number)?.end === "holds";
  return failing(state, seen).filter((check) => isFailing(again, check) && !holdsOnBase(check));
}

function isFailing(ends: Ends, check: NumberedCheck): boolean {
  const end = ends.get(check.number)?.end;
  return end === "differs" || end === "raised";
}

function examNeed({ task, config }: TaskState): ExamNeed {
  return { see: "exam", criteria: testedCriteria(task), creates: task.creates, most: config.limits.heldOutChecks };
}

function derivationNeed({ task }: TaskState, checks: readonly NumberedCheck[]): DerivationNeed {
  const asked = checks.map(({ expected: _expected, ...question }) => question);
  return { see: "derivation", criteria: testedCriteria(task), checks: asked };
}

function checksNeed(state: TaskState, seen: Seen, tree: TreeId): ChecksNeed {
  const checks = sight(seen, examNeed(state))?.checks ?? [];
  return { see: "checks", tree, checks, beside: [...testFiles(state)].sort() };
}

function runNeeds(state: TaskState, seen: Seen, { tree, repetition }: Look): readonly Need[] {
  const need = checksNeed(state, seen, tree);
  const laid = sight(seen, need);
  return laid ? [need, suiteNeed(state, laid, repetition)] : [need];
}

function suiteNeed(state: TaskState, laid: { tree: TreeId; file: string }, repetition: number): SuiteNeed {
  return { ...suiteOf(laid.tree, [laid.file], repetition), seconds: state.config.limits.heldOutSeconds };
}

/** How the checks ended on a tree, or why that cannot be said. */
function runOf(state: TaskState, seen: Seen, { tree, repetition }: Look): Ends | string {
  const laid = sight(seen, checksNeed(state, seen, tree));
  if (laid === undefined) return UNSEEN;
  if (laid === null) return "no runner here is one that checks can be written for";
  const report = sight(seen, suiteNeed(state, laid, repetition));
  return report === undefined ? UNSEEN : endsOf(report, laid.file);
}

function endsOf(report: SuiteReport, file: string): Ends | string {
  const early = report.grade === "exit-code" ? "only exit codes can be seen" : cutShort(report);
  const ends = checkEnds(file, report.cases);
  return early ?? (ends.size === 0 ? "its file does not run" : ends);
}
