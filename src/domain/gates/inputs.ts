import { answeredCount, type CheckEnds, type Trial, trialOf, unmoved } from "../changed-inputs.ts";
import { checkEnds } from "../check-text.ts";
import type { Gate, TaskState } from "../gate.ts";
import { type Need, type Seen, sight } from "../need.ts";
import { cutShort, suiteOf } from "../seen-tests.ts";
import { awaitsCode, testFiles } from "../task-state.ts";
import { pass } from "../verdict.ts";
import type { VisibleCall } from "../visible-call.ts";

type LiteralsNeed = Extract<Need, { see: "literals" }>;
type ChecksNeed = Extract<Need, { see: "checks" }>;
type SuiteNeed = Extract<Need, { see: "suite" }>;

/**
 * The task's code answers for other inputs than its tests' own: each is changed a little, without a word about what must
 * come out. What always answers the same then is a note for people: nobody can prove that it should not.
 */
export const inputs: Gate = {
  name: "inputs",
  kinds: ["feature", "bug"],
  needs(state, seen) {
    if (awaitsCode(state)) return [];
    const files = testFiles(state);
    const read = files.map((file) => literalsNeed(state, file));
    if (read.some((need) => sight(seen, need) === undefined)) return read;
    return [...read, ...files.flatMap((file) => runNeeds(state, seen, file))];
  },
  judge(state, seen) {
    if (awaitsCode(state)) return pass();
    const looks = testFiles(state).map((file) => ({ file, ...lookOf(state, seen, file) }));
    const tried = looks.reduce((sum, { trial, ends }) => sum + answeredCount(trial, ends), 0);
    const notes = looks.flatMap(({ file, trial, ends, early }) => [
      ...unmoved(file, trial, ends),
      ...(early === undefined ? [] : [`Not all changed inputs of ${file} were tried, because ${early}.`]),
    ]);
    return tried === 0 ? pass(...notes) : pass(`${tried} changed inputs of the task's own tests were tried.`, ...notes);
  },
};

function literalsNeed(state: TaskState, path: string): LiteralsNeed {
  return { see: "literals", tree: state.work.trees.work, path };
}

/** The visible calls of what the task has written, with the file's share of the changes. */
function trialIn(state: TaskState, seen: Seen, file: string): Trial {
  const calls = sight(seen, literalsNeed(state, file))?.calls ?? [];
  const most = Math.ceil(state.config.limits.changedInputs / Math.max(1, testFiles(state).length));
  return trialOf(
    calls.filter((call) => isOfTask(state, file, call)),
    most,
  );
}

/** Imported from a file that the task has written, or from the folder or package that such a file is in. */
function isOfTask({ work }: TaskState, file: string, { from }: VisibleCall): boolean {
  const written = work.code.filter((change) => change.blob !== null).map(({ path }) => `/${stemOf(path)}/`);
  if (file.endsWith(".py")) {
    const wanted = from.replace(/^\.+/, "").replaceAll(".", "/");
    return wanted !== "" && written.some((path) => path.includes(`/${wanted}/`));
  }
  const wanted = from.startsWith(".") ? stemOf(joined(file, from)) : undefined;
  return wanted !== undefined && written.some((path) => path.startsWith(wanted === "" ? "/" : `/${wanted}/`));
}

/** A path without its ending, and without what a folder's own file is called. */
function stemOf(path: string): string {
  return path.replace(/\.(?:[cm]?[jt]sx?|py)$/, "").replace(/(?:^|\/)(?:index|__init__)$/, "");
}

/** Where a relative specifier leads from a file; empty for the root. */
function joined(file: string, specifier: string): string {
  const way = file.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") way.pop();
    else if (part !== "." && part !== "") way.push(part);
  }
  return way.join("/");
}

function checksNeed(state: TaskState, trial: Trial, file: string): ChecksNeed {
  return { see: "checks", tree: state.work.trees.work, checks: trial.checks, beside: [file] };
}

function runNeeds(state: TaskState, seen: Seen, file: string): readonly Need[] {
  const trial = trialIn(state, seen, file);
  if (trial.checks.length === 0) return [];
  const need = checksNeed(state, trial, file);
  const laid = sight(seen, need);
  return laid ? [need, suiteNeed(state, laid)] : [need];
}

function suiteNeed(state: TaskState, laid: { readonly tree: string; readonly file: string }): SuiteNeed {
  return { ...suiteOf(laid.tree as SuiteNeed["tree"], [laid.file]), seconds: state.config.limits.heldOutSeconds };
}

interface Looked {
  readonly trial: Trial;
  readonly ends: CheckEnds;
  /** Why the run came to no end of its own. */
  readonly early: string | undefined;
}

function lookOf(state: TaskState, seen: Seen, file: string): Looked {
  const trial = trialIn(state, seen, file);
  const laid = sight(seen, checksNeed(state, trial, file));
  const report = laid ? sight(seen, suiteNeed(state, laid)) : undefined;
  if (!laid || !report) return { trial, ends: new Map(), early: undefined };
  return { trial, ends: checkEnds(laid.file, report.cases), early: cutShort(report) };
}
