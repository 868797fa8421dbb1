/** The second project (bench/second-project/) in the words of this bench: its mistakes by what was published, several ways of each. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { root } from "../kit/house.mjs";
import * as second from "../second-project/index.mjs";
import { tasksOf } from "./plan-tasks.mjs";

const digest = createHash("sha256")
  .update(readFileSync(join(root, "bench/second-project/start", second.spec)))
  .digest("hex");

/** As a person hands them in: with the spec that they were made from. */
const plans = second.plans.map((text) => {
  const name = /^plan: (.*)$/m.exec(text)[1];
  const spec = `spec: { path: ${second.spec}, digest: ${digest} }\nbase: "0000000000000000000000000000000000000000"\n`;
  return [`${name}.md`, text.replace(/^tasks:/m, `${spec}tasks:`)];
});

const tasks = tasksOf(plans);
const named = new Map(second.tasks.map((task) => [task.id, task]));

/** The way of a mistake in this bench: undefined where it cannot be made. */
const wayOf = (mistake) => (text) => {
  const wrong = mistake.apply(text);
  return wrong === text ? undefined : wrong;
};

const GATED = ["other", "overwritten route file", "file outside the task", "RED that passes"];

function grouped() {
  const groups = new Map();
  for (const mistake of second.mistakes) {
    const { family, kind, role } = mistake;
    const id = `${family} (${kind})`;
    const group = groups.get(id) ?? {
      id,
      kind: kind === "patch" && GATED.includes(family) ? "gated" : kind,
      isHabit: family !== "other",
    };
    group[role] = [...(group[role] ?? []), wayOf(mistake)];
    groups.set(id, group);
  }
  return [...groups.values()];
}

export const project = {
  name: "lending-library",
  tasks: second.tasks.map(({ id }) => id),
  begin: second.setUp,
  plans,
  corrections: join(root, "examples/todo-api/corrections"),
  criteria: (task) => named.get(task).criteria,
  yaml: (task) => stringify(tasks.get(task)).trimEnd(),
  paths: (task) => named.get(task).files,
  needs: (task) => named.get(task).needs,
  waves: plans.map((plan) => [...tasksOf([plan]).keys()]),
  honest: (task, role) => second.reference(task, role),
  reply: (text) => text,
  mistakes: grouped(),
};
