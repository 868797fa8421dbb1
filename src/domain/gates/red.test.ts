import { describe, expect, it } from "vitest";
import { answerers, driveGate, notes, rules } from "../../../test/kit/drive-gate.ts";
import { exits, report, seenTest, state, work } from "../../../test/kit/gate-states.ts";
import { type SuiteStory, suites } from "../../../test/kit/suite-looks.ts";
import type { WrittenCases } from "../diagnostic.ts";
import { red } from "./red.ts";

const creates = ["src/discount.ts#applyDiscount"];
const half = work({ code: [] });
const judged = (story: SuiteStory, said: Parameters<typeof state>[0] = {}) =>
  driveGate(red, state({ work: half, ...said }), suites(story));

const AC1 = "test/discount.test.ts > AC1 is right";
const old = "test/old.test.ts > stands: passed";
const stubThrew = { kind: "error", message: "applyDiscount is not written yet (millwright stub)" } as const;

describe("red passes", () => {
  it("when a new test of each criterion fails by an assertion, twice", () => {
    expect(rules(judged({ base: [old], red: [`${AC1}: failed`] }))).toEqual([]);
  });

  it("over stubs, when the test fails over at least one of them", () => {
    const said = { task: { creates } };
    const threw = report([seenTest(`${AC1}: failed`, stubThrew)]);
    expect(rules(judged({ red: threw, sentinel: [`${AC1}: failed`] }, said))).toEqual([]);
    // `toThrow()` passes over the stub that throws.
    expect(rules(judged({ red: [`${AC1}: passed`], sentinel: [`${AC1}: failed`] }, said))).toEqual([]);
    // `toBeDefined()` passes over the other.
    expect(rules(judged({ red: threw, sentinel: [`${AC1}: passed`] }, said))).toEqual([]);
  });

  it.each([
    ["a hook that calls the stub", { kind: "hook", message: stubThrew.message }],
    [
      "a static call on a stub",
      { kind: "missing-name", missing: "parse", message: "x.applyDiscount.parse is not a function" },
    ],
    ["a member of a Python stub", { kind: "hook", message: "'function' object has no attribute 'metadata'" }],
  ] as const)("when the reason is %s", (_name, failure) => {
    expect(rules(judged({ red: report([seenTest(`${AC1}: failed`, failure)]) }, { task: { creates } }))).toEqual([]);
  });

  it("when a name is missing that the task promises", () => {
    const failure = { kind: "missing-name", missing: "applyDiscount", message: "" } as const;
    expect(rules(judged({ red: report([seenTest(`${AC1}: failed`, failure)]) }))).toEqual([]);
  });

  it("when code that is there misses a name of its own: that is the fault, and a reproduction of it", () => {
    const failure = { kind: "missing-name", missing: "push", message: "x.push is not a function" } as const;
    const seen = (thrownIn: string) => ({ red: report([seenTest(`${AC1}: failed`, { ...failure, thrownIn })]) });
    const bug = { kind: "bug" } as const;
    expect(rules(judged(seen("src/merge.ts"), { task: bug }))).toEqual([]);
    // That the reported message stands in the task's text makes no promise of it.
    const told = { ...bug, purpose: "It throws `push is not a function`.", creates: ["src/discount.ts#applyDiscount"] };
    expect(rules(judged(seen("src/merge.ts"), { task: told }))).toEqual([]);
    for (const path of ["test/discount.test.ts", "test/builders.ts", "src/test/builders.ts", "vitest.config.ts"])
      expect([path, rules(judged(seen(path), { task: { ...bug, tests: ["**/*.test.ts"] } }))]).toEqual([
        path,
        ["red/missing-name"],
      ]);
  });

  it("with guards, and says how many", () => {
    const verdict = judged({ red: [`${AC1}: failed`, "test/discount.test.ts > zero stays zero: passed"] });
    expect(rules(verdict)).toEqual([]);
    expect(notes(verdict)).toContain("1 of 2 new tests pass without the code");
    const stubbed = judged(
      { red: [`${AC1}: failed`, "test/discount.test.ts > zero stays zero: passed"] },
      { task: { creates } },
    );
    expect(rules(stubbed)).toEqual([]);
  });

  it("for tests added to an existing file, whatever the base fails at", () => {
    const before = ["test/discount.test.ts > old: passed", "test/discount.test.ts > broken: failed"];
    expect(rules(judged({ base: before, red: [...before, `${AC1}: failed`] }))).toEqual([]);
  });

  it("whatever existing tests flicker in the same file", () => {
    const flicker = "test/discount.test.ts > flickers";
    const verdict = judged({
      base: [`${flicker}: passed`],
      red: [`${flicker}: failed`, `${AC1}: failed`],
      redAgain: [`${flicker}: passed`, `${AC1}: failed`],
    });
    expect(rules(verdict)).toEqual([]);
  });

  it("where the base's exit code never told of failures", () => {
    const untold = report(["test/old.test.ts > known: failed"], { exitCode: 0 });
    expect(rules(judged({ base: untold, red: report([`${AC1}: failed`], { exitCode: 0 }) }))).toEqual([]);
  });

  it("in a project without any test so far", () => {
    const nothing = report([], {
      complete: false,
      exitCode: 1,
      errors: [{ kind: "error", message: "No tests were found." }],
    });
    expect(rules(judged({ base: nothing, red: [`${AC1}: failed`] }))).toEqual([]);
  });
});

