import { describe, expect, it } from "vitest";
import { oneMaker, state } from "../../test/kit/gate-states.ts";
import type { Answered } from "./answered.ts";
import { answeredTo, instructedBy } from "./answered-entry.ts";
import { Config } from "./config.ts";
import type { TaskState } from "./gate.ts";
import { nextMove } from "./moves.ts";
import { saidByGreen } from "./own-tests.ts";
import type { AnswerResult } from "./step-shapes.ts";
import { testsAnew } from "./tests-anew.ts";
import type { Finding, Refusal } from "./verdict.ts";

const OWN = "test/discount.test.ts";
const limited = (limits: Record<string, number> = {}, said: Partial<TaskState> = {}) =>
  state({ config: Config.parse({ limits: { attempts: 3, ...limits } }), ...said } as never);

const fails = (names: readonly string[], path = OWN, rule = "green/fails"): Refusal => ({
  gate: "green",
  findings: names.map(
    (name): Finding => ({
      rule,
      answers: "developer",
      message: `"${name}" fails.`,
      path,
      evidence: "expected 90 to be 80",
    }),
  ),
});

interface Turn {
  /** What was answered. */
  readonly to: Refusal;
  readonly role?: "tester" | "developer";
  readonly outcome?: "admitted" | "refused";
  /** What the door said, when it refused. */
  readonly said?: Refusal;
  /** The tree that came of it. */
  readonly tree?: string;
}

const NOTHING_YET: Refusal = {
  gate: "green",
  findings: [{ rule: "green/nothing-yet", answers: "developer", message: "Write the code." }],
};
const DOOR: Refusal = {
  gate: "door",
  findings: [{ rule: "door/out-of-scope", answers: "developer", message: "Not yours." }],
};
const NO_CHANGE: Refusal = {
  gate: "door",
  findings: [{ rule: "door/edit-no-change", answers: "developer", message: "Nothing changes." }],
};
const LINT: Refusal = {
  gate: "lint",
  findings: [{ rule: "lint/new", answers: "developer", message: "An unused name." }],
};

function historyOf(turns: readonly Turn[], now: TaskState): readonly Answered[] {
  return turns.map(({ to, role = "developer", outcome = "admitted", tree = "a", said = DOOR }) => {
    const work = { ...now.work, trees: { red: "red", work: tree } };
    const result = outcome === "admitted" ? { kind: outcome, work } : { kind: outcome, findings: said.findings };
    return answeredTo(to, { role, rung: 0 }, result as unknown as AnswerResult, now);
  });
}

interface Around {
  readonly now?: TaskState;
  readonly models?: number;
  readonly before?: readonly Answered[];
}

function decided(turns: readonly Turn[], refusal: Refusal, { now = limited(), models = 1, before = [] }: Around = {}) {
  const history = [...before, ...historyOf(turns, now)];
  const move = nextMove(refusal, history, now.config.limits, () => models);
  return testsAnew(move, refusal, { history, state: now }, () => models);
}

/** Three answers, and what green said after each. */
const answers = (...said: readonly Refusal[]): readonly [readonly Turn[], Refusal] => {
  const [last = NOTHING_YET, ...earlier] = [...said].reverse();
  const asked = [NOTHING_YET, ...earlier.reverse()];
  return [asked.map((to, at) => ({ to, tree: `tree ${at}` })), last];
};

