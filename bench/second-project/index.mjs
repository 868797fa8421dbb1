/** A project of 25 tasks with its answers, and the mistakes that a small model makes there (README.md). */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeRepository } from "../../examples/repository.mjs";
import { allMistakes } from "./mistakes.mjs";
import * as project from "./project.mjs";
import { whole } from "./trees.mjs";

/** The spec's path in the project. */
export const spec = "specs/lending-library.md";

/** Three linked plans, as an architect answers them (one after the other, in one reply). */
export const plans = project.plans;

/** The tasks in an order that their needs allow: `{ id, plan, needs, files, tests, criteria }`; `needs` are bare ids. */
export const tasks = project.tasks;

/** The reply of an honest and able `tester` or `developer` to a task: whole files, right whatever was answered before. */
export function reference(task, role) {
  return whole(task, project.written(task, role));
}

/** Shares of the published failures (99 and 54 of 153). */
export const rates = { patch: 0.647, environment: 0.353 };

/** `{ name, family, kind, role, outlivesRed, appliesTo(task, role), apply(text) }`; the law of their fields is in mistakes.mjs. */
export const mistakes = allMistakes;

/** Makes the starting state a git repository in the new or empty folder `dir`; returns its commit. */
export function setUp(dir) {
  const start = fileURLToPath(new URL("./start", import.meta.url));
  const paths = readdirSync(start, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.pyc$|\.db$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(start.length + 1));
  const files = paths.map((path) => [path, readFileSync(join(start, path))]);
  return makeRepository(dir, files, "Add a library that says whether it is healthy");
}
