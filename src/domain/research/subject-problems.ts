import type { Suite } from "../config.ts";
import { CHECKLIST_TESTS } from "./check.ts";
import type { FrontSketch } from "./design-sketch.ts";
import { packageKey } from "./environment.ts";
import type { PlacedProblem } from "./placed-problem.ts";

const FEWEST_SEEDS = 3;

/** What the plan says of its subject and cannot be held to. */
export function subjectProblems(front: FrontSketch): readonly PlacedProblem[] {
  switch (front.subject?.framework) {
    case undefined:
      return [];
    case "other":
      return untestedBy(front.subject.tests);
    case "torch":
      return [...unpacked(front), ...unseeded(front)];
  }
}

function untestedBy(tests: Readonly<Partial<Record<string, string>>> | undefined): readonly PlacedProblem[] {
  if (tests === undefined) return [];
  const missing = CHECKLIST_TESTS.filter((test) => test !== "evaluation_pipeline" && tests[test] === undefined);
  return missing.map((test) => ({
    path: ["subject", "tests"],
    message: `subject.tests.${test} is missing: of a framework that is not probed, name the command that tests it.`,
  }));
}

function unpacked({ environment }: FrontSketch): readonly PlacedProblem[] {
  const lacking = environment === undefined ? [] : lackingPackages(Object.keys(environment.packages));
  if (lacking.length === 0) return [];
  const message = `environment.packages does not name ${lacking.join(" and ")}, which the mill's probes need; subject.framework: other is for experiments without PyTorch.`;
  return [{ path: ["environment", "packages"], message }];
}

function unseeded({ seeds, training }: FrontSketch): readonly PlacedProblem[] {
  if (seeds === undefined || training === undefined) return [];
  const distinct = new Set([training.seed, ...seeds]).size;
  if (distinct >= FEWEST_SEEDS) return [];
  const message = `seeds: with training.seed there are ${distinct}; whether a loss falls is tested over ${FEWEST_SEEDS} different ones at least.`;
  return [{ path: ["seeds"], message }];
}

/** Conda calls PyTorch by another name than the other indexes do. */
const PROBING: readonly (readonly string[])[] = [["torch", "pytorch"], ["numpy"]];

function lackingPackages(named: readonly string[]): readonly string[] {
  const keys = new Set(named.map(packageKey));
  return PROBING.filter((names) => !names.some((name) => keys.has(name))).map(([name = ""]) => name);
}

/** The tests of the tasks run in the environment that the plan names: it has to have pytest. */
export function testProblems(
  { kind, packages }: NonNullable<FrontSketch["environment"]>,
  suites: readonly Suite[],
): readonly PlacedProblem[] {
  const isOurs = suites.some(({ runner, command }) => runner === "pytest" && command === undefined);
  if (kind === undefined || kind === "system" || !isOurs || Object.keys(packages).map(packageKey).includes("pytest"))
    return [];
  const message =
    "environment.packages does not name pytest, which the tests of the tasks run under, in this environment: add one version of it.";
  return [{ path: ["environment", "packages"], message }];
}
