import { describe, expect, test } from "vitest";
import { commandWord, firstApproval, gatesNow, standingOf, waitingIn } from "./approval-standing.ts";
import { type ApprovalSubject, Approvals } from "./approvals.ts";
import type { Event, JournalEntry } from "./event.ts";

const facts = (...events: readonly Event[]): readonly JournalEntry[] =>
  events.map((event, index) => ({ seq: index + 1, at: index, run: "r1", key: `k${index}`, event }));
const task: ApprovalSubject = { stage: "task", about: "T1", digest: "aaaa" };
const asked = (subject = task, gate: "human" | "auto-judge" = "human"): Event => ({
  type: "approval-asked",
  ...subject,
  gate,
});
const given = (
  decision: "approved" | "rejected",
  more: Partial<ApprovalSubject & { judged: boolean }> = {},
): Event => ({
  type: "approval-given",
  ...task,
  decision,
  by: "Ada",
  note: "",
  ...more,
});
const human = Approvals.parse({ task: "human" });

describe("by default", () => {
  test("nothing is asked but before a branch of a person's moves", () => {
    expect(Approvals.parse({})).toEqual({ plan: "auto", task: "auto", result: "human" });
    expect(standingOf(task, [], Approvals.parse({}))).toMatchObject({ kind: "given", word: { decision: "approved" } });
    expect(standingOf({ stage: "result", digest: "c" }, [], Approvals.parse({}))).toEqual({
      kind: "wanted",
      gate: "human",
    });
  });

  test("the command that says --land is its person's word, until somebody sets the gate anew", () => {
    const changed = (gates: Partial<Approvals>): Event => ({ type: "gates-changed", by: "Ada", gates });
    expect(commandWord("main", facts(changed({ task: "human" })))).toMatchObject({ by: "the command (--land main)" });
    expect(commandWord("main", facts(changed({ result: "human" })))).toBeUndefined();
  });
});

describe("a word counts", () => {
  test("for exactly what it was given for, the newest one", () => {
    const entries = facts(asked(), given("rejected"), given("approved"));
    expect(standingOf(task, entries, human)).toMatchObject({
      kind: "given",
      word: { decision: "approved", by: "Ada" },
    });
    expect(standingOf({ ...task, digest: "bbbb" }, entries, human)).toEqual({ kind: "wanted", gate: "human" });
    const based = facts(given("approved", { patch: "p1" }));
    expect(standingOf({ ...task, digest: "bbbb", patch: "p1" }, based, human).kind).toBe("given");
    expect(standingOf({ ...task, digest: "bbbb", patch: "p2" }, based, human).kind).toBe("wanted");
    expect(standingOf({ ...task, digest: "bbbb" }, facts(given("approved")), human).kind).toBe("wanted");
    expect(standingOf({ ...task, about: "T2" }, entries, human)).toEqual({ kind: "wanted", gate: "human" });
    expect(standingOf({ stage: "plan", digest: "aaaa" }, entries, Approvals.parse({ plan: "human" })).kind).toBe(
      "wanted",
    );
  });

  test("of a model only where no person is wanted; of a person everywhere", () => {
    const judged = facts(given("approved", { judged: true }));
    expect(standingOf(task, judged, human).kind).toBe("wanted");
    expect(standingOf(task, judged, Approvals.parse({ task: "auto-judge" })).kind).toBe("given");
    const said = facts(given("rejected"));
    expect(standingOf(task, said, Approvals.parse({}))).toMatchObject({ word: { decision: "rejected" } });
  });
});

test("gates are those of the config and what was changed since, the last one for each stage", () => {
  const change = (gates: Partial<Approvals>): Event => ({ type: "gates-changed", by: "Ada", gates });
  const entries = facts(change({ task: "human", plan: "human" }), change({ plan: "auto-judge" }));
  expect(gatesNow(entries, Approvals.parse({ result: "auto" }))).toEqual({
    plan: "auto-judge",
    task: "human",
    result: "auto",
  });
});

test("what waits is what was asked last about a stage and task, until a word on it, or until it lands", () => {
  const later = { ...task, digest: "bbbb" };
  const other = { stage: "task", about: "T2", digest: "cccc" } as const;
  expect(waitingIn(facts(asked(), asked(other), asked(later)))).toEqual([other, later]);
  expect(waitingIn(facts(asked(), given("approved"), asked(other)))).toEqual([other]);
  expect(waitingIn(facts(asked(task, "auto-judge")))).toEqual([]);
  const landed = { type: "landed", task: "T1", branch: "b", commit: "c", tree: "t", tests: 1, paths: [] } as const;
  expect(waitingIn(facts(asked(), { ...landed, paths: [] }))).toEqual([]);
});

test("an approver's questions are numbered on, past all that it may have been asked about other trees", () => {
  const entries = facts(
    given("rejected", { judged: true }),
    given("rejected", { judged: true, digest: "bbbb" }),
    given("approved"),
  );
  expect(firstApproval({ ...task, digest: "cccc" }, entries, 3)).toBe(7);
  expect(firstApproval(task, entries, 3)).toBe(4);
});
