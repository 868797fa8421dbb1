import type { StageName } from "../../domain/research/stage.ts";
import type { Stage } from "./world.ts";

/** Stages beside the gate, each loaded when it is entered. */
export async function stageOf(stage: Exclude<StageName, "gate">): Promise<Stage> {
  switch (stage) {
    case "environment":
      return (await import("./environment-stage.ts")).environmentStage;
    case "core":
      return (await import("./component-stage.ts")).componentStage;
    case "baselines":
      return (await import("./baselines-stage.ts")).baselinesStage;
    case "evaluation":
      return (await import("./evaluation-stage.ts")).evaluationStage;
    case "integration":
      return (await import("./integration-stage.ts")).integrationStage;
    case "review":
      return (await import("./review-stage.ts")).reviewStage;
  }
}
