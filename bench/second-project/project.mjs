/** The plans of the second project, its tasks, and the answers as they are written down. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const read = (path) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8");

/** Three linked plans, as an architect answers them (one after the other, in one reply). */
export const plans = ["catalogue", "lending", "desk"].map((name) => read(`./plans/${name}.md`));

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

/** An honest answer, with edits of files that stand at the task's beginning. */
export const written = (task, role) => read(`./answers/${task}.${role}.md`);
