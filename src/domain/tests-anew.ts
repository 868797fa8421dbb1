import type { Answered, MakerRole } from "./answered.ts";
import { attemptsIn, instructedBy } from "./answered-entry.ts";
import type { Event } from "./event.ts";
import type { TaskState } from "./gate.ts";
import { rungAt, rungsOf, sinceInstructed } from "./ladder.ts";
import { leading } from "./leading-finding.ts";
import { headline, type Move } from "./moves.ts";
import { greenFindings, saidByGreen } from "./own-tests.ts";
import type { Standing } from "./standing.ts";
import { isRedFirst } from "./task-state.ts";
import type { Finding, Refusal } from "./verdict.ts";

/** A task's tests are to begin anew: why, and what their maker is told. */
export interface TestsAnew {
  readonly role: MakerRole;
  readonly rung: number;
  readonly refusal: Refusal;
  readonly key: string;
  readonly event: Extract<Event, { type: "tests-begun-anew" }>;
}

/**
 * Whether the tests are doubted before another model or the orchestrator is asked: the code's maker has had its attempts, and
 * `limits.sameSignature` of its answers failed nothing but the task's own new tests, in the same way and never fewer.
 */
export function testsAnew(
  move: Move,
  refusal: Refusal,
  { history, state }: Pick<Standing, "history" | "state">,
  models: (role: MakerRole) => number,
): TestsAnew | undefined {
  const { tests, code } = state.workflow.makers;
  const { limits } = state.config;
  const number = 1 + history.filter(({ role }) => role === "mill").length;
  if (number > limits.testsAnew || tests === code || !isRedFirst(state)) return undefined;
  if (leading(refusal)?.answers !== code || !isLeft(move, code, history, models(code))) return undefined;
  const refused = refusedAlike(refusal, history, state).slice(-limits.sameSignature);
  const [first, last] = [refused[0], refused.at(-1)];
  if (refused.length < limits.sameSignature || !first || !last || last.failing < first.failing) return undefined;
  const different = Math.max(1, new Set(refused.flatMap(({ tree }) => tree ?? [])).size);
  const about = { code, tests, answers: refused.length, different };
  const said = greenFindings(refusal) ?? [];
  const findings = said.map((finding) => ({ ...finding, answers: tests }));
  const task = state.task.id;
  return {
    role: tests,
    rung: rungAt(tests, [...history, instructedBy("mill")], models(tests)),
    refusal: { gate: "green", findings: [doubt(about), ...findings] },
    key: `tests-anew/${task}/${number}`,
    event: {
      type: "tests-begun-anew",
      task,
      number,
      role: tests,
      attempts: laidAside(history, tests),
      refused: { role: code, attempts: refused.map(({ attempt }) => attempt) },
      reason: reasonOf(about, said),
      findings,
    },
  };
}

/** Where the task stands once its tests and code are laid aside; `text`: what was laid aside, as the tests' maker is shown it. */
export function withoutLayers<Kept extends Standing>(standing: Kept, anew: TestsAnew, text: string): Kept {
  const { base } = standing.state.work;
  const work = { base, tests: [], code: [], trees: { red: base.tree, work: base.tree } };
  const history = [...standing.history, instructedBy("mill")];
  const diagnosis = { role: anew.role, text };
  return { ...standing, history, atDoor: undefined, told: new Map(), diagnosis, state: { ...standing.state, work } };
}

/** The rules leave the model of this maker: it has had its attempts, both briefs or all answers. */
function isLeft(move: Move, role: MakerRole, history: readonly Answered[], models: number): boolean {
  if (move.kind === "orchestrate") return move.role === role;
  if (move.kind === "stop") return move.outcome === "stuck";
  if (move.kind !== "retry" || move.role !== role || move.reason === undefined) return false;
  const rungs = rungsOf(models);
  return rungs[move.rung]?.model !== rungs[rungAt(role, history, models)]?.model;
}

interface RefusedAnswer {
  readonly attempt: number;
  readonly tree: string | undefined;
  readonly failing: number;
}

/**
 * The answers of the code's maker to these tests that green has judged, back to the first that it refused otherwise; one
 * that leaves all as it is was judged before. What the door or an earlier gate refused says nothing about the tests.
 */
function refusedAlike(refusal: Refusal, history: readonly Answered[], state: TaskState): readonly RefusedAnswer[] {
  const { tests, code } = state.workflow.makers;
  const now = saidByGreen(refusal, state);
  const since = sinceInstructed(history);
  const from = since.findLastIndex(({ role, outcome }) => role === tests && outcome === "admitted") + 1;
  const offset = attemptsIn(history, code) - attemptsIn(since.slice(from), code);
  const judged = since.slice(from).flatMap((answer, at, answers) => {
    if (answer.role !== code || (answer.outcome !== "admitted" && !answer.insists)) return [];
    const next = answers[at + 1];
    const said = next === undefined ? now : next.green;
    if (said === undefined) return [];
    const attempt = offset + attemptsIn(answers.slice(0, at + 1), code);
    const isAlike = said.ownTests && said.signature === now?.signature;
    return [{ attempt, tree: answer.tree, failing: said.failing, isAlike }];
  });
  return judged.slice(judged.findLastIndex(({ isAlike }) => !isAlike) + 1);
}

/** The attempts that wrote what is laid aside. */
function laidAside(history: readonly Answered[], tests: MakerRole): number[] {
  const begun = history.findLastIndex(({ role }) => role === "mill" || role === "architect" || role === "person") + 1;
  return history.flatMap(({ role, outcome }, at) =>
    at >= begun && role === tests && outcome === "admitted" ? [attemptsIn(history.slice(0, at + 1), tests)] : [],
  );
}

interface Doubt {
  readonly code: MakerRole;
  readonly tests: MakerRole;
  readonly answers: number;
  readonly different: number;
}

function answersText({ code, answers, different }: Doubt): string {
  return `${answers} answers of the ${code} (${different === 1 ? "all one tree" : `${different} different trees`})`;
}

function reasonOf(doubt: Doubt, findings: readonly Finding[]): string {
  return `${answersText(doubt)} failed nothing but the task's own new tests, each time in the same way: ${headline({ gate: "green", findings })}`;
}

function doubt(about: Doubt): Finding {
  const message = `${answersText(about)} failed nothing but these tests of yours, each time in the same way. So looks a test that no right answer can pass. Your tests and that code are laid aside: send tests for every criterion anew, as if no file of yours were there. Look first for what a right answer could not satisfy: a value that no criterion says, a client, session or fixture of your own where the project has one, a state or an order that one test leaves to the next. Keep an expectation only where a criterion's words demand it.`;
  return { rule: "green/doubtful-tests", answers: about.tests, message };
}
