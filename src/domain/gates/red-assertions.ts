import { type Hollow, hollowness, speaksOfErrors } from "../assertions.ts";
import type { WrittenCase, WrittenCases } from "../diagnostic.ts";
import type { TaskState } from "../gate.ts";
import { type Seen, sight } from "../need.ts";
import { isInTestFolder } from "../paths.ts";
import { namesCriterion } from "../task.ts";
import { testFiles, testMaker } from "../task-state.ts";
import type { Finding } from "../verdict.ts";
import { isThrownByCode } from "./red-reasons.ts";
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
    const own = fresh.filter(({ test }) => test.file === path);
    const written = sight(seen, casesNeed(state, path));
    return (written?.cases ?? []).flatMap((one) => {
      const seenCases = own.filter(({ test }) => test.name.endsWith(one.title.split(" > ").at(-1) ?? one.title));
      if (seenCases.length === 0) return [];
      const found = hollowFinding(state, path, one, made);
      return found.length > 0 || !written ? found : throwsOnly(state, path, { one, written, seenCases });
    });
  });
}

interface WrittenAndSeen {
  readonly one: WrittenCase;
  readonly written: WrittenCases;
  readonly seenCases: readonly RedCase[];
}

/** A case whose call makes the code throw, in a file without an assertion, is content with any answer afterwards. */
function throwsOnly(state: TaskState, path: string, { one, written, seenCases }: WrittenAndSeen): readonly Finding[] {
  const criteria = claimed(state, one);
  const isThrown = seenCases.some(({ test }) => test.failure && isThrownByCode(state, test.failure));
  const bringsChecks = written.imports.some((name) => isInTestFolder(`${importedPath(path, name)}/`));
  if (!isThrown || bringsChecks || written.assertions > 0 || criteria.length === 0) return [];
  if (criteria.some(speaksOfErrors)) return [];
  const what =
    "asserts nothing: it fails only because the code throws. Say with an assertion what must come of the call.";
  return [hollowCase(state, path, one, { rule: "red/no-assertion", what })];
}

/** `src/cart.ts#Cart.add` -> Cart, add. */
function madeNames(create: string): readonly string[] {
  return (create.split("#")[1] ?? "").split(".").filter((name) => name !== "");
}

function hollowFinding(
  state: TaskState,
  path: string,
  written: WrittenCase,
  made: ReadonlySet<string>,
): readonly Finding[] {
  const criteria = claimed(state, written);
  if (written.asserts === undefined || criteria.length === 0) return [];
  const hollow = hollowness(written.asserts, { made, criteria });
  return hollow === undefined ? [] : [hollowCase(state, path, written, SAYS[hollow])];
}

/** The path that a relative specifier means, without its ending's dot; a dotted module's own folders. */
function importedPath(from: string, specifier: string): string {
  if (!/^\.{1,2}\//.test(specifier)) return specifier.replaceAll(".", "/");
  return specifier.split("/").reduce(
    (folder, part) => {
      if (part === ".") return folder;
      return part === ".." ? folder.replace(/(?:^|\/)[^/]*$/, "") : `${folder}/${part}`;
    },
    from.replace(/(?:^|\/)[^/]*$/, ""),
  );
}

/** The texts of the criteria whose ids it carries. */
function claimed(state: TaskState, { title }: WrittenCase): readonly string[] {
  return state.task.accept.filter(({ id }) => namesCriterion(title, id)).map(({ text }) => text);
}

function hollowCase(
  state: TaskState,
  path: string,
  { title, line }: WrittenCase,
  { rule, what }: { readonly rule: string; readonly what: string },
): Finding {
  return { rule, answers: testMaker(state), message: `"${title}" ${what}`, path, line };
}
