import type { StageName } from "../../domain/research/stage.ts";
import { reviewStage } from "./review-stage.ts";
import type { Stage } from "./world.ts";

/** Stages beside core and gate, each loaded when it is entered. */
export async function stageOf(stage: Exclude<StageName, "core" | "gate">): Promise<Stage> {
  switch (stage) {
    case "environment":
      return passing("environment");
    case "baselines":
      return passing("baselines");
    case "evaluation":
      return passing("evaluation");
    case "integration":
      return passing("integration");
    case "review":
      return reviewStage;
  }
}

function passing(stage: StageName): Stage {
  return async () => ({ kind: "passed", summary: `${stage}: nothing to do yet`, files: [], report: {} });
}
