import { describe, expect, it } from "vitest";
import { approvalKey, droppedExports, droppedFiles, plainDigest, weakened, weakenedTasks } from "./drift.ts";
import { type DriftLook, driftsIn, incidentOfDrift } from "./drift-guard.ts";
import type { Event, JournalEntry } from "./event.ts";
import { printPlan } from "./plan-text.ts";
import { Task } from "./task.ts";

const criterion = (text: string, id = "AC1") => ({ id, text });
const task = (more: Partial<Task> = {}): Task =>
  Task.parse({
    id: "T1",
    title: "Subtract",
    kind: "feature",
    purpose: "People want it.",
    deliverables: [{ what: "it", quality: "pure" }],
    files: ["src/subtract.js"],
    tests: ["test/subtract.test.js"],
    creates: ["src/subtract.js#subtract"],
    accept: [criterion("`subtract(5, 3)` returns 2 and an empty call throws a `RangeError`")],
    ...more,
  });
const facts = (...events: readonly Event[]): readonly JournalEntry[] =>
  events.map((event, at) => ({
    seq: at + 1,
    at,
    run: "r",
    key: event.type === "spec-approved" ? approvalKey(event.to) : `${at}`,
    event,
  }));
const plan = (...tasks: readonly Task[]) => ({
  plan: "numbers",
  title: "Numbers",
  spec: { digest: "d" },
  base: "b",
  needs: [],
  goal: [],
  tasks: [...tasks],
  body: "",
});
const SPEC = "# Subtract\n\nWe want `subtract`.\n";
const look = (more: Partial<DriftLook> = {}): DriftLook => ({
  task: task(),
  tasks: [task()],
  spec: { path: "specs/subtract.md", title: "Subtract", text: SPEC, digest: "d" },
  entries: [],
  specHere: SPEC,
  specBefore: SPEC,
  specAfter: SPEC,
  planText: printPlan(plan(task())),
  present: new Set(["src/subtract.js"]),
  texts: new Map(),
  ...more,
});

describe("criteria that say less than they said", () => {
  const before = [criterion("`subtract(5, 3)` returns 2 and an empty call throws a `RangeError`")];

  it.each([
    ["a value is gone", "`subtract(5, 3)` returns 2 and an empty call throws", ["AC1 loses RangeError"]],
    [
      "it is softened",
      "`subtract(5, 3)` returns 2 and an empty call may throw a `RangeError`",
      ['AC1 is softened: "may" is new in it'],
    ],
  ])("%s", (_name, text, lines) => {
    expect(weakened(before, [criterion(text)])).toEqual(lines);
  });

  it("a criterion is dropped, or a whole task", () => {
    expect(weakened(before, [criterion("`other(1)` returns 1", "AC2")])).toEqual([
      expect.stringMatching(/^AC1 is dropped/),
    ]);
    expect(weakenedTasks([task()], [])).toEqual(["T1 is gone from the plan"]);
  });

  it("is no other wording, no value that moved to another criterion, no new criterion, no soft word that stood there", () => {
    expect(weakened(before, [criterion("An empty call throws a `RangeError`; `subtract(5, 3)` returns 2")])).toEqual(
      [],
    );
    const moved = [criterion("`subtract(5, 3)` returns 2"), criterion("an empty call throws a `RangeError`", "AC2")];
    expect(weakened(before, moved)).toEqual([]);
    const soft = [criterion("a caller may pass `null` and gets 0")];
    expect(weakened(soft, [criterion("when a caller may pass `null`, it gets 0")])).toEqual([]);
  });
});

