import { expect, test } from "vitest";
import type { ResearchDecided, ResearchFact, ResearchFix, ResearchStage } from "./facts.ts";
import { gateOf, nextMove } from "./pipeline.ts";
import type { StageName } from "./stage.ts";
import { STAGES } from "./stages.ts";

const LIMITS = { fixes: 3, revisions: 2 };
const AT = { commit: "c", tree: "t" };

function ended(
  stage: StageName,
  outcome: ResearchStage["outcome"] = "passed",
  more: Partial<ResearchStage> = {},
): ResearchStage {
  const answers = outcome === "refused" ? [{ rule: "r", answers: "developer", message: "m" }] : [];
  return {
    type: "research-stage",
    stage,
    visit: 1,
    outcome,
    gate: "auto",
    summary: "",
    findings: answers,
    end: "",
    ...AT,
    ...more,
  };
}

function fixed(stage: StageName, outcome: ResearchFix["outcome"] = "landed"): ResearchFix {
  return { type: "research-fix", stage, number: 1, outcome, reason: "", ...AT };
}

function decided(
  stage: StageName,
  move: ResearchDecided["move"],
  by: ResearchDecided["by"] = "orchestrator",
): ResearchDecided {
  return { type: "research-decided", stage, number: 1, move, words: "w", by };
}

function next(...facts: readonly ResearchFact[]): string {
  const move = nextMove(facts, LIMITS);
  return "stage" in move ? `${move.kind} ${move.stage}` : move.kind;
}

function upTo(stage: StageName): readonly ResearchFact[] {
  return STAGES.slice(0, STAGES.indexOf(stage)).map((one) => ended(one));
}

test("stages are entered in their order, and the end is behind the gate", () => {
  expect(next()).toBe("visit environment");
  for (const stage of STAGES.slice(1)) expect(next(...upTo(stage))).toBe(`visit ${stage}`);
  expect(next(...upTo("gate"), ended("gate"))).toBe("done");
});

test("a refused stage is mended three times, then the orchestrator has its whole context", () => {
  const refused = [...upTo("integration"), ended("integration", "refused")];
  expect(next(...refused)).toBe("fix integration");
  expect(next(...refused, fixed("integration", "failed"))).toBe("fix integration");
  const three = [1, 2, 3].flatMap(() => [fixed("integration"), ended("evaluation"), ended("integration", "refused")]);
  expect(next(...refused, ...three.slice(0, 6))).toBe("fix integration");
  expect(next(...refused, ...three)).toBe("decide integration");
});

test("what integration has mended is measured again", () => {
  const refused = [...upTo("integration"), ended("integration", "refused"), fixed("integration")];
  expect(next(...refused)).toBe("visit evaluation");
  expect(next(...refused, ended("evaluation"))).toBe("visit integration");
});

test("what the coder cannot answer goes to the orchestrator at once", () => {
  expect(next(ended("environment", "refused"))).toBe("decide environment");
  const stuck = ended("core", "refused", { findings: [{ rule: "core/stuck", answers: "orchestrator", message: "m" }] });
  expect(next(ended("environment"), stuck)).toBe("decide core");
});

test("the moves of the orchestrator", () => {
  const refused = [...upTo("integration"), ended("integration", "refused"), fixed("integration", "failed")];
  expect(next(...refused, decided("integration", "instructions"))).toBe("fix integration");
  expect(next(...refused, decided("integration", "re-plan"))).toBe("replan integration");
  expect(next(...refused, decided("integration", "re-plan", "architect"))).toBe("visit core");
  expect(next(...refused, decided("integration", "person"))).toBe("person integration");
  expect(next(...refused, decided("integration", "stop", "person"))).toBe("stopped");
  const answered = [...refused, decided("integration", "instructions", "person")];
  expect(next(...answered)).toBe("visit integration");
  expect(next(...answered, ended("integration", "refused"))).toBe("fix integration");
  expect(next(ended("environment", "refused"), decided("environment", "instructions"))).toBe("visit environment");
});

test("a gate sends back to core, twice, then somebody thinks anew; trouble is never sent back silently", () => {
  const revise = ended("gate", "refused", { wants: "revise" });
  const again = upTo("gate").slice(1);
  expect(next(...upTo("gate"), revise)).toBe("visit core");
  expect(next(...upTo("gate"), revise, ...again, revise)).toBe("visit core");
  expect(next(...upTo("gate"), revise, ...again, revise, ...again, revise)).toBe("decide gate");
  expect(next(...upTo("gate"), ended("gate", "refused", { wants: "trouble" }))).toBe("decide gate");
});

test("gates are the plan's until a person changes them; a gate that is auto skips the review", () => {
  const change = (gates: Record<string, "human" | "auto-judge" | "auto">) =>
    [{ type: "research-gates", by: "Ada", gates }] as const;
  expect([gateOf("core", {}, []), gateOf("review", {}, []), gateOf("gate", {}, [])]).toEqual([
    "auto",
    "auto-judge",
    "auto-judge",
  ]);
  expect(gateOf("review", { gate: "auto" }, [])).toBe("auto");
  expect(gateOf("review", { gate: "auto", review: "human" }, [])).toBe("human");
  expect(gateOf("gate", { gate: "auto" }, [...change({ gate: "human" })])).toBe("human");
});