describe("red where a file cannot be collected before the code exists", () => {
  const missing = (module: string) =>
    report([], { errors: [{ file: "test/discount.test.ts", kind: "missing-module", message: "no", missing: module }] });
  const title = (name: string) => ({ title: name, digest: "d", line: 1 });

  it.each(["src/discount.js", "src/discount", "src/discount/index.js", "@/discount", "discount"])(
    "passes, weaker, when the task promises %s",
    (module) => {
      const said = { task: { files: ["src/discount.ts", "src/discount/index.ts"] } };
      const verdict = judged({ red: missing(module), written: { cases: [title("AC1 is right")] } }, said);
      expect(rules(verdict)).toEqual([]);
      expect(notes(verdict)).toContain("Red was weaker");
    },
  );

  it("knows names with hyphens and Python packages", () => {
    const written = { cases: [title("AC1 is right")] };
    expect(
      rules(judged({ red: missing("src/tax-rates.js"), written }, { task: { files: ["src/tax-rates.ts"] } })),
    ).toEqual([]);
    expect(
      rules(judged({ red: missing("app.tax_rates"), written }, { task: { files: ["app/tax_rates.py"] } })),
    ).toEqual([]);
    expect(rules(judged({ red: missing("app"), written }, { task: { files: ["src/app/models.py"] } }))).toEqual([]);
  });

  it("refuses a module that nobody promised", () => {
    const said = { task: { files: ["src/discount.ts"] } };
    expect(rules(judged({ red: missing("left-pad") }, said))).toEqual(["red/missing-module"]);
  });

  it("still wants each criterion in a written test's name, and an assertion", () => {
    const said = { task: { files: ["src/discount.ts"] } };
    const without = judged({ red: missing("src/discount.js"), written: { cases: [title("is right")] } }, said);
    expect(rules(without)).toEqual(["red/no-test-for-criterion"]);
    const empty = { cases: [title("AC1")], assertions: 0 };
    expect(rules(judged({ red: missing("src/discount.js"), written: empty }, said))).toEqual(["red/vacuous"]);
  });

  it("takes the ids from the other stub when one stub breaks the file", () => {
    const broken = report([], { errors: [{ file: "test/discount.test.ts", ...stubThrew }] });
    expect(rules(judged({ red: broken, sentinel: [`${AC1}: failed`] }, { task: { creates } }))).toEqual([]);
    expect(rules(judged({ red: broken, sentinel: [`${AC1}: passed`] }, { task: { creates } }))).toEqual([
      "red/passes-on-base",
    ]);
  });

  it("looks at the file when pytest ends early because of it", () => {
    const early = { ...missing("nothing_promised"), complete: false };
    expect(rules(judged({ red: early }, { task: { files: ["src/a.py"] } }))).toEqual(["red/missing-module"]);
  });
});