describe("what was agreed, right before a landing", () => {
  it("stands: nothing has changed but line ends, white space at their ends, and a file that is not there now", () => {
    expect(driftsIn(look())).toEqual([]);
    expect(driftsIn(look({ specHere: `\uFEFF${SPEC.replaceAll("\n", "  \r\n")}` }))).toEqual([]);
    expect(driftsIn(look({ specHere: undefined }))).toEqual([]);
    expect(driftsIn(look({ planText: look().planText?.replaceAll("\n", "\r\n") }))).toEqual([]);
  });

  it("has drifted: the spec was edited, by a person or by the task", () => {
    const edited = SPEC.replace("subtract", "add");
    expect(driftsIn(look({ specHere: edited }))).toEqual(["the spec specs/subtract.md was edited during the run"]);
    expect(driftsIn(look({ specAfter: edited }))).toEqual(["T1 itself changes the spec specs/subtract.md"]);
    const approved = { type: "spec-approved", by: "Ada", path: "p", from: "d", to: plainDigest(edited) } as const;
    expect(driftsIn(look({ specHere: edited, entries: facts(approved) }))).toEqual([]);
    expect(driftsIn(look({ specHere: `${edited}more`, entries: facts(approved) }))).toHaveLength(1);
  });

  it("has drifted: the plan on its branch says less; more, or another task's file, is none", () => {
    const weaker = task({ accept: [criterion("`subtract(5, 3)` returns 2")] });
    expect(driftsIn(look({ planText: printPlan(plan(weaker)) }))).toEqual(["T1: AC1 loses RangeError"]);
    expect(driftsIn(look({ planText: undefined }))).toEqual(["the plan's file is gone from its branch"]);
    expect(driftsIn(look({ planText: "gone" }))).toEqual(["the plan's file on its branch is no plan any more"]);
    const more = task({ accept: [...task().accept, criterion("`subtract(1, 1)` returns 0", "AC2")] });
    expect(driftsIn(look({ planText: printPlan(plan(more)) }))).toEqual([]);
    const reopened = { type: "task-reopened", task: "T1", reason: "edited", revision: weaker, models: {} } as const;
    expect(driftsIn(look({ planText: printPlan(plan(weaker)), entries: facts(reopened) }))).toEqual([]);
  });

  it("has drifted: what a landed task delivered is gone, unless the plan says that it goes", () => {
    const second = task({ id: "T2", creates: [] });
    const landed: Event = {
      type: "landed",
      task: "T1",
      branch: "b",
      commit: "c",
      tree: "t",
      tests: 1,
      paths: ["src/subtract.js"],
    };
    const after = {
      task: second,
      tasks: [task(), second],
      entries: facts(landed),
      planText: printPlan(plan(task(), second)),
    };
    expect(driftsIn(look(after))).toEqual([]);
    expect(driftsIn(look({ ...after, present: new Set() }))).toEqual(["src/subtract.js, which T1 delivered, is gone"]);
    const deleting = { ...second, deletes: ["src/subtract.js"] };
    expect(driftsIn(look({ ...after, task: deleting, tasks: [task(), deleting], present: new Set() }))).toEqual([]);
    const renamed = new Map([["src/subtract.js", "export const minus = 1;\n"]]);
    expect(driftsIn(look({ ...after, texts: renamed }))).toEqual([
      "subtract of src/subtract.js, which T1 delivered, is gone",
    ]);
    expect(driftsIn(look({ ...after, task: { ...second, kind: "refactor" }, texts: renamed }))).toEqual([]);
  });

  it("is one incident for the same drift", () => {
    const about = { run: "r", task: "T1", at: "land", tree: "t" };
    const [one, same, other] = [["a"], ["a"], ["b"]].map((lines) => incidentOfDrift(lines, about));
    expect(one?.key).toBe(same?.key);
    expect(one?.key).not.toBe(other?.key);
    expect(one).toMatchObject({ kind: "spec-drift", stops: true });
  });
});

describe("what was delivered", () => {
  it("is looked for by its name, and in a file that nobody can read nothing is missed", () => {
    expect(droppedFiles([{ task: "T1", files: ["a", "b"] }], new Set(["a"]), [])).toEqual([
      "b, which T1 delivered, is gone",
    ]);
    expect(droppedExports([{ task: "T1", creates: "a.rb#x", text: "def x; end" }])).toEqual([]);
  });
});
