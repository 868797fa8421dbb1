/** One project pursued by a scripted maker until it is done, or until nobody but a person could go on. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { load, root, scratch } from "../kit/house.mjs";
import { approval, goalMet } from "../kit/target.mjs";
import { scriptedMaker } from "./maker.mjs";

const watch = (entry = () => undefined) => ({ entry, glimpse: () => undefined, signal: new AbortController().signal });

/**
 * Answers for every role: the makers by the scripted maker, judges as if they saw nothing wrong. Architect and orchestrator let a
 * task begin anew, as it is: the seed's loop picks a skipped task up again.
 */
export function scriptOf(project, maker, state) {
  return ({ role, task }) => {
    switch (role) {
      case "tester":
      case "developer":
        return maker.answer(task, role, state);
      case "reviewer":
        return approval(project.criteria(task), `${project.paths(task)[0]}: def`);
      case "architect":
      case "orchestrator":
        return `---\n${project.yaml(task)}\n---\nBegin again.\n`;
      case "examiner":
        return '{ "checks": [] }';
      default:
        return goalMet;
    }
  };
}

/** Gates of `red-green` that a reference solution passes or fails whatever its maker does: the seed's loop has none of them. */
const LEFT_OUT = /^ {2}- gate: (?:hard-coded|discriminates|held-out)\n/gm;

/**
 * Three tasks that end one after the other without landing stop the line until a person closes an incident, and so do two words of a
 * person in vain; the bench counts the former itself and goes on, so that the whole project is seen.
 */
const CONFIG = "limits: { metaFailures: 1000, reported: 1000 }\n";

/** The project in a folder of its own, with its plans and its workflow beside it. */
export async function beginProject(project) {
  const around = scratch();
  const dir = join(around, "target");
  project.begin(dir);
  mkdirSync(join(around, "plans"));
  for (const [name, text] of project.plans) writeFileSync(join(around, "plans", name), text);
  const workflow = join(around, "workflow.yaml");
  const shipped = readFileSync(join(root, "workflows/red-green.yaml"), "utf8");
  writeFileSync(workflow, shipped.replace(LEFT_OUT, "").replace("name: red-green", "name: todo-replay"));
  const config = join(around, "millwright.yaml");
  writeFileSync(config, `${readFileSync(join(dir, "millwright.yaml"), "utf8")}${CONFIG}`);
  return { around, dir, config, request: { input: join(around, "plans", project.plans.at(-1)[0]), workflow } };
}

/** The compiled mill over a project, with the maker in the models' place. */
export async function openScripted({ dir, config }, project, maker, state) {
  const { openMill } = await load("compose/open-mill.js");
  return openMill(dir, { config }, { script: scriptOf(project, maker, state) });
}

/** Facts as they are written: what has landed is what the maker finds in its files. */
export function following(state, entry) {
  return watch((one) => {
    if (one.event.type === "landed") {
      state.landed.add(one.event.task);
      for (const path of one.event.paths) state.base.add(path);
    }
    entry?.(one);
  });
}

export const freshState = () => ({ landed: new Set(), base: new Set(), session: 0 });
export { scriptedMaker };
