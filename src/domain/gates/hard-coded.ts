import type { Gate, TaskState } from "../gate.ts";
import { type LiteralFunction, type LiteralUse, type Suspicion, suspicionOf } from "../literal-use.ts";
import { type Need, type Seen, sight } from "../need.ts";
import { kindOfPath } from "../paths.ts";
import { awaitsCode, codeMaker, testFiles } from "../task-state.ts";
import { type Finding, pass, verdictOf } from "../verdict.ts";

type LiteralsNeed = Extract<Need, { see: "literals" }>;

/** The code computes its answers: no function that the task has written only knows the inputs of the task's tests. */
export const hardCoded: Gate = {
  name: "hard-coded",
  kinds: ["feature", "bug"],
  needs: (state) =>
    awaitsCode(state) ? [] : [linesNeed(state), ...looks(state, testFiles(state)), ...looks(state, codePaths(state))],
  judge(state, seen) {
    if (awaitsCode(state)) return pass();
    const certain = allSuspects(state, seen).filter(({ suspicion }) => suspicion === "certain");
    return verdictOf(
      certain.map(({ path, known }) => finding(state, path, known)),
      doubtful(state, seen),
    );
  },
};

/** Functions of which nobody can say whether there is more to know than the tests hold, one line each; empty while nobody has looked. */
export function doubtful(state: TaskState, seen: Seen): readonly string[] {
  return allSuspects(state, seen)
    .filter(({ suspicion }) => suspicion === "doubtful")
    .map(
      ({ path, known }) =>
        `${path}:${known.line}: ${known.name} knows only what its tests hold; a judge has to say whether there is more to know.`,
    );
}

function allSuspects(state: TaskState, seen: Seen): readonly Suspect[] {
  return codePaths(state).flatMap((path) => suspectsIn(state, seen, path));
}

interface Suspect {
  readonly path: string;
  readonly known: LiteralFunction;
  readonly suspicion: Suspicion;
}

function suspectsIn(state: TaskState, seen: Seen, path: string): readonly Suspect[] {
  const use = sight(seen, literalsNeed(state, path));
  const tests = testsUse(state, seen);
  const written = (sight(seen, linesNeed(state)) ?? []).filter((range) => range.startsWith(`${path}:`)).map(rangeOf);
  return (use?.functions ?? [])
    .filter((known) => written.some(({ from, to }) => known.line <= to && known.endLine >= from))
    .map((known) => ({ path, known, suspicion: suspicionOf(known, tests) }))
    .filter(({ suspicion }) => suspicion !== undefined);
}

/** What all of the task's tests hold together. */
function testsUse(state: TaskState, seen: Seen): LiteralUse {
  const uses = testFiles(state).flatMap((path) => sight(seen, literalsNeed(state, path)) ?? []);
  return { values: uses.flatMap((use) => use.values), called: uses.flatMap((use) => use.called), functions: [] };
}

function rangeOf(range: string): { from: number; to: number } {
  const [, from = 0, to = 0] = /:(\d+)-(\d+)$/.exec(range) ?? [];
  return { from: Number(from), to: Number(to) };
}

function codePaths({ work, profile }: TaskState): readonly string[] {
  const paths = work.code.filter((change) => change.blob !== null).map((change) => change.path);
  return paths.filter((path) => kindOfPath(path, profile) === "code");
}

function linesNeed(state: TaskState): Extract<Need, { see: "lines" }> {
  const { red, work } = state.work.trees;
  return { see: "lines", from: red, to: work, paths: codePaths(state) };
}

function looks(state: TaskState, paths: readonly string[]): readonly LiteralsNeed[] {
  return paths.map((path) => literalsNeed(state, path));
}

function literalsNeed(state: TaskState, path: string): LiteralsNeed {
  return { see: "literals", tree: state.work.trees.work, path };
}

function finding(state: TaskState, path: string, { name, line }: LiteralFunction): Finding {
  const message = `${name} holds the tested inputs and their answers instead of working them out: for anything else it is wrong. Compute the answer.`;
  return { rule: "hard-coded/answers", answers: codeMaker(state), message, path, line };
}
