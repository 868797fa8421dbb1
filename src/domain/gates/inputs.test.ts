import { expect, it } from "vitest";
import { driveGate, looking, notes, rules } from "../../../test/kit/drive-gate.ts";
import { report, state, work } from "../../../test/kit/gate-states.ts";
import { NO_LITERALS } from "../literal-use.ts";
import type { VisibleCall } from "../visible-call.ts";
import { inputs } from "./inputs.ts";

const file = "test/millwright-checks.test.ts";
const call = (text: string, from = "../src/discount.ts"): VisibleCall => ({
  observed: "discount()",
  from,
  line: 3,
  setup: [],
  call: text,
  variants: [1, 2].map((at) => ({ setup: [], call: `${text}+${at}`, what: "8 became 9" })),
});

/** `got`: what check after check answers; undefined: no runner is known. */
function look(calls: readonly VisibleCall[], got: readonly string[] | undefined, said = {}) {
  const failed = (value: string, at: number) => ({
    id: `${file} > ${at}`,
    file,
    name: `millwright check ${at + 1}`,
    outcome: "failed" as const,
    failure: { kind: "error" as const, message: `Error: millwright[differs] ${value}` },
  });
  return looking({
    literals: () => ({ ...NO_LITERALS, calls: [...calls] }),
    checks: () => (got ? { tree: "checks", file } : null),
    suite: () => report((got ?? []).map(failed), said),
  });
}

const both = [call("discount(8)"), call("discount(2)")];

it("tells what answers the same for every changed input, and refuses nothing", () => {
  const driven = driveGate(inputs, state(), look(both, ["4", "0", "0", "1", "0", "0"]));
  expect(rules(driven)).toEqual([]);
  expect(notes(driven)).toContain("4 changed inputs of the task's own tests were tried.");
  expect(notes(driven)).toContain(
    "discount() (test/discount.test.ts:3): 4 changed inputs, and for each the answer is 0",
  );
  expect(driven.needs.map(({ see }) => see)).toEqual(["literals", "checks", "suite"]);
  expect(driven.needs.at(-1)).toMatchObject({ seconds: 60 });
});

it("has nothing to say of code that works its answers out", () => {
  const driven = driveGate(inputs, state(), look(both, ["4", "5", "8", "1", "2", "2"]));
  expect(notes(driven)).toBe("4 changed inputs of the task's own tests were tried.");
});

it("tries what the task has written, wherever a test imports it from", () => {
  const run = (path: string, from: string, test = "test/discount.test.ts") => {
    const { profile } = state();
    const suites = profile.suites.map((suite) => ({ ...suite, tests: [...suite.tests, "**/test_*.py"] }));
    const given = state({ profile: { ...profile, suites }, work: work({ tests: [test], code: [path] }) });
    return driveGate(inputs, given, look([call("discount(8)", from)], ["4", "5", "6"])).needs.length;
  };
  expect(run("src/discount.ts", "../src/discount")).toBe(3);
  expect(run("src/discount.ts", "../src/discount.js")).toBe(3);
  expect(run("src/discount/index.ts", "../src/discount")).toBe(3);
  expect(run("src/app/prices.py", "app.prices", "test/test_prices.py")).toBe(3);
  expect(run("src/discount.ts", "../src/index.ts")).toBe(3);
  expect(run("src/discount.ts", "..")).toBe(3);
  expect(run("index.js", "..")).toBe(3);
  expect(run("src/app/prices.py", "app", "test/test_prices.py")).toBe(3);
  expect(run("src/app/prices.py", "os", "test/test_prices.py")).toBe(1);
  expect(run("src/discount.ts", "../src/other.ts")).toBe(1);
  expect(run("src/discount.ts", "../src/disc")).toBe(1);
  expect(run("src/discount.ts", "discount")).toBe(1);
});

it("looks at nothing before there is code, and says when not all were tried", () => {
  expect(driveGate(inputs, state({ work: work({ code: [] }) }), look(both, [])).needs).toEqual([]);
  expect(notes(driveGate(inputs, state(), look(both, undefined)))).toBe("");
  const slow = look(both, [], { ended: "timeout", exitCode: null, complete: false });
  expect(notes(driveGate(inputs, state(), slow))).toContain("the run did not end within its time limit");
});