describe("tests begin anew", () => {
  const same = fails(["AC1"]);

  it("when the developer has had its attempts, and all of them failed nothing but the tester's tests in the same way", () => {
    const found = decided(...answers(same, same, same));
    expect(found).toMatchObject({ role: "tester", rung: 0, key: "tests-anew/T1/1" });
    expect(found?.event).toMatchObject({
      number: 1,
      attempts: [],
      refused: { role: "developer", attempts: [1, 2, 3] },
      reason: expect.stringContaining("3 answers of the developer (3 different trees) failed nothing but"),
      findings: [{ rule: "green/fails", answers: "tester", path: OWN }],
    });
    expect(found?.refusal.findings[0]).toMatchObject({ rule: "green/doubtful-tests", answers: "tester" });
  });

  it("not while the developer has an answer or a fresh brief left", () => {
    expect(decided(...answers(same, same))).toBeUndefined();
    expect(decided(...answers(same, same, same), { now: limited({ attempts: 5 }) })).toBeUndefined();
  });

  it("before another model is paid for, and before the line of work ends", () => {
    expect(decided(...answers(same, same, same), { models: 2 })).toBeDefined();
    expect(decided(...answers(same, same, same), { now: limited({ orchestrations: 0 }) })).toBeDefined();
  });

  it("not while fewer fail than before, and not when it was something else", () => {
    expect(decided(...answers(fails(["AC1", "b"]), same, same))).toBeUndefined();
    expect(decided(...answers(fails(["AC1", "b"]), fails(["AC1", "b"]), same))).toBeUndefined();
    expect(decided(...answers(same, fails(["AC1", "b"]), same))).toBeDefined();
    const other: Refusal = { ...same, findings: same.findings.map((one) => ({ ...one, evidence: "TypeError: no" })) };
    expect(decided(...answers(same, other, same))).toBeUndefined();
  });

  it("not when a test of the base fails too, or something outside of a test", () => {
    const old = { ...same, findings: [...same.findings, ...fails(["old"], "test/old.test.ts").findings] };
    expect(decided(...answers(old, old, old))).toBeUndefined();
    const regression = { ...same, findings: [...same.findings, ...fails(["x"], OWN, "green/regression").findings] };
    expect(decided(...answers(regression, regression, regression))).toBeUndefined();
    expect(decided(...answers(same, regression, same))).toBeUndefined();
  });

  it("not for what the door or an earlier gate refused: that says nothing about the tests", () => {
    const turns: Turn[] = [
      { to: NOTHING_YET },
      { to: same, outcome: "refused" },
      { to: { ...DOOR, findings: [...DOOR.findings, ...same.findings] }, outcome: "refused" },
    ];
    expect(decided(turns, { ...DOOR, findings: [...DOOR.findings, ...same.findings] })).toBeUndefined();
    expect(decided([...turns, { to: DOOR }], same)).toBeUndefined();
    const [three, last] = answers(same, same, same);
    const between = [...three.slice(0, 2), { to: same }, { to: LINT, tree: "c" }];
    expect(decided(between, last)?.event.refused.attempts).toEqual([1, 2, 4]);
  });

  it("also when the developer insists: an answer that leaves all as it is was judged before", () => {
    const insisted: Refusal = { gate: "door", findings: [...NO_CHANGE.findings, ...same.findings] };
    const insists = { outcome: "refused", said: NO_CHANGE } as const;
    const turns: Turn[] = [{ to: NOTHING_YET }, { to: same, ...insists }, { to: insisted, ...insists }];
    const found = decided(turns, insisted, { now: limited({ attempts: 3 }) });
    expect(found?.event).toMatchObject({
      refused: { attempts: [1, 2, 3] },
      reason: expect.stringContaining("3 answers of the developer (all one tree) failed nothing but"),
      findings: [{ rule: "green/fails" }],
    });
    const old = { ...insisted, findings: [...insisted.findings, ...fails(["old"], "test/old.test.ts").findings] };
    expect(decided(turns, old)).toBeUndefined();
  });

  it("not of tests that the tester has changed since", () => {
    const [three, last] = answers(same, same, same);
    const changed = [...three.slice(0, 2), { to: same, role: "tester" } as const, ...three.slice(2)];
    expect(decided(changed, last)).toBeUndefined();
  });

  it("once a task, and never when it is switched off", () => {
    const anew = instructedBy("mill");
    expect(decided(...answers(same, same, same), { before: [anew] })).toBeUndefined();
    expect(
      decided(...answers(same, same, same), { now: limited({ testsAnew: 2 }), before: [anew] })?.event.number,
    ).toBe(2);
    expect(decided(...answers(same, same, same), { now: limited({ testsAnew: 0 }) })).toBeUndefined();
  });

  it("never where one maker writes both layers, or nothing is proven red", () => {
    expect(decided(...answers(same, same, same), { now: limited({}, { workflow: oneMaker }) })).toBeUndefined();
    const refactor = limited({}, { task: { ...limited().task, kind: "refactor" } });
    expect(decided(...answers(same, same, same), { now: refactor })).toBeUndefined();
  });

  it("gives every count a new beginning", () => {
    const now = limited();
    const [turns, last] = answers(same, same, same);
    const history = [...historyOf(turns, now), instructedBy("mill")];
    expect(nextMove(last, history, now.config.limits, () => 1)).toMatchObject({ kind: "retry", rung: 0 });
  });
});

describe("what green refuses of a task's own tests alone", () => {
  const now = limited();
  const missing = (...ids: readonly string[]): Finding => ({
    rule: "green/missing-tests",
    answers: "developer",
    message: "Tests that must run did not.",
    evidence: ids.join("\n"),
  });

  it("are failing tests in its files, and files of its own that cannot be collected", () => {
    expect(saidByGreen(fails(["AC1"]), now)?.ownTests).toBe(true);
    const error = fails(["AC1"], OWN, "green/error").findings;
    expect(saidByGreen({ gate: "green", findings: [...error, missing(`${OWN} > AC1`)] }, now)?.ownTests).toBe(true);
    expect(saidByGreen({ gate: "green", findings: [...error, missing("test/old.test.ts > old")] }, now)?.ownTests).toBe(
      false,
    );
  });

  it("is nothing that the door or another gate says", () => {
    const door = { ...DOOR, findings: [...DOOR.findings, ...fails(["AC1"]).findings] };
    expect(saidByGreen(door, now)).toBeUndefined();
    expect(saidByGreen(LINT, now)).toBeUndefined();
    expect(saidByGreen(fails(["AC1"], "src/discount.ts"), now)?.ownTests).toBe(false);
  });
});
