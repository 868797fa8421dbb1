/** A project of 25 tasks with its answers, and the mistakes that a small model makes there (README.md). */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeRepository } from "../../examples/repository.mjs";
import { mistakesOver } from "./mistakes.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const read = (...path) => readFileSync(join(here, ...path), "utf8");

/** The spec's path in the project. */
export const spec = "specs/lending-library.md";

/** Three linked plans, as an architect answers them (one after the other, in one reply). */
export const plans = ["catalogue", "lending", "desk"].map((name) => read("plans", `${name}.md`));

/** The tasks in an order that their needs allow: `{ id, plan, needs, files, tests, criteria }`; `needs` are bare ids. */
export const tasks = plans.flatMap((text) => {
  const plan = /^plan: (.*)$/m.exec(text)[1];
  return text
    .split(/^ {2}- id: /m)
    .slice(1)
    .map((part) => {
      const list = (key) => JSON.parse(new RegExp(`^ {4}${key}: (.*)$`, "m").exec(part)?.[1] ?? "[]");
      return {
        id: part.slice(0, part.indexOf("\n")),
        plan,
        needs: list("needs").map((need) => need.split("/").at(-1)),
        files: list("files"),
        tests: list("tests"),
        criteria: [...part.matchAll(/^ {6}- id: (.*)$/gm)].map((found) => found[1]),
      };
    });
});

/** The reply of an honest and able `tester` or `developer` to a task, by its id. */
export function reference(task, role) {
  return read("answers", `${task}.${role}.md`);
}

/** Shares of the published failures (99 and 54 of 153). */
export const rates = { patch: 0.647, environment: 0.353 };

/** `{ name, family, kind, role, outlivesRed, appliesTo(task, role), apply(text) }`; the law of their fields is in mistakes.mjs. */
export const mistakes = mistakesOver(reference);

/** Makes the starting state a git repository in the new or empty folder `dir`; returns its commit. */
export function setUp(dir) {
  const start = join(here, "start");
  const paths = readdirSync(start, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.pyc$|\.db$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(start.length + 1));
  const files = paths.map((path) => [path, readFileSync(join(start, path))]);
  return makeRepository(dir, files, "Add a library that says whether it is healthy");
}
