import { describe, expect, it } from "vitest";
import type { Answered } from "./answered.ts";
import { type BreakerSight, breakerSight, stalledFor, type Tripping, tripped } from "./breakers.ts";
import type { Event, JournalEntry } from "./event.ts";
import { Limits } from "./limits.ts";
import { changedTests, tampering } from "./tampering.ts";
import type { Finding, Refusal } from "./verdict.ts";

const MINUTE = 60_000;
const limits = Limits.parse({});
const timed = (...facts: readonly (readonly [number, Event])[]): readonly JournalEntry[] =>
  facts.map(([minute, event], at) => ({ seq: at + 1, at: minute * MINUTE, run: "r", key: `${at}`, event }));
const refused = (message = "no"): Event => ({
  type: "proposal-refused",
  task: "T1",
  role: "developer",
  attempt: 1,
  findings: [{ rule: "door/unusable-reply", answers: "developer", message }],
});
const started = (step: string): Event => ({ type: "step-started", step });
const done = (step: string, result?: unknown): Event => ({ type: "step-completed", step, result });
const minutes = (entries: readonly JournalEntry[], now: number) => stalledFor(entries, "T1", now * MINUTE) / MINUTE;

describe("time without progress", () => {
  it("is counted from the last change of the tree or of what fails", () => {
    expect(minutes(timed([0, refused()]), 9)).toBe(9);
    expect(minutes(timed([0, refused()], [9, refused()]), 12)).toBe(12);
    expect(minutes(timed([0, refused()], [9, refused("another")]), 12)).toBe(3);
    const admitted = done("answer/T1/developer/1", { kind: "admitted", work: { trees: { work: "B" } } });
    expect(minutes(timed([0, refused()], [9, admitted]), 12)).toBe(3);
    expect(
      minutes(timed([0, refused()], [9, done("answer/T2/developer/1", { work: { trees: { work: "B" } } })]), 12),
    ).toBe(12);
  });

  it("leaves out models that load, stream or are waited for, and suites that run", () => {
    const asking = timed([0, refused()], [1, started("ask/T1/developer/2")], [50, done("ask/T1/developer/2")]);
    expect(minutes(asking, 51)).toBe(2);
    const testing = timed([0, refused()], [1, started("see/suite/abc")]);
    expect(minutes(testing, 90)).toBe(1);
    const both = timed(
      [0, refused()],
      [1, started("see/suite/a")],
      [2, started("ask/T2/x/1")],
      [8, done("see/suite/a")],
      [9, done("ask/T2/x/1")],
    );
    expect(minutes(both, 10)).toBe(2);
  });

  it("leaves out the time in which the run lay still", () => {
    const resumed = timed([0, refused()], [1, started("ask/T1/developer/2")], [600, { type: "run-resumed", pid: 1 }]);
    expect(minutes(resumed, 602)).toBe(3);
  });
});

const about: Tripping = {
  run: "r",
  task: "T1",
  answers: 3,
  refusal: { gate: "door", findings: [{ rule: "door/out-of-scope", answers: "developer", message: "no", path: "x" }] },
  tampered: undefined,
  tree: "t",
};
const sight = (more: Partial<BreakerSight>): BreakerSight => ({ stalledMilliseconds: 0, escaped: [], ...more });

