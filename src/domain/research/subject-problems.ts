import { CHECKLIST_TESTS } from "./check.ts";
import type { PlanFront } from "./design.ts";

const FEWEST_SEEDS = 3;

/** What the plan says of its subject and cannot be held to. */
export function subjectProblems({ subject, seeds, training }: PlanFront): readonly string[] {
  if (subject.framework === "other")
    return CHECKLIST_TESTS.filter((test) => test !== "evaluation_pipeline" && subject.tests[test] === undefined).map(
      (test) => `subject.tests.${test} is missing: of a framework that is not probed, name the command that tests it.`,
    );
  const distinct = new Set([training.seed, ...seeds]).size;
  if (distinct >= FEWEST_SEEDS) return [];
  return [
    `seeds: with training.seed there are ${distinct}; whether a loss falls is tested over ${FEWEST_SEEDS} different ones at least.`,
  ];
}
