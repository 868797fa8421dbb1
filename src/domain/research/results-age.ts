import { matches } from "../paths.ts";
import { RESULTS_PATH } from "./results.ts";

/** What the mill itself writes between a measurement and the checklist; the design gets questions and their answers. */
const WRITTEN = ["experiments/", "logs/", "pipeline.yaml"];

/** What is wrong with numbers that were measured on another commit: `changed` are the paths that differ since then. */
export function ageProblems(commit: string, changed: readonly string[], folder: string): readonly string[] {
  const code = changed.filter((path) => !matches([...WRITTEN, `${folder}/`], path));
  if (code.length === 0) return [];
  const more = code.length > 3 ? ` and ${code.length - 3} more` : "";
  return [
    `${RESULTS_PATH} was measured on ${commit.slice(0, 12)}; ${code.slice(0, 3).join(", ")}${more} changed since: evaluate again.`,
  ];
}
