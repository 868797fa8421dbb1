import { expect, test } from "vitest";
import { parse } from "yaml";
import type { ResearchFact, ResearchStage } from "./facts.ts";
import { errorsText, pipelineText } from "./pipeline-text.ts";
import type { StageName } from "./stage.ts";
import { STAGES } from "./stages.ts";

function ended(stage: StageName, outcome: ResearchStage["outcome"] = "passed", visit = 1): ResearchStage {
  const end = { end: "", commit: "c", tree: "t", gate: "auto" } as const;
  return { type: "research-stage", stage, visit, outcome, summary: `${stage} looked`, findings: [], ...end };
}

function told(...facts: readonly ResearchFact[]) {
  const look = { name: "mean", run: "r1", branch: "research/mean", facts };
  return parse(pipelineText({ ...look, gate: (stage) => (stage === "gate" ? "human" : "auto") }));
}

test("each stage has its state, the type of its gate and its history", () => {
  const refused = { ...ended("gate", "refused"), wants: "revise" } as const;
  const { stages, next } = told(
    ...STAGES.slice(0, 6).map((stage) => ended(stage)),
    refused,
    ended("core", "passed", 2),
  );
  expect(stages.map(({ stage, state, gate }: Record<string, string>) => `${stage} ${state} ${gate}`)).toEqual([
    "environment passed auto",
    "core passed auto",
    "baselines stale auto",
    "evaluation stale auto",
    "integration stale auto",
    "review stale auto",
    "gate refused human",
  ]);
  expect(stages[1].history).toEqual(["visit 1: passed: core looked", "visit 2: passed: core looked"]);
  expect(stages[6].history).toEqual(["visit 1: refused (revise): gate looked"]);
  expect(next).toBeUndefined();
});

test("behind a gate that passed comes the training, as the hand-off says", () => {
  expect(told(...STAGES.map((stage) => ended(stage))).next).toBe("training, as experiments/exp-001/handoff.md says");
});

test("an error and what was done about it are one line", () => {
  const error = { type: "research-error", stage: "core", subject: "task a", error: "it\nbroke" } as const;
  const at = Date.UTC(2026, 10, 22, 9, 5, 1, 7);
  expect(errorsText([{ at, error: { ...error, resolution: "fix 1 landed" } }])).toBe(
    "2026-11-22T09:05:01Z | core | task a | it broke | resolution: fix 1 landed\n",
  );
  const long = errorsText([{ at, error: { ...error, error: "x".repeat(900), resolution: "y".repeat(600) } }]);
  expect(long).toContain("xx … | resolution: yyy");
  expect(long).toMatch(/ …\n$/);
  expect(long.length).toBeLessThan(1300);
});
