/** `examples/todo-api` as twelve tasks: plans, and the reference solution of each task. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { setUp } from "../../examples/setup.mjs";
import { root } from "../kit/house.mjs";
import { file } from "../kit/target.mjs";
import { codeOf, pathsOf } from "./code.mjs";
import { mistakes } from "./mistakes.mjs";
import { tasksOf } from "./plan-tasks.mjs";

const here = join(root, "bench/todo");

const TEST_FILES = {
  T1: "tests/test_creating.py",
  T2: "tests/test_refusing.py",
  T3: "tests/test_reading.py",
  T4: "tests/test_listing.py",
  T5: "tests/test_replacing.py",
  T6: "tests/test_deleting.py",
  T7: "tests/test_priorities.py",
  T8: "tests/test_searching.py",
  T9: "tests/test_pages.py",
  T10: "tests/test_overdue.py",
  T11: "tests/test_completing.py",
  T12: "tests/test_stats.py",
};

const plans = ["todo-core.md", "todo-list.md"].map((name) => [name, readFileSync(join(here, "plans", name), "utf8")]);

const tasks = tasksOf(plans);

/** What the bench needs to know of a project; `bench/README.md` says what each member is. */
export const project = {
  name: "todo-api",
  tasks: Object.keys(TEST_FILES),
  begin: (dir) => setUp("todo-api", dir, { without: ["corrections/"] }),
  /** In the order in which they are pursued; the last one needs those before. */
  plans,
  corrections: join(root, "examples/todo-api/corrections"),
  criteria: (task) => tasks.get(task).accept.map(({ id }) => id),
  yaml: (task) => stringify(tasks.get(task)).trimEnd(),
  paths: pathsOf,
  needs: (task) => (tasks.get(task).needs ?? []).map((need) => need.split("/").at(-1)),
  /** Tasks by plan. */
  waves: plans.map((plan) => [...tasksOf([plan]).keys()]),
  /** An honest answer: path -> text of each file, whole, where the tasks `landed` are done. */
  honest: (task, role, { landed }) => (role === "tester" ? testsOf(task) : codeOf(task, landed)),
  reply: (files, task, role) => {
    const blocks = Object.entries(files).map(([path, text]) => file(path, text.trimEnd()));
    const words = tasks.get(task).accept.map(({ id }) => `- ${id}: met because the reference solution meets it.`);
    return role === "tester" ? blocks.join("\n") : `${blocks.join("\n")}\n### ASSESS\n${words.join("\n")}\n`;
  },
  mistakes,
};

function testsOf(task) {
  return { [TEST_FILES[task]]: readFileSync(join(here, "tests", `${task}.py`), "utf8") };
}
