import { browserProblems } from "./browser-rules.ts";
import { didYouMean } from "./nearest-word.ts";
import type { PlanFacts, PlannedTask, PlanProblem, TaskRule } from "./plan-findings.ts";
import { browserChecks, type TaskKind, testedCriteria } from "./task.ts";
import { vagueIn } from "./vague.ts";
import { isWikiTask } from "./wiki/wiki-paths.ts";

/** What a task must say so that its kind can be proven. */
export const TASK_RULES: readonly TaskRule[] = [
  filesAreNamed,
  testsAreNamed,
  checksAreNamed,
  linesAreNamed,
  criteriaAreObservable,
  browserChecksAreSound,
  reposAreKnown,
  skillsAreKnown,
];

const TESTED: readonly TaskKind[] = ["feature", "bug", "test"];
const CHECKED: readonly TaskKind[] = ["docs", "config"];

function filesAreNamed({ task }: PlannedTask): readonly PlanProblem[] {
  if (task.kind === "test" || task.files.length > 0 || task.deletes.length > 0 || task.moves.length > 0) return [];
  return [
    { rule: "plan/no-files", message: `A task of kind ${task.kind} needs files: the code paths that it may write.` },
  ];
}

function testsAreNamed({ task }: PlannedTask): readonly PlanProblem[] {
  if (!TESTED.includes(task.kind) || task.tests.length > 0) return [];
  if (task.kind !== "test" && testedCriteria(task).length === 0) return [];
  return [
    {
      rule: "plan/no-tests",
      message: `A task of kind ${task.kind} needs tests: the test files that prove its criteria.`,
    },
  ];
}

function checksAreNamed({ task }: PlannedTask): readonly PlanProblem[] {
  const checked = CHECKED.includes(task.kind);
  if (checked && task.check === undefined && !isWikiTask(task))
    return [
      {
        rule: "plan/no-check",
        message: `A task of kind ${task.kind} needs check: a command that fails before and passes after.`,
      },
    ];
  if (!checked && task.check !== undefined)
    return [
      { rule: "plan/check", message: `check is for the kinds docs and config; a ${task.kind} is proven by its tests.` },
    ];
  return [];
}

function linesAreNamed({ task }: PlannedTask): readonly PlanProblem[] {
  if (task.kind === "test" && task.lines.length === 0)
    return [
      {
        rule: "plan/no-lines",
        message: "A task of kind test needs lines (path:from-to): what its tests must notice a change of.",
      },
    ];
  return [];
}

function criteriaAreObservable({ task }: PlannedTask): readonly PlanProblem[] {
  return task.accept.flatMap(({ id, text }) => {
    const vague = vagueIn(text);
    return vague ? [{ rule: "plan/vague", message: `${id} is vague: "${vague.phrase}" ${vague.why}.` }] : [];
  });
}

function browserChecksAreSound({ task }: PlannedTask): readonly PlanProblem[] {
  return browserChecks(task).flatMap(({ id, check }) =>
    browserProblems(check).map((problem) => ({ rule: "plan/browser", message: `${id}, ${problem}.` })),
  );
}

function reposAreKnown({ task }: PlannedTask, { config }: PlanFacts): readonly PlanProblem[] {
  const known = Object.keys(config.repos);
  if (task.repo === undefined || known.includes(task.repo)) return [];
  const hint =
    didYouMean(task.repo, known) ||
    (known.length > 0 ? ` There are: ${known.join(", ")}.` : " Leave repo out: there is only this one.");
  return [{ rule: "plan/unknown-repo", message: `There is no repository ${task.repo}.${hint}` }];
}

function skillsAreKnown({ task }: PlannedTask, { skills }: PlanFacts): readonly PlanProblem[] {
  if (task.skill === undefined || skills.length === 0 || skills.includes(task.skill)) return [];
  return [
    {
      rule: "plan/unknown-skill",
      message: `There is no skill ${task.skill}.${didYouMean(task.skill, skills) || ` There are: ${skills.join(", ")}.`}`,
    },
  ];
}
