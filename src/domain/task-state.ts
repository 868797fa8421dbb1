import type { TaskState } from "./gate.ts";
import { kindOfPath } from "./paths.ts";
import type { TaskKind } from "./task.ts";
import type { Answerer } from "./verdict.ts";

/** Kinds whose tests have to fail on the base first. */
const RED_FIRST: readonly TaskKind[] = ["feature", "bug"];

/** True when this task's tests are proven red before any code is asked for. */
export function isRedFirst(state: TaskState): boolean {
  return RED_FIRST.includes(state.task.kind) && state.workflow.gates.some((entry) => entry.gate === "red");
}

/** Who answers for what is not a test: the writer of the code layer, or of the only layer that a `test` task has. */
export function codeMaker(state: TaskState): Answerer {
  if (state.task.kind === "docs") return "documenter";
  return state.task.kind === "test" ? state.workflow.makers.tests : state.workflow.makers.code;
}

/** Who writes this task's tests layer. */
export function testMaker(state: TaskState): Answerer {
  return state.workflow.makers.tests;
}

/** Who answers for a path: the writer of the layer that it is in. */
export function ownerOf(state: TaskState, path: string): Answerer {
  return state.work.tests.some((change) => change.path === path) ? testMaker(state) : codeMaker(state);
}

/** Test files (not their infrastructure) that the task's tests layer adds or changes. */
export function testFiles(state: TaskState): readonly string[] {
  return state.work.tests
    .filter((change) => change.blob !== null && kindOfPath(change.path, state.profile) === "test")
    .map((change) => change.path);
}

/** True while the code half of a red-first task has not been proposed: what looks at code has nothing to say yet. */
export function awaitsCode(state: TaskState): boolean {
  return isRedFirst(state) && state.work.code.length === 0;
}