describe("the breakers", () => {
  it("no progress: the task ends at ten minutes and not before, and the line goes on", () => {
    expect(tripped(sight({ stalledMilliseconds: 10 * MINUTE - 1 }), about, limits)).toBeUndefined();
    expect(tripped(sight({ stalledMilliseconds: 10 * MINUTE }), about, limits)).toMatchObject({
      ends: expect.stringContaining("no progress for 10 minutes"),
      incident: { kind: "no-progress", stops: false },
    });
  });

  it("scope escape: five different files stop the line and ask for a review of the plan; four, or one five times, do not", () => {
    const outside = (path: string): Event => ({
      type: "proposal-refused",
      task: path,
      role: "developer",
      attempt: 1,
      findings: [{ rule: "door/out-of-scope", answers: "developer", message: "no", path }],
    });
    const seen = (...paths: readonly string[]) =>
      breakerSight(timed(...paths.map((path) => [0, outside(path)] as const)), "T1", 0);
    expect(tripped(seen("a", "b", "c", "d"), about, limits)).toBeUndefined();
    expect(tripped(seen("a", "a", "a", "a", "a"), about, limits)).toBeUndefined();
    expect(tripped(seen("a", "b", "c", "d", "e"), about, limits)).toMatchObject({
      ends: undefined,
      incident: {
        kind: "scope-escape",
        stops: true,
        problem: expect.stringMatching(/review the plan.*Nothing of it was written/),
      },
    });
    const other: Refusal = { gate: "green", findings: [{ rule: "green/fails", answers: "developer", message: "no" }] };
    expect(tripped(seen("a", "b", "c", "d", "e"), { ...about, refusal: other }, limits)).toBeUndefined();
  });

  it("tampering comes before all others", () => {
    const all = sight({ stalledMilliseconds: 99 * MINUTE, escaped: ["a", "b", "c", "d", "e"] });
    expect(tripped(all, { ...about, tampered: ["test/a.js"] }, limits)?.incident).toMatchObject({
      kind: "tampering",
      stops: true,
    });
  });
});

describe("tests that were to be changed", () => {
  const now = new Map([["test/a.js", "one\ntwo\n"]]);
  const finding = (rule: string): Finding => ({ rule, answers: "developer", message: "no", path: "test/a.js" });
  const changed = (after: string | null, rule = "door/wrong-layer") =>
    changedTests([finding(rule)], [{ path: "test/a.js", after }], now, () => true);

  it("are those whose text would be another, or gone", () => {
    expect(changed("one\n")).toEqual(["test/a.js"]);
    expect(changed(null)).toEqual(["test/a.js"]);
    expect(changed("one\n", "door/existing-test")).toEqual(["test/a.js"]);
  });

  it("are none that are sent again as they stand, new, code, or refused for something else", () => {
    expect(changed("one\r\ntwo  \r\n")).toEqual([]);
    expect(changed("one\n", "door/dropped-code")).toEqual([]);
    expect(
      changedTests([finding("door/wrong-layer")], [{ path: "test/a.js", after: "x" }], new Map(), () => true),
    ).toEqual([]);
    expect(changedTests([finding("door/wrong-layer")], [{ path: "test/a.js", after: "x" }], now, () => false)).toEqual(
      [],
    );
  });

  it("stop the line at the second proposal of a task, and at once when the tree has lost some", () => {
    const entry = (tampers: readonly string[]) => ({ role: "developer", tampers }) as unknown as Answered;
    const door: Refusal = { gate: "door", findings: [finding("door/wrong-layer")] };
    const at = (history: readonly Answered[]) =>
      tampering(door, { history, atDoor: true, moves: [] }, limits.tampering);
    expect(at([entry(["test/a.js"])])).toBeUndefined();
    expect(at([entry(["test/a.js"]), entry([])])).toBeUndefined();
    expect(at([entry(["test/a.js"]), entry([]), entry(["test/b.js"])])).toEqual(["test/a.js", "test/b.js"]);
    const tree: Refusal = { gate: "door", findings: [finding("door/existing-test")] };
    const seen = { history: [], atDoor: false, moves: [] };
    expect(tampering(tree, seen, limits.tampering)).toEqual(["test/a.js"]);
    expect(tampering(tree, { ...seen, atDoor: true }, limits.tampering)).toBeUndefined();
    const moves = [{ from: "test/old.js", to: "test/a.js" }];
    expect(tampering(tree, { ...seen, moves }, limits.tampering)).toBeUndefined();
  });
});
