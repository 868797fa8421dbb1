import { type Hollow, hollowness } from "../assertions.ts";
import type { WrittenCase } from "../diagnostic.ts";
import type { TaskState } from "../gate.ts";
import { type Seen, sight } from "../need.ts";
import { namesCriterion } from "../task.ts";
import { testFiles, testMaker } from "../task-state.ts";
import type { Finding } from "../verdict.ts";
import { casesNeed, type RedCase } from "./red-runs.ts";

const SAYS: Readonly<Record<Hollow, { readonly rule: string; readonly what: string }>> = {
  none: {
    rule: "red/no-assertion",
    what: "asserts nothing: it fails only because the code is not there. Say with an assertion what must come of the call.",
  },
  "any-error": {
    rule: "red/any-error",
    what: "asserts only that something is thrown, whatever it is, and its criterion speaks of no error. Assert the value that the criterion names.",
  },
  floating: {
    rule: "red/not-awaited",
    what: "asserts only in a promise that nobody awaits: the test is over before it is heard. Await it or return it.",
  },
};

/** New tests that claim a criterion and by their own text cannot prove it. Whatever a called function may check counts. */
export function hollowFindings(state: TaskState, seen: Seen, fresh: readonly RedCase[]): readonly Finding[] {
  const made = new Set(state.task.creates.flatMap(madeNames));
  return testFiles(state).flatMap((path) => {
    const names = fresh.filter(({ test }) => test.file === path).map(({ test }) => test.name);
    const isFresh = ({ title }: WrittenCase) => names.some((name) => name.endsWith(title.split(" > ").at(-1) ?? title));
    const cases = sight(seen, casesNeed(state, path))?.cases ?? [];
    return cases.filter(isFresh).flatMap((written) => hollowFinding(state, path, written, made));
  });
}

/** `src/cart.ts#Cart.add` -> Cart, add. */
function madeNames(create: string): readonly string[] {
  return (create.split("#")[1] ?? "").split(".").filter((name) => name !== "");
}

function hollowFinding(
  state: TaskState,
  path: string,
  { title, line, asserts }: WrittenCase,
  made: ReadonlySet<string>,
): readonly Finding[] {
  const criteria = state.task.accept.filter(({ id }) => namesCriterion(title, id)).map(({ text }) => text);
  if (asserts === undefined || criteria.length === 0) return [];
  const hollow = hollowness(asserts, { made, criteria });
  if (hollow === undefined) return [];
  const { rule, what } = SAYS[hollow];
  return [{ rule, answers: testMaker(state), message: `"${title}" ${what}`, path, line }];
}
