import { kindOfPath, matches } from "./paths.ts";
import type { Task } from "./task.ts";
import type { ToolProfile } from "./tool-profile.ts";

/** Endings of files that hold code or tests worth reading before planning. */
const CODE = /\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|rb|php|cs|vue|svelte|html|css)$/;

/** Most files that are tried; the caller has a budget of characters besides. */
const MOST = 60;

/** Paths that a planner should read, the most telling first: what the spec names, then code, then tests, shallow before deep. */
export function filesWorthShowing(listed: readonly string[], spec: string, profile: ToolProfile): readonly string[] {
  const readable = listed.filter((path) => CODE.test(path) || spec.includes(path));
  const weight = (path: string): number => {
    if (spec.includes(path)) return 0;
    if (spec.includes(path.split("/").at(-1) ?? path)) return 1;
    const depth = path.split("/").length;
    return (kindOfPath(path, profile) === "test" ? 20 : 10) + depth;
  };
  return [...readable].sort((a, b) => weight(a) - weight(b) || (a < b ? -1 : 1)).slice(0, MOST);
}

/** Most files of a task that are shown. */
const MOST_SHOWN = 30;

/** Files that whoever works on a task has to see: what it may write or moves, and what it is about. */
export function pathsOfTask(task: Task, listed: readonly string[], profile: ToolProfile): readonly string[] {
  const scope = [...task.files, ...task.tests, ...task.moves.map((move) => move.from)];
  const subjects = subjectsOf(task, listed, profile);
  return listed.filter((path) => matches(scope, path) || subjects.has(path)).slice(0, MOST_SHOWN);
}

/** Files that a task is about without writing them: the code whose lines a test pins down, the code that a document describes. */
export function subjectsOf(task: Task, listed: readonly string[], profile: ToolProfile): ReadonlySet<string> {
  const pinned = task.lines.map((range) => range.split(":")[0] ?? "");
  if (task.kind !== "docs") return new Set(pinned);
  const text = [task.title, task.purpose, ...task.accept.map((criterion) => criterion.text)].join("\n");
  const worth = filesWorthShowing(listed, text, profile);
  const described = worth.filter((path) => kindOfPath(path, profile) !== "test" || text.includes(path));
  return new Set([...pinned, ...described.slice(0, 10)]);
}
