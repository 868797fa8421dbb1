import { describe, expect, it } from "vitest";
import { answerers, driveGate, notes, rules } from "../../../test/kit/drive-gate.ts";
import { exits, oneMaker, report, seenTest, state, work } from "../../../test/kit/gate-states.ts";
import { canaryFailed, type SuiteStory, suites } from "../../../test/kit/suite-looks.ts";
import { green } from "./green.ts";

const judged = (story: SuiteStory, said: Parameters<typeof state>[0] = {}) =>
  driveGate(green, state(said), suites(story));

const AC1 = "test/discount.test.ts > AC1 is right";
const old = "test/old.test.ts > stands";
const honest = { base: [`${old}: passed`], red: [`${AC1}: failed`], work: [`${old}: passed`, `${AC1}: passed`] };
const whole = [`${old}: passed`, `${AC1}: passed`, canaryFailed];

describe("green passes", () => {
  it("the honest twin, without a remark", () => {
    const verdict = judged(honest);
    expect(rules(verdict)).toEqual([]);
    expect(notes(verdict)).toBe("");
  });

  it("what fails on the base and still does, and says so", () => {
    const known = "test/old.test.ts > broken: failed";
    const verdict = judged({ ...honest, base: [`${old}: passed`, known], work: [...honest.work, known] });
    expect(rules(verdict)).toEqual([]);
    expect(notes(verdict)).toContain("1 test(s) fail on the base and still do");
  });

  it("errors that the base has too, whatever numbers are in them", () => {
    const base = report([`${old}: passed`], { errors: [{ kind: "error", message: "port 4711" }] });
    const now = report(honest.work, { errors: [{ kind: "error", message: "port 4712" }] });
    expect(rules(judged({ ...honest, base, work: now }))).toEqual([]);
  });

  it("a new project, whose base has no test", () => {
    const nothing = report([], {
      complete: false,
      exitCode: 1,
      errors: [{ kind: "error", message: "No tests were found." }],
    });
    expect(rules(judged({ ...honest, base: nothing, work: [`${AC1}: passed`] }))).toEqual([]);
  });

  it("without a canary where none can be planted, and says so", () => {
    const verdict = judged({ ...honest, noCanary: true });
    expect(rules(verdict)).toEqual([]);
    expect(notes(verdict)).toContain("No canary");
  });

  it("without a canary where it cannot be seen on the base either", () => {
    const story = { ...honest, canary: honest.work, baseCanary: [] };
    expect(rules(judged(story))).toEqual([]);
    expect(notes(judged(story))).toContain("No canary");
  });

  it("tests whose parameters came from a stub", () => {
    const story = {
      ...honest,
      red: [`${AC1}[stub]: failed`],
      work: [`${old}: passed`, `${AC1}[EUR]: passed`, `${AC1}[USD]: passed`],
    };
    expect(rules(judged(story))).toEqual([]);
  });

  it("documents without running anything, and code in a docs task only with the suite", () => {
    const one = (path: string) => [{ path, status: "modified", blob: "b", before: "a", mode: "100644" }] as const;
    const docs = { task: { kind: "docs" }, work: work({ tests: [] }) };
    const verdict = judged({ changes: one("docs/guide.md") }, docs);
    expect(rules(verdict)).toEqual([]);
    expect(verdict.needs.map((need) => need.see)).toEqual(["changes"]);
    const story = { changes: one("src/a.ts"), base: [`${old}: passed`], work: [`${old}: failed`] };
    expect(rules(judged(story, docs))).toEqual(["green/regression"]);
  });

  it("by exit code, degraded", () => {
    const command = { base: exits(0), red: exits(1), noCanary: true } as const;
    expect(notes(judged({ ...command, work: exits(0) }))).toContain("Only exit codes");
    expect(rules(judged({ ...command, work: exits(1) }))).toEqual(["green/fails"]);
    expect(answerers(judged({ ...command, base: exits(1), work: exits(1) }))).toEqual(["person"]);
  });
});

