import { expect, test } from "vitest";
import { choosePlan, type PendingPlan } from "./choose-plan.ts";

const plan = (name: string, more: Partial<PendingPlan> = {}): PendingPlan => ({
  plan: name,
  path: `plans/2026-11-${name}.md`,
  state: "todo",
  needs: [],
  since: 100,
  ...more,
});

test("readiness comes before leverage, leverage before age", () => {
  const plans = [
    plan("worthy", { leverage: 9, needs: ["missing"] }),
    plan("old", { since: 1 }),
    plan("good", { leverage: 3 }),
    plan("better-and-younger", { leverage: 4, since: 500 }),
  ];
  const { next, because, passedOver } = choosePlan(plans);
  expect(next?.plan).toBe("better-and-younger");
  expect(because).toBe("the most leverage of 3 that are ready");
  expect(passedOver).toEqual([
    { plan: "good", why: "ready, and comes later" },
    { plan: "old", why: "ready, and comes later" },
    { plan: "worthy", why: "needs missing" },
  ]);
});

test("among equals the oldest, and among those the first name", () => {
  expect(choosePlan([plan("b"), plan("a", { since: 200 })]).next?.plan).toBe("b");
  expect(choosePlan([plan("b"), plan("a", { since: 200 })]).because).toBe("the oldest of 2 that are ready");
  expect(choosePlan([plan("b"), plan("a")]).next?.plan).toBe("a");
});

test("a plan whose needs are done is ready, and what was cut off goes on first", () => {
  const plans = [
    plan("base", { state: "done" }),
    plan("next", { needs: ["base"], leverage: 9 }),
    plan("open", { state: "open", run: "r1" }),
  ];
  expect(choosePlan(plans).next).toMatchObject({ plan: "open", run: "r1" });
  expect(choosePlan(plans.slice(0, 2)).next?.plan).toBe("next");
});

test("nothing that is done, blocked, rejected, running or waits for a person begins", () => {
  const states = ["done", "blocked", "rejected", "running", "waiting"] as const;
  const { next, because, passedOver } = choosePlan(states.map((state) => plan(state, { state })));
  expect(next).toBeUndefined();
  expect(because).toBe("no plan is ready");
  expect(passedOver.map(({ why }) => why)).toEqual(["blocked", "rejected", "running", "waiting"]);
});
