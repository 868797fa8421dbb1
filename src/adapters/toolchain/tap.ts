import type { Parser, Result } from "tap-parser";
import type { TestCase } from "../../domain/suite-report.ts";
import { failureOf } from "./failure-kind.ts";
import { caseId, type Told, withOrdinals } from "./fold-records.ts";
import { insidePath } from "./inside.ts";
import type { ReportContext } from "./junit.ts";

/** TAP (12 to 14, with subtests) as cases; complete only when the plan is there and met and nobody bailed out. */
export async function readTap(text: string, context: ReportContext): Promise<Told> {
  const { Parser } = await import("tap-parser");
  const parser = new Parser();
  const cases: TestCase[] = [];
  follow(parser, [], (result, path) => cases.push(caseOf(result, path, context)));
  parser.end(text);
  const stopped =
    parser.bailedOut === false ? [] : [`Bail out! ${parser.bailedOut === true ? "" : parser.bailedOut}`.trim()];
  const unplanned = !/^1\.\.\d+/m.test(text) ? ["The plan is missing."] : [];
  const wrong = parser.failures.map((failure) => failure.tapError).filter((error) => typeof error === "string");
  const reasons = [...stopped, ...unplanned, ...wrong];
  return {
    cases: withOrdinals(cases),
    errors: reasons.map((message) => ({ kind: "error", message })),
    complete: reasons.length === 0,
  };
}

function follow(
  parser: Parser,
  path: readonly string[],
  seen: (result: Result, path: readonly string[]) => void,
): void {
  let children = 0;
  parser.on("child", (child: Parser) => {
    let told = 0;
    follow(child, [...path, child.name], (result, inner) => {
      told += 1;
      seen(result, inner);
    });
    child.on("complete", () => {
      if (told > 0) children += 1;
    });
  });
  parser.on("assert", (result: Result) => {
    // The line that closes a subtest repeats what its own lines have told.
    const repeats = result.closingTestPoint && children > 0;
    if (result.closingTestPoint) children = 0;
    if (!repeats) seen(result, path);
  });
}

function caseOf(result: Result, path: readonly string[], context: ReportContext): TestCase {
  const [first] = path;
  const named = first === undefined ? undefined : insidePath(first, context.ground.roots, context.dir);
  const isFile = named !== undefined && context.paths.has(named);
  const file = isFile ? named : context.suite;
  const place = { ...caseId(file, [...(isFile ? path.slice(1) : path), result.name]), file };
  if (result.skip !== false || result.todo !== false) return { ...place, outcome: "skipped" };
  if (result.ok) return { ...place, outcome: "passed" };
  const told = diagnosis(result);
  return { ...place, outcome: "failed", failure: failureOf(told, context.ground, { file }) };
}

function diagnosis(result: Result) {
  const details = (result.diag ?? {}) as Readonly<Record<string, unknown>>;
  const word = (name: string) => (typeof details[name] === "string" ? details[name] : undefined);
  const message =
    word("message") ?? word("error") ?? (result.diag ? JSON.stringify(result.diag) : `not ok: ${result.name}`);
  const assertion =
    word("name") === "AssertionError" || word("operator") !== undefined || word("code") === "ERR_ASSERTION";
  return { name: word("name"), message, stack: word("stack") ?? word("at"), code: word("code"), assertion };
}