describe("green refuses the classic cheats", () => {
  it.each([
    ["exit 0 at import", "green/cut-short", { canary: report([], { complete: false, exitCode: 0 }) }],
    ["all tests skipped", "green/missing-tests", { work: [`${old}: skipped`, `${AC1}: skipped`] }],
    ["a deleted test file", "green/missing-tests", { work: [`${AC1}: passed`] }],
    [
      "an emptied test file, or ids that a forged report does not know",
      "green/missing-tests",
      { work: [`${old}: passed`] },
    ],
    [".only", "green/missing-tests", { work: [`${old}: skipped`, `${AC1}: passed`] }],
    ["a filter in the config", "green/canary", { canary: honest.work }],
    [
      "a hook that turns failures into passes",
      "green/canary",
      { canary: [...honest.work, canaryFailed.replace(": failed", ": passed")] },
    ],
    ["a patched assertion", "green/canary", { canary: [...honest.work, canaryFailed.replace(": failed", ": passed")] }],
    ["a forged exit code", "green/canary", { canary: report(whole, { exitCode: 0 }) }],
    [
      "a forged exit code without a canary",
      "green/exit-code",
      {
        noCanary: true,
        base: ["a.test.ts > known: failed"],
        work: report([`${AC1}: passed`, "a.test.ts > known: failed"], { exitCode: 0 }),
      },
    ],
  ] as const)("%s", (_name, rule, story) => {
    const verdict = judged({ ...honest, ...(story as SuiteStory) });
    expect(rules(verdict)).toContain(rule);
    expect(answerers(verdict)).toEqual(["developer"]);
  });

  it("new tests that are all skipped where nothing is proven red", () => {
    const story = { base: honest.base, work: [`${old}: passed`, `${AC1}: skipped`] };
    expect(rules(judged(story, { workflow: oneMaker }))).toEqual(["green/skipped"]);
  });

  it("code that makes every test vanish, which is not the tester's to answer", () => {
    const gone = report([], { errors: [{ kind: "error", message: 'process.exit unexpectedly called with "0"' }] });
    const verdict = judged({ ...honest, work: gone, noCanary: true });
    expect(rules(verdict)).toContain("green/no-tests");
    expect(answerers(verdict)).toEqual(["developer"]);
  });

  it("a feature without any test in the whole suite", () => {
    const none = report([], { errors: [{ kind: "error", message: "No tests were found." }] });
    const said = { workflow: oneMaker, work: work({ tests: [] }) };
    expect(rules(judged({ base: none, work: none, noCanary: true }, said))).toEqual(["green/no-tests"]);
    expect(rules(judged({ base: none, work: none, noCanary: true }, { ...said, task: { kind: "config" } }))).toEqual(
      [],
    );
  });
});

describe("green refuses", () => {
  it("to look before there is code, and shows what red saw fail", () => {
    const verdict = judged(honest, { work: work({ code: [] }) });
    expect(rules(verdict)).toEqual(["green/nothing-yet", "green/not-yet"]);
    expect(answerers(verdict)).toEqual(["developer"]);
  });

  it("a failing new test: the developer answers, or the tester in a task that is only tests", () => {
    const failing = { ...honest, work: [`${old}: passed`, `${AC1}: failed`] };
    expect([rules(judged(failing)), answerers(judged(failing))]).toEqual([["green/fails"], ["developer"]]);
    const test = { task: { kind: "test" }, work: work({ code: [] }) };
    expect(
      answerers(
        driveGate(
          green,
          state({ ...test, work: { ...test.work, trees: { red: "work", work: "work" } } }),
          suites(failing),
        ),
      ),
    ).toEqual(["tester"]);
  });

  it("new errors outside tests; a test file's syntax is the tester's", () => {
    const withError = (error: object) => judged({ ...honest, work: report(honest.work, { errors: [error] }) });
    expect(answerers(withError({ kind: "error", message: "unhandled" }))).toEqual(["developer"]);
    const syntax = { kind: "syntax", message: "no", file: "test/discount.test.ts" };
    expect(answerers(withError(syntax))).toEqual(["tester"]);
  });

  it("an exit code that no test explains", () => {
    const story = { ...honest, noCanary: true, work: report(honest.work, { exitCode: 3 }) } as const;
    expect(rules(judged(story))).toEqual(["green/exit-code"]);
  });

  it("the second run's exit code, where the reporter cannot tell the canary", () => {
    const canary = report(whole, { canary: false });
    expect(rules(judged({ ...honest, canary }))).toEqual([]);
    expect(rules(judged({ ...honest, canary, work: report(honest.work, { exitCode: 1 }) }))).toEqual([
      "green/exit-code",
    ]);
  });

  it("a suite that cannot be judged: a person answers when the base cannot be either", () => {
    const endless = report([`${old}: passed`], { ended: "timeout", exitCode: null, complete: false });
    expect(rules(judged({ ...honest, canary: endless, workAgain: endless }))).toEqual(["green/cut-short"]);
    expect(answerers(judged({ ...honest, base: endless, canary: endless, workAgain: endless }))).toEqual(["person"]);
  });

  it("no suite that ends within twice the time", () => {
    const slow = report([`${old}: passed`], { ended: "timeout", exitCode: null, complete: false });
    expect(rules(judged({ ...honest, canary: slow, workAgain: honest.work }))).toEqual([]);
  });

  it("a criterion without a passing test where red saw no ids", () => {
    const weak = report([], {
      errors: [{ file: "test/discount.test.ts", kind: "missing-module", message: "", missing: "src/x" }],
    });
    expect(rules(judged({ ...honest, red: weak }))).toEqual([]);
    expect(rules(judged({ ...honest, red: weak, work: [`${old}: passed`] }))).toEqual(["green/no-test-for-criterion"]);
  });
});

