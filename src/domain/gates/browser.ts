import type { NamedCheck } from "../browser-check.ts";
import type { CheckEnd } from "../browser-report.ts";
import { browserCheckText, stepText } from "../browser-text.ts";
import type { Gate, TaskState } from "../gate.ts";
import { type Need, type Seen, type Sights, sight } from "../need.ts";
import { browserChecks, TASK_KINDS, type TaskKind } from "../task.ts";
import { awaitsCode, codeMaker } from "../task-state.ts";
import { type Answerer, type Finding, pass, verdictOf } from "../verdict.ts";
import type { TreeId } from "../work.ts";

type BrowserNeed = Extract<Need, { see: "browser" }>;
type Report = Sights["browser"];

/** Kinds whose checks have to fail on the base: what they ask for is not there yet. */
const NEW_BEHAVIOUR: readonly TaskKind[] = ["feature", "bug"];

/**
 * What a criterion says is seen in a browser, at the built pages, on the work; for a feature or a bug not on the base
 * already. A check that fails is looked at once more with twice the patience before it is held against anybody.
 */
export const browser: Gate = {
  name: "browser",
  kinds: TASK_KINDS,
  concerns: (task) => browserChecks(task).length > 0,
  needs(state, seen) {
    const before = baseBrowserNeeds(state);
    if (awaitsCode(state)) return before;
    const first = workNeed(state);
    const report = sight(seen, first);
    const again = report === undefined ? undefined : secondNeed(state, report);
    return [...before, first, ...(again ? [again] : [])];
  },
  judge(state, seen) {
    const early = baseBrowserFindings(state, seen);
    if (early.length > 0 || awaitsCode(state)) return verdictOf(early);
    const first = sight(seen, workNeed(state));
    const again = first && secondNeed(state, first);
    const second = again && sight(seen, again);
    if (first === undefined || (again !== undefined && second === undefined))
      return verdictOf([finding(state, "browser/not-seen", "Nobody has looked at the pages.")]);
    const findings = second === undefined ? reportFindings(state, first) : reportFindings(state, second);
    return findings.length > 0 ? verdictOf(findings) : pass(...notesOf(state, second));
  },
};

/** What red and the browser gate need to see of the base: the checks that must not hold there yet. */
export function baseBrowserNeeds(state: TaskState): readonly BrowserNeed[] {
  const checks = redChecks(state);
  return checks.length === 0 ? [] : [need(state.work.base.tree, checks, 1)];
}

/** Checks that hold before anything was done, or that no browser can run: the plan is at fault, and no maker. */
export function baseBrowserFindings(state: TaskState, seen: Seen): readonly Finding[] {
  const report = baseReport(state, seen);
  if (report === undefined || report.build !== undefined) return [];
  return redChecks(state).flatMap(({ id, check }) => {
    const end = report.checks.find((one) => one.id === id);
    if (end?.failed?.kind === "unusable") return [unusable(state, id, end)];
    if (end === undefined || end.failed !== undefined) return [];
    const message = `${id} holds in the browser before anything is done, so it proves nothing. Add a step that fails until the criterion holds, or, where it guards what is there already, write \`holds: always\` into its \`browser\`.`;
    return [{ rule: "browser/passes-on-base", answers: "architect", message, evidence: browserCheckText(check) }];
  });
}

/** How the checks fail on the base: the red of a task without tests, and what the developer starts from. */
export function baseBrowserFailures(state: TaskState, seen: Seen): readonly Finding[] {
  const report = baseReport(state, seen);
  return report === undefined ? [] : reportFindings(state, report);
}

function baseReport(state: TaskState, seen: Seen): Report | undefined {
  const [before] = baseBrowserNeeds(state);
  return before && sight(seen, before);
}

function redChecks({ task }: TaskState): readonly NamedCheck[] {
  return NEW_BEHAVIOUR.includes(task.kind) ? browserChecks(task).filter(({ check }) => check.holds === "after") : [];
}

