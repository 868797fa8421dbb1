import { didYouMean } from "./nearest-word.ts";
import { isGlob, kindOfPath, matches, normalisePath, sameFile } from "./paths.ts";
import type { PlanFacts, PlannedTask, PlanProblem, TaskRule } from "./plan-findings.ts";
import { protectedReason } from "./protected-paths.ts";
import type { Task } from "./task.ts";

/** What a task may say about files, one rule after the other. */
export const PATH_RULES: readonly TaskRule[] = [
  pathsStayInside,
  pathsAreNarrow,
  protectedPathsStay,
  testsAreCollected,
  codeIsNoTest,
  createsAreFiles,
  deletesAreThere,
  movesFit,
  linesAreThere,
  changedFilesAreThere,
];

function pathsStayInside({ task }: PlannedTask): readonly PlanProblem[] {
  return namedPaths(task).flatMap(({ path, field }) => {
    const normal = path.startsWith("!") ? undefined : normalisePath(path.replace(/\/$/, ""));
    if (normal?.kind === "ok") return [];
    const why = normal?.why ?? "a list of what may be written cannot take anything out with !";
    return [{ rule: "plan/path", message: `${field} names ${JSON.stringify(path)}: ${why}.` }];
  });
}

/** Every path that the task names, and where. */
function namedPaths(task: Task): readonly { readonly path: string; readonly field: string }[] {
  return [
    ...task.files.map((path) => ({ path, field: "files" })),
    ...task.tests.map((path) => ({ path, field: "tests" })),
    ...task.deletes.map((path) => ({ path, field: "deletes" })),
    ...task.moves.flatMap(({ from, to }) => [from, to].map((path) => ({ path, field: "moves" }))),
    ...task.creates.map((text) => ({ path: pathOf(text, "#"), field: "creates" })),
    ...task.lines.map((text) => ({ path: pathOf(text, ":"), field: "lines" })),
  ];
}

function pathOf(text: string, sign: "#" | ":"): string {
  return text.slice(0, text.lastIndexOf(sign));
}

function pathsAreNarrow({ task }: PlannedTask): readonly PlanProblem[] {
  return [...task.files, ...task.tests, ...task.deletes]
    .filter((glob) => /^(\*\*?|\.|\*\*?\/\*\*?|\{.*\})?\/?$/.test(glob))
    .map((glob) => ({
      rule: "plan/too-wide",
      message: `${glob} names every file; name those that the task is about.`,
    }));
}

function protectedPathsStay({ task }: PlannedTask, { config }: PlanFacts): readonly PlanProblem[] {
  return [...task.files, ...task.tests, ...task.deletes].flatMap((path) => {
    const reason = protectedReason(path.replace(/\*+/g, "x").replace(/\/$/, "/x"), config.protected);
    if (!reason || (reason.kind === "toolchain" && task.kind === "config" && !isGlob(path))) return [];
    return [{ rule: "plan/protected", message: `${path} is protected: ${reason.why}.` }];
  });
}

function testsAreCollected({ task, here }: PlannedTask, { profile }: PlanFacts): readonly PlanProblem[] {
  const globs = profile.suites.flatMap((suite) => suite.tests);
  if (here === "elsewhere" || globs.length === 0) return [];
  return task.tests
    .filter((path) => !isGlob(path) && ["code", "manifest"].includes(kindOfPath(path, profile)))
    .map((path) => ({
      rule: "plan/not-a-test",
      message: `The runner does not collect ${path}: test files here are ${globs.slice(0, 6).join(", ")}.`,
    }));
}

function codeIsNoTest({ task, here }: PlannedTask, { profile }: PlanFacts): readonly PlanProblem[] {
  if (here === "elsewhere") return [];
  return task.files.flatMap((path) => {
    const kind = isGlob(path) ? "code" : kindOfPath(path, profile);
    if (kind === "test")
      return [
        { rule: "plan/test-among-files", message: `${path} is a test file; name it under tests, not under files.` },
      ];
    if (kind !== "infrastructure" || task.kind === "config") return [];
    return [
      {
        rule: "plan/infrastructure",
        message: `${path} steers how tests run; changing it takes a task of kind config.`,
      },
    ];
  });
}

function createsAreFiles({ task }: PlannedTask): readonly PlanProblem[] {
  return task.creates
    .filter((text) => !matches(task.files, pathOf(text, "#")))
    .map((text) => ({
      rule: "plan/creates",
      message: `creates names ${text}, but ${pathOf(text, "#")} is not among the task's files.`,
    }));
}

function deletesAreThere(planned: PlannedTask, facts: PlanFacts): readonly PlanProblem[] {
  const { task } = planned;
  return task.deletes.flatMap((path) => {
    if (task.creates.some((text) => pathOf(text, "#") === path))
      return [{ rule: "plan/deletes", message: `The task both creates and deletes ${path}.` }];
    return isThere(path, planned, facts) ? [] : [{ rule: "plan/deletes", message: missing(path, "deletes", facts) }];
  });
}

function movesFit(planned: PlannedTask, facts: PlanFacts): readonly PlanProblem[] {
  const { task } = planned;
  const targets = task.moves.map((move) => move.to);
  return task.moves.flatMap(({ from, to }, at) => {
    if (sameFile(from, to)) return [{ rule: "plan/moves", message: `moves names ${from} as its own target.` }];
    if (targets.indexOf(to) < at) return [{ rule: "plan/moves", message: `Two moves go to ${to}.` }];
    const problems: PlanProblem[] = [];
    if (!isThere(from, planned, facts)) problems.push({ rule: "plan/moves", message: missing(from, "moves", facts) });
    if (!matches([...task.tests, ...task.files], to))
      problems.push({ rule: "plan/moves", message: `moves goes to ${to}, which is not among the task's tests.` });
    return problems;
  });
}

function linesAreThere(planned: PlannedTask, facts: PlanFacts): readonly PlanProblem[] {
  return planned.task.lines.flatMap((text) => {
    const path = pathOf(text, ":");
    const [from = 0, to = 0] = text
      .slice(path.length + 1)
      .split("-")
      .map(Number);
    if (from < 1 || to < from)
      return [{ rule: "plan/lines", message: `lines names ${text}: lines count from 1, and the first comes first.` }];
    return isThere(path, planned, facts) ? [] : [{ rule: "plan/lines", message: missing(path, "lines", facts) }];
  });
}

/** A bug or a refactoring is about code that is there. */
function changedFilesAreThere(planned: PlannedTask, facts: PlanFacts): readonly PlanProblem[] {
  const { task } = planned;
  if (!["bug", "refactor"].includes(task.kind) || task.files.length === 0) return [];
  if (task.files.some((path) => isThere(path, planned, facts))) return [];
  return [
    {
      rule: "plan/unknown-file",
      message: `A ${task.kind} changes code that is there. ${missing(task.files[0] ?? "", "files", facts)}`,
    },
  ];
}

/** True when the path is in the base, or a task that comes before writes it. */
function isThere(path: string, { here, before }: PlannedTask, { files }: PlanFacts): boolean {
  if (here === "elsewhere") return true;
  if (isGlob(path) ? files.some((file) => matches([path], file)) : files.includes(path)) return true;
  return before.some((task) => matches([...task.files, ...task.tests], path) || task.files.includes(path));
}

function missing(path: string, field: string, { files }: PlanFacts): string {
  return `${field} names ${path}, which is not in the repository.${didYouMean(path, files.slice(0, 5000))}`;
}
