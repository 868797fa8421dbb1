import { afterEach, expect, test } from "vitest";
import { experiment, experimented, researching, wayOf } from "../kit/research.ts";
import { refusalText } from "../kit/story.ts";
import type { Target } from "../kit/target.ts";

let target: Target;
afterEach(() => target.remove());

test("an experiment goes through its seven stages, and its branch holds code, design and pipeline", {
  timeout: 120_000,
}, async () => {
  target = experiment();
  const told = await experimented(target, researching());
  expect(told.outcome, refusalText(told)).toEqual({ kind: "done", branch: "research/mean" });
  expect(wayOf(told)).toEqual([
    "environment 1: passed",
    "core 1: passed",
    "baselines 1: passed",
    "evaluation 1: passed",
    "integration 1: passed",
    "review 1: passed",
    "gate 1: passed",
  ]);
  const files = target.git("ls-tree", "-r", "--name-only", "research/mean").split("\n");
  expect(files).toEqual(expect.arrayContaining(["src/mean.py", "src/evaluate.py", "pipeline.yaml", "design/plan.md"]));
  expect(target.git("show", "research/mean:pipeline.yaml")).toContain("gate: auto-judge");
});