describe("a suspected regression", () => {
  const broken = { ...honest, work: [`${old}: failed`, `${AC1}: passed`] };

  it("stands when it fails alone, without a second full run", () => {
    const verdict = judged(broken);
    expect(rules(verdict)).toEqual(["green/regression"]);
    expect(verdict.needs.filter((need) => need.see === "suite" && need.tree === "work")).toHaveLength(1);
  });

  it("is cleared only by passing alone and in a second full run", () => {
    const cleared = judged({ ...broken, alone: [`${old}: passed`], workAgain: honest.work });
    expect(rules(cleared)).toEqual([]);
    expect(notes(cleared)).toContain("Cleared");
    expect(rules(judged({ ...broken, alone: [`${old}: passed`], workAgain: broken.work }))).toEqual([
      "green/regression",
    ]);
    expect(rules(judged({ ...broken, alone: [`${old}: failed`], workAgain: honest.work }))).toEqual([
      "green/regression",
    ]);
  });

  it("is quarantined only when it changes its mind on the base", () => {
    const flicker = judged({ ...broken, baseAgain: [`${old}: failed`] });
    expect(rules(flicker)).toEqual([]);
    expect(notes(flicker)).toContain("Quarantined");
  });

  it("is no excuse for a new test that times out", () => {
    const slow = report([`${old}: passed`, seenTest(`${AC1}: failed`, { kind: "timeout" })]);
    expect(rules(judged({ ...honest, work: slow, baseAgain: honest.base }))).toEqual(["green/fails"]);
    expect(rules(judged({ ...honest, work: slow, alone: [`${AC1}: passed`], workAgain: honest.work }))).toEqual([]);
  });

  it("is judged for itself when there are several", () => {
    const too = "test/old.test.ts > too";
    const base = [`${old}: passed`, `${too}: passed`];
    const failing = [`${old}: failed`, `${too}: failed`, `${AC1}: passed`];
    const alone = [`${old}: passed`, `${too}: failed`];
    const verdict = judged({ base, red: honest.red, work: failing, alone, workAgain: [...base, `${AC1}: passed`] });
    expect(verdict.verdict).toMatchObject({
      findings: [{ rule: "green/regression", message: expect.stringContaining('"too"') }],
    });
    // A new test is not on the base: that it is missing in a second run there is no change of mind.
    const slow = report([`${old}: failed`, seenTest(`${AC1}: failed`, { kind: "timeout" })]);
    expect(rules(judged({ ...honest, work: slow, baseAgain: [`${old}: failed`] }))).toEqual(["green/fails"]);
  });

  it("may be a test whose name changes on the base too", () => {
    const base = [`${old}: passed`, "test/old.test.ts > at 12:00: passed"];
    const other = [`${old}: passed`, "test/old.test.ts > at 12:01: passed"];
    expect(rules(judged({ ...honest, base, baseAgain: other }))).toEqual([]);
    expect(rules(judged({ ...honest, base, baseAgain: base }))).toEqual(["green/missing-tests"]);
  });

  it("is not looked into when there are more than twenty", () => {
    const many = Array.from({ length: 21 }, (_one, index) => `test/old.test.ts > n${index}`);
    const verdict = judged({
      ...honest,
      base: many.map((id) => `${id}: passed`),
      work: [...many.map((id) => `${id}: failed`), `${AC1}: passed`],
    });
    expect(verdict.verdict.kind === "refuse" && verdict.verdict.findings).toHaveLength(21);
    expect(verdict.needs.some((need) => need.see === "suite" && need.selection.kind === "ids")).toBe(false);
  });
});
