import type { Suite } from "../config.ts";
import { CHECKLIST_TESTS } from "./check.ts";
import type { PlanFront } from "./design.ts";
import { type EnvironmentWish, packageKey } from "./environment.ts";

const FEWEST_SEEDS = 3;

/** What the plan says of its subject and cannot be held to. */
export function subjectProblems({ subject, seeds, training, environment }: PlanFront): readonly string[] {
  if (subject.framework === "other")
    return CHECKLIST_TESTS.filter((test) => test !== "evaluation_pipeline" && subject.tests[test] === undefined).map(
      (test) => `subject.tests.${test} is missing: of a framework that is not probed, name the command that tests it.`,
    );
  const distinct = new Set([training.seed, ...seeds]).size;
  const lacking = lackingPackages(Object.keys(environment.packages));
  const absent =
    lacking.length === 0
      ? []
      : [
          `environment.packages does not name ${lacking.join(" and ")}, which the mill's probes need; subject.framework: other is for experiments without PyTorch.`,
        ];
  if (distinct >= FEWEST_SEEDS) return absent;
  return [
    ...absent,
    `seeds: with training.seed there are ${distinct}; whether a loss falls is tested over ${FEWEST_SEEDS} different ones at least.`,
  ];
}

/** Conda calls PyTorch by another name than the other indexes do. */
const PROBING: readonly (readonly string[])[] = [["torch", "pytorch"], ["numpy"]];

function lackingPackages(named: readonly string[]): readonly string[] {
  const keys = new Set(named.map(packageKey));
  return PROBING.filter((names) => !names.some((name) => keys.has(name))).map(([name = ""]) => name);
}

/** The tests of the tasks run in the environment that the plan names: it has to have pytest. */
export function testProblems(
  { kind, packages }: Pick<EnvironmentWish, "kind" | "packages">,
  suites: readonly Suite[],
  folder: string,
): readonly string[] {
  const isOurs = suites.some(({ runner, command }) => runner === "pytest" && command === undefined);
  if (kind === "system" || !isOurs || Object.keys(packages).map(packageKey).includes("pytest")) return [];
  return [
    `${folder}/plan.md: environment.packages does not name pytest, which the tests of the tasks run under, in this environment: add one version of it.`,
  ];
}
