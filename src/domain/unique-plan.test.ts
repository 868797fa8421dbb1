import { expect, test } from "vitest";
import type { Plan } from "./plan.ts";
import { uniquePlan } from "./unique-plan.ts";

const plan = (name: string, ids: readonly string[]): Plan => ({
  plan: name,
  title: name,
  spec: { digest: "" },
  base: "",
  needs: [],
  goal: [],
  body: "",
  tasks: ids.map((id, index) => ({
    id,
    title: id,
    kind: "feature",
    purpose: "",
    deliverables: [],
    needs: index === 0 ? [] : [ids[index - 1] ?? ""],
    files: [],
    tests: [],
    accept: [],
    creates: [],
    deletes: [],
    moves: [],
    lines: [],
  })),
});

test("a plan that nobody collides with stays as it is", () => {
  expect(uniquePlan(plan("two", ["T3"]), [plan("one", ["T1"])])).toEqual(plan("two", ["T3"]));
});

test("a second plan's tasks get ids of their own, and their needs follow", () => {
  const second = uniquePlan(plan("two", ["T1", "T2"]), [plan("one", ["T1", "T2"])]);
  expect(second.tasks.map((task) => [task.id, task.needs])).toEqual([
    ["two-T1", []],
    ["two-T2", ["two-T1"]],
  ]);
});

test("a plan of a later round gets a name of its own", () => {
  expect(uniquePlan(plan("one", ["T9"]), [plan("one", ["T1"])]).plan).toBe("one-2");
});
