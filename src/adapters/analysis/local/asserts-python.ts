import type { WrittenAssertions } from "../../../domain/assertions.ts";
import type { PythonNode } from "./python.ts";

/** Built in, and checks nothing. */
const PLAIN =
  /^(?:bool|bytes|dict|float|frozenset|getattr|int|isinstance|len|list|next|object|print|range|repr|set|sorted|str|sum|tuple|type|zip|Exception|ValueError|TypeError|KeyError)$/;
const ASSERTS =
  /^(?:self\.(?:assert|fail)\w*|pytest\.(?:raises|warns|fail|approx|deprecated_call)|[\w.]+\.assert_\w+|assert_\w+)$/;
const ANY_ERROR = /^(?:pytest\.raises|self\.assertRaises)\(\s*(?:Exception|BaseException)\s*\)$/;

/** What a test function asserts. */
export function assertsOf(definition: PythonNode): WrittenAssertions {
  const body = definition.field("body");
  const calls = body?.findAll({ rule: { kind: "call" } }) ?? [];
  const asserts = calls.filter((call) => ASSERTS.test(functionOf(call)) && functionOf(call) !== "pytest.approx");
  const anyError = asserts.filter((call) => ANY_ERROR.test(call.text()) && !isNamed(call)).length;
  const statements = body?.findAll({ rule: { kind: "assert_statement" } }).length ?? 0;
  const made = new Set(assigned(body));
  const called = calls.filter((call) => !ASSERTS.test(functionOf(call))).map((call) => rootOf(functionOf(call)));
  return {
    values: statements + asserts.length - anyError,
    anyError,
    floating: 0,
    calls: [...new Set(called)].filter((name) => !made.has(name) && !PLAIN.test(name)),
  };
}

function functionOf(call: PythonNode): string {
  return call.field("function")?.text() ?? "?";
}

/** `with pytest.raises(Exception) as caught`: what was caught may be looked at. */
function isNamed(call: PythonNode): boolean {
  return call.ancestors().some((above) => above.kind() === "as_pattern");
}

function assigned(body: PythonNode | null | undefined): readonly string[] {
  const assignments = body?.findAll({ rule: { kind: "assignment" } }) ?? [];
  return assignments.flatMap((one) => (one.field("left")?.text() ?? "").split(/\s*,\s*/));
}

/** `a.b(1).c` -> a; what begins with no name is unknown. */
function rootOf(called: string): string {
  return /^[A-Za-z_]\w*/.exec(called)?.[0] ?? "?";
}
