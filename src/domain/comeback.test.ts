import { describe, expect, it } from "vitest";
import { changesSince, mattersOf, restingIn, restsText } from "./comeback.ts";
import type { Event } from "./event.ts";
import type { Task } from "./task.ts";

const task = { id: "T1", title: "One" } as Task;
const models = (role: string) => [`local/${role}`];
const now = mattersOf(task, [{ id: "status", digest: "abcdef0123456789" }], models);

describe("what could matter for a task that rests", () => {
  it("is the same as long as nothing has changed, whatever the order of the corrections", () => {
    const two = [
      { id: "a", digest: "1" },
      { id: "b", digest: "2" },
    ];
    expect(changesSince(now, mattersOf(task, [{ id: "status", digest: "abcdef0123456789" }], models))).toEqual([]);
    expect(changesSince(mattersOf(task, two, models), mattersOf(task, [...two].reverse(), models))).toEqual([]);
  });

  it("names what has changed", () => {
    const changed = (...args: Parameters<typeof mattersOf>) => changesSince(now, mattersOf(...args));
    const same = [{ id: "status", digest: "abcdef0123456789" }];
    expect(changed({ ...task, title: "Two" }, same, models)).toEqual(["the plan's text of it has changed"]);
    expect(changed(task, [...same, { id: "import", digest: "1" }], models)).toEqual(["the correction import is new"]);
    expect(changed(task, [{ id: "status", digest: "0" }], models)).toEqual(["the correction status has changed"]);
    expect(changed(task, [], models)).toEqual(["the correction status is off"]);
    expect(changed(task, same, (role) => (role === "developer" ? ["big"] : models(role)))).toEqual([
      "the developer's models are big and were local/developer",
    ]);
  });

  it("is told where nothing has changed", () => {
    const [resting] = restingIn([{ seq: 1, at: 5, run: "r", key: "k", event: rests("T1") }]);
    expect(resting && restsText(resting, "r1", "then")).toMatch(
      /T1 rests: nothing that could matter has changed since then \(why\).*--retry T1/,
    );
  });
});

function rests(name: string): Event {
  return { type: "task-rests", task: name, outcome: "stuck", reason: "why", answers: 3, matters: now };
}

describe("the tasks that rest", () => {
  it("are those that have neither come back nor landed since", () => {
    const events: readonly Event[] = [
      rests("T1"),
      rests("T2"),
      { type: "task-reopened", task: "T1", reason: "a word", models: {} },
      rests("T3"),
      { type: "task-reopened", task: "T3", reason: "a word", models: {} },
      rests("T3"),
    ];
    const resting = restingIn(events.map((event, at) => ({ seq: at, at, run: "r", key: `${at}`, event })));
    expect(resting.map((one) => one.task)).toEqual(["T2", "T3"]);
  });
});
