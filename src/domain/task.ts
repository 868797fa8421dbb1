import { z } from "zod";
import { BrowserCheck, type NamedCheck } from "./browser-check.ts";

/** The kind of a task picks the proof that it is done (DESIGN section 5). */
export const TASK_KINDS = ["feature", "bug", "refactor", "move", "test", "docs", "config"] as const;
export const TaskKind = z.enum(TASK_KINDS);
export type TaskKind = z.infer<typeof TaskKind>;

/** Criterion ids are short enough to stand in a test's name in any language: `AC1`, `AC12`. */
export const CriterionId = z.string().regex(/^[A-Z]{1,5}[0-9]{1,4}$/, "letters then digits, like AC1");

/** One observable behaviour with its literal values. */
export const Criterion = z.strictObject({
  id: CriterionId.meta({ description: "Unique in the plan; the tests that prove it carry it in their name." }),
  text: z.string().min(1).meta({ description: "One observable behaviour, with the literal values of the spec." }),
  browser: BrowserCheck.optional().meta({
    description: "How it is seen in a browser; absent: tests prove it.",
  }),
});
export type Criterion = z.infer<typeof Criterion>;

export const Deliverable = z.strictObject({
  what: z.string().min(1).meta({ description: "What is handed over." }),
  quality: z.string().min(1).meta({ description: "How good it has to be." }),
});

const RepoPath = z.string().min(1).max(400);

/** One increment, small enough to go red, green and land alone. */
export const Task = z.strictObject({
  id: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,39}$/, "a letter, then letters, digits, - or _ (at most 40)"),
  title: z.string().min(3).max(120),
  kind: TaskKind,
  purpose: z.string().min(1).meta({ description: "Why this is wanted; makers see it, gates do not judge it." }),
  deliverables: z.array(Deliverable).min(1),
  needs: z
    .array(z.string())
    .default([])
    .meta({ description: "Ids of tasks that land first; `plan/task` for a linked plan." }),
  files: z.array(RepoPath).default([]).meta({ description: "Code paths or globs this task may write." }),
  tests: z.array(RepoPath).default([]).meta({ description: "Test paths or globs this task may write." }),
  accept: z.array(Criterion).min(1),
  creates: z
    .array(z.string().regex(/^[^#]+#[A-Za-z_$][\w$]*$/, "path#export"))
    .default([])
    .meta({ description: "Exports that do not exist yet, `path#name`; red runs over generated stubs of them." }),
  deletes: z.array(RepoPath).default([]).meta({ description: "Files this task may delete." }),
  moves: z
    .array(z.strictObject({ from: RepoPath, to: RepoPath }))
    .default([])
    .meta({ description: "Declared moves of tests; their assertions must survive." }),
  lines: z
    .array(z.string().regex(/^[^:]+:\d+-\d+$/, "path:from-to"))
    .default([])
    .meta({ description: "For kind `test`: the lines whose mutants the new tests must kill." }),
  check: z
    .string()
    .optional()
    .meta({ description: "For kinds `docs` and `config`: a command that fails before and passes after." }),
  skill: z.string().optional(),
  repo: z
    .string()
    .optional()
    .meta({ description: "Name of a repository of `repos:` in the config; absent: the main one." }),
});
export type Task = z.infer<typeof Task>;

/** True when `name` (a test's full title) carries the criterion's id as a token, whatever its case. */
export function namesCriterion(name: string, criterion: string): boolean {
  return new RegExp(`(?<![A-Za-z0-9])${criterion}(?![A-Za-z0-9])`, "i").test(name);
}

/** The criteria that tests prove. */
export function testedCriteria(task: Pick<Task, "accept">): readonly Criterion[] {
  return task.accept.filter((criterion) => criterion.browser === undefined);
}

/** The checks of the criteria that are seen in a browser. */
export function browserChecks(task: Pick<Task, "accept">): readonly NamedCheck[] {
  return task.accept.flatMap(({ id, browser }) => (browser === undefined ? [] : [{ id, check: browser }]));
}
