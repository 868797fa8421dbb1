import { expect, test } from "vitest";
import { lookText } from "./research-look.ts";

const LOOK = { run: "r1", name: "tiles", branch: "research/tiles", path: "/there/pipeline.yaml", ended: undefined };

test("a stage's line says whose word it was, and whose it is next", () => {
  const passed = { state: "passed", history: ["visit 1: passed"], visitedUnder: "auto" } as const;
  const text = lookText({
    ...LOOK,
    stages: [
      { ...passed, stage: "environment", gate: "human" },
      { ...passed, stage: "core", gate: "auto" },
      { stage: "gate", state: "waiting", gate: "auto-judge", history: [], visitedUnder: undefined },
    ],
    next: "stage core, visit 2",
  });
  expect(text.split("\n")).toEqual([
    "tiles (r1) on research/tiles",
    "environment  passed   auto; human when it is visited again",
    "             visit 1: passed",
    "core         passed   auto",
    "             visit 1: passed",
    "gate         waiting  auto-judge",
    "next     stage core, visit 2",
    "live     /there/pipeline.yaml",
  ]);
});

test("a run that waits says for what", () => {
  const text = lookText({ ...LOOK, stages: [], next: "a person's word", ended: "waiting: core1 asks: 0 or an error?" });
  expect(text).toContain("\nended    waiting: core1 asks: 0 or an error?\n");
});