describe("red refuses", () => {
  it("nothing yet, by name of the criteria", () => {
    const verdict = driveGate(red, state({ work: work({ tests: [], code: [] }) }), suites({}));
    expect(rules(verdict)).toEqual(["red/no-tests-yet"]);
    expect(verdict.needs).toEqual([]);
  });

  it.each([
    ["red/passes-on-base", { red: [`${AC1}: passed`] }],
    ["red/no-test-for-criterion", { red: ["test/discount.test.ts > is right: failed"] }],
    ["red/no-tests", { red: [] }],
    ["red/no-tests", { red: report([], { errors: [{ kind: "error", message: "No tests were found." }] }) }],
    ["red/changes-its-mind", { red: [`${AC1}: failed`], redAgain: [`${AC1}: passed`] }],
    ["red/changes-its-mind", { red: [`${AC1} 123: failed`], redAgain: [`${AC1} 456: failed`] }],
    ["red/skipped", { red: [`${AC1}: failed`, "test/discount.test.ts > later: skipped"] }],
    ["red/cut-short", { red: report([], { ended: "timeout", exitCode: null }) }],
    ["red/cut-short", { red: report([`${AC1}: failed`], { complete: false, exitCode: 0 }) }],
    ["red/hides-failures", { red: report([`${AC1}: failed`], { exitCode: 0 }) }],
    [
      "red/breaks-existing",
      { base: ["test/discount.test.ts > old: passed"], red: ["test/discount.test.ts > old: failed", `${AC1}: failed`] },
    ],
    ["red/breaks-existing", { base: ["test/discount.test.ts > old: passed"], red: [`${AC1}: failed`] }],
  ] as const)("%s", (rule, story) => {
    const verdict = judged(story);
    expect(rules(verdict)).toEqual([rule]);
    expect(answerers(verdict)).toEqual(["tester"]);
  });

  it.each(["syntax", "fixture", "timeout", "hook", "missing-name", "missing-module"] as const)(
    "a new test that fails by %s",
    (kind) => {
      const failure = { kind, message: "no", missing: "zzz" };
      const files = { task: { files: ["src/discount.ts"] } };
      expect(rules(judged({ red: report([seenTest(`${AC1}: failed`, failure)]) }, files))).toEqual([`red/${kind}`]);
    },
  );

  it("a vacuous test of a criterion beside a real one", () => {
    const vacuous = "test/discount.test.ts > AC1 exists: passed";
    expect(rules(judged({ red: [`${AC1}: failed`, vacuous] }, { task: { creates } }))).toEqual(["red/vacuous"]);
  });

  it("a test without an assertion that code makes fail by a name of its own, unless it may assert elsewhere", () => {
    const failure = { kind: "missing-name", missing: "push", message: "x", thrownIn: "src/merge.ts" } as const;
    const asserts = { values: 0, anyError: 0, floating: 0, calls: ["merge"] };
    const cases = [{ title: "AC1 is right", digest: "d", line: 3, asserts }];
    const verdict = (written: Partial<WrittenCases>, text = "10 percent off 100.00 is 90.00") =>
      judged(
        { red: report([seenTest(`${AC1}: failed`, failure)]), written: { cases, assertions: 0, ...written } },
        { task: { kind: "bug", accept: [{ id: "AC1", text }] } },
      );
    expect(rules(verdict({ imports: ["../src/merge.js", "vitest"] }))).toEqual(["red/no-assertion"]);
    expect(rules(verdict({ imports: ["src.merge"] }))).toEqual(["red/no-assertion"]);
    expect(rules(verdict({ imports: ["../src/merge.js"], assertions: 1 }))).toEqual([]);
    for (const helper of ["./checks.js", "../test/checks.js", "tests.checks"])
      expect([helper, rules(verdict({ imports: [helper] }))]).toEqual([helper, []]);
    expect(rules(verdict({ imports: [] }, "merging twice throws no error"))).toEqual([]);
  });

  it("a file that does not parse, even when the base's did not", () => {
    const broken = report([], { errors: [{ file: "test/discount.test.ts", kind: "syntax", message: "no" }] });
    expect(rules(judged({ base: broken, red: broken }))).toEqual(["red/syntax"]);
  });

  it("no other file that cannot be collected on the base either", () => {
    const error = { file: "test/old.test.ts", kind: "error", message: "port 4711 is taken" };
    const base = report([old], { errors: [error] });
    const first = report([`${AC1}: failed`], { errors: [{ ...error, message: "port 4712 is taken" }] });
    expect(rules(judged({ base, red: first }))).toEqual([]);
  });
});

describe("red by exit code", () => {
  it("passes, degraded, when the command fails with the tests and not without", () => {
    const verdict = judged({ base: exits(0), red: exits(1) });
    expect(notes(verdict)).toContain("Only exit codes");
  });

  it("refuses a run that was cut, a pass, a change of mind; and asks a person about a failing base", () => {
    expect(rules(judged({ base: exits(0), red: exits(null, { ended: "timeout" }) }))).toEqual(["red/cut-short"]);
    expect(rules(judged({ base: exits(0), red: exits(0) }))).toEqual(["red/passes-on-base"]);
    expect(rules(judged({ base: exits(0), red: exits(1), redAgain: exits(0) }))).toEqual(["red/changes-its-mind"]);
    expect(answerers(judged({ base: exits(2), red: exits(2) }))).toEqual(["person"]);
  });
});