function workNeed({ task, work }: TaskState): BrowserNeed {
  return need(work.trees.work, browserChecks(task), 1);
}

/** The failing checks alone; none when all hold, or when the pages could not be built. */
function secondNeed(state: TaskState, report: Report): BrowserNeed | undefined {
  if (report.build !== undefined) return undefined;
  const held = new Set(report.checks.filter((end) => end.failed === undefined).map((end) => end.id));
  const failing = browserChecks(state.task).filter(({ id }) => !held.has(id));
  return failing.length === 0 ? undefined : need(state.work.trees.work, failing, 2);
}

function need(tree: TreeId, checks: readonly NamedCheck[], patience: 1 | 2): BrowserNeed {
  return { see: "browser", tree, checks, patience };
}

function notesOf(state: TaskState, second: Report | undefined): readonly string[] {
  const count = browserChecks(state.task).length;
  const slow = second?.checks.map((end) => end.id) ?? [];
  return [
    `${count} of ${count} criteria of this task hold in the browser.`,
    ...(slow.length > 0 ? [`${slow.join(", ")} held only in a second look, with more patience.`] : []),
  ];
}

function reportFindings(state: TaskState, report: Report): readonly Finding[] {
  if (report.build !== undefined) {
    const message = `The pages cannot be built: the command of \`browser.build\` exits with ${report.build.exitCode}.`;
    return [finding(state, "browser/build-fails", message, report.build.output)];
  }
  const ends = new Map(report.checks.map((end) => [end.id, end]));
  const failed = browserChecks(state.task).flatMap(({ id, check }) => {
    const end = ends.get(id);
    return end?.failed === undefined ? [] : [failure(state, { id, check }, end)];
  });
  return failed.length > 0 || report.ended === "exited" ? failed : [cutShort(state, report)];
}

function failure(state: TaskState, { id, check }: NamedCheck, end: CheckEnd): Finding {
  const { failed } = end;
  if (failed === undefined) throw new Error(`${id} did not fail`);
  if (failed.kind === "unusable") return unusable(state, id, end);
  const step = check.steps[failed.step - 1];
  const place = step === undefined ? `opening ${check.page}` : `step ${failed.step}, ${stepText(step)}`;
  const isConsole = failed.expected === "no error in the console";
  const message = isConsole
    ? `${id} leaves an error in the browser's console: ${failed.seen}`
    : `${id} does not hold in the browser, at ${place}. Expected: ${failed.expected}. Seen: ${failed.seen}.`;
  return finding(
    state,
    isConsole ? "browser/console" : "browser/fails",
    message,
    evidenceOf(state, { id, check }, end),
  );
}

/** The criterion, its steps with the one that failed, and what stood in the console. */
function evidenceOf({ task }: TaskState, { id, check }: NamedCheck, { failed, console }: CheckEnd): string {
  const text = task.accept.find((criterion) => criterion.id === id)?.text ?? "";
  const steps = browserCheckText(check)
    .split("\n")
    .map((line, at) => (at === failed?.step ? `${line}   <- here` : line));
  const said = console.length === 0 ? [] : ["In the console:", ...console];
  return [`${id}: ${text}`, ...steps, ...said].join("\n").slice(0, 2400);
}

function unusable(state: TaskState, id: string, { failed }: CheckEnd): Finding {
  const message = `${id} cannot be run: step ${failed?.step} makes no sense to the browser: ${failed?.seen}`;
  return { ...finding(state, "browser/bad-check", message), answers: "architect" };
}

function cutShort(state: TaskState, { ended }: Report): Finding {
  const message = `The browser was stopped before every criterion was seen (${ended}): a page uses more time or memory than it may.`;
  return finding(state, "browser/cut-short", message);
}

function finding(state: TaskState, rule: string, message: string, evidence?: string): Finding {
  const answers: Answerer = codeMaker(state);
  return { rule, answers, message, ...(evidence ? { evidence: evidence.slice(0, 2400) } : {}) };
}
