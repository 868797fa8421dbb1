import type { Inspection } from "../adapters/git/system/inspection.ts";
import type { Git } from "../engine/ports.ts";
import type { RulesPlace } from "./memory-rules.ts";

/** How the project's index stands. */
export async function indexState(_place: RulesPlace, _git: Git, _inspection: Inspection) {
  return { state: "made anew for each run", notes: [] as readonly string[] };
}
