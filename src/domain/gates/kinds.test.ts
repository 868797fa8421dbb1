import { describe, expect, it } from "vitest";
import { answerers, driveGate, looking, notes, rules } from "../../../test/kit/drive-gate.ts";
import { exits, report, state, work } from "../../../test/kit/gate-states.ts";
import { type SuiteStory, suites } from "../../../test/kit/suite-looks.ts";
import type { Sights } from "../need.ts";
import { check } from "./check.ts";
import { command } from "./command.ts";
import { current } from "./current.ts";
import { kills } from "./kills.ts";
import { checklist, review } from "./review.ts";
import { unchanged } from "./unchanged.ts";

const old = "test/old.test.ts > stands";

describe("kills", () => {
  const AC1 = "test/discount.test.ts > AC1 pins it";
  const said = { task: { kind: "test", lines: ["src/a.ts:1-9"] }, work: work({ code: [] }) } as const;
  const pinned = { ...said, work: { ...said.work, trees: { red: "work", work: "work" } } };
  interface Story {
    readonly base?: readonly string[];
    readonly healthy: ReturnType<typeof report> | readonly string[];
    readonly again?: readonly string[];
    readonly mutants?: readonly (readonly string[])[];
  }
  const seenOn = (tree: string, isAgain: boolean, story: Story) => {
    if (tree === "base") return story.base ?? [`${old}: passed`];
    const mutant = /^mutant (\d)$/.exec(tree)?.[1];
    if (mutant !== undefined) return story.mutants?.[Number(mutant)] ?? [];
    return isAgain ? (story.again ?? story.healthy) : story.healthy;
  };
  const judged = (story: Story, more: object = {}) =>
    driveGate(
      kills,
      state({ ...pinned, ...more }),
      looking({
        suite: ({ tree, repetition }) => {
          const seen = seenOn(tree, repetition > 1, story);
          return "grade" in seen ? seen : report(seen);
        },
        mutants: ({ limit }) =>
          (story.mutants ?? []).slice(0, limit).map((_one, index) => ({ tree: `mutant ${index}`, what: "+ -> -" })),
      }),
    );

  it("passes when a new test passes and fails on one mutant; the mutants after it are not run", () => {
    const verdict = judged({
      healthy: [`${AC1}: passed`],
      mutants: [[`${AC1}: passed`], [`${AC1}: failed`], [`${AC1}: passed`]],
    });
    expect(rules(verdict)).toEqual([]);
    expect(verdict.needs.filter((need) => need.see === "suite" && need.tree.startsWith("mutant"))).toHaveLength(2);
  });

  it.each([
    ["kills/survivors", { healthy: [`${AC1}: passed`], mutants: [[`${AC1}: passed`]] }],
    // An old test of the same file notices the mutant; the new one is vacuous.
    [
      "kills/survivors",
      {
        base: ["test/discount.test.ts > old: passed"],
        healthy: [`${AC1}: passed`, "test/discount.test.ts > old: passed"],
        mutants: [[`${AC1}: passed`, "test/discount.test.ts > old: failed"]],
      },
    ],
    // A mutant that cannot even be loaded is noticed by any test.
    ["kills/survivors", { healthy: [`${AC1}: passed`], mutants: [[]] }],
    [
      "kills/no-test-for-criterion",
      { healthy: ["test/discount.test.ts > pins: passed"], mutants: [["test/discount.test.ts > pins: failed"]] },
    ],
    [
      "kills/changes-its-mind",
      { healthy: [`${AC1}: passed`], again: [`${AC1}: failed`], mutants: [[`${AC1}: failed`]] },
    ],
    [
      "kills/skipped",
      { healthy: [`${AC1}: passed`, "test/discount.test.ts > x: skipped"], mutants: [[`${AC1}: failed`]] },
    ],
    ["kills/cut-short", { healthy: report([], { ended: "timeout", exitCode: null }), mutants: [[]] }],
  ] as const)("refuses: %s", (rule, story) => {
    const verdict = judged(story as Story);
    expect(rules(verdict)).toEqual([rule]);
    expect(answerers(verdict)).toEqual(["tester"]);
  });

  it("asks the architect where no lines or no mutants are to be had", () => {
    expect(answerers(judged({ healthy: [`${AC1}: passed`], mutants: [] }))).toEqual(["architect"]);
    expect(answerers(judged({ healthy: [`${AC1}: passed`] }, { task: { kind: "test" } }))).toEqual(["architect"]);
  });

  it("tries no more mutants than the limit", () => {
    const verdict = judged({
      healthy: [`${AC1}: passed`],
      mutants: Array.from({ length: 30 }, () => [`${AC1}: passed`]),
    });
    expect(verdict.needs.filter((need) => need.see === "suite" && need.tree.startsWith("mutant"))).toHaveLength(8);
  });
});

describe("unchanged", () => {
  const judged = (story: SuiteStory, task: object = {}) =>
    driveGate(unchanged, state({ task: { kind: "refactor", ...task } }), suites(story));

  it("passes when every test says what it said", () => {
    expect(rules(judged({ base: [`${old}: passed`], work: [`${old}: passed`] }))).toEqual([]);
    expect(notes(judged({ base: exits(0), work: exits(0), noCanary: true }))).toContain("Only exit codes");
  });

  it("passes a test that flickers and was cleared", () => {
    const story = { base: [`${old}: passed`], work: [`${old}: failed`], alone: [`${old}: passed`] };
    expect(rules(judged({ ...story, workAgain: [`${old}: passed`] }))).toEqual([]);
  });

  it("follows declared moves, and misses what got lost on the way", () => {
    const moves = { moves: [{ from: "test/old.test.ts", to: "test/new.test.ts" }] };
    const base = [`${old}: passed`, "test/old.test.ts > too: passed"];
    const moved = base.map((line) => line.replace("old.test", "new.test"));
    expect(rules(judged({ base, work: moved }, moves))).toEqual([]);
    expect(rules(judged({ base, work: moved.slice(1) }, moves))).toEqual(["green/missing-tests"]);
  });

  it("refuses a regression, a new test, and a suite that is empty", () => {
    expect(rules(judged({ base: [`${old}: passed`], work: [`${old}: failed`] }))).toEqual(["green/regression"]);
    const added = { base: [`${old}: passed`], work: [`${old}: passed`, "test/old.test.ts > other: passed"] };
    expect(rules(judged(added))).toEqual(["unchanged/differs"]);
    expect(answerers(judged({ base: [], work: [], noCanary: true }))).toEqual(["architect"]);
  });
});

type Result = Sights["command"];
const ended = (exitCode: number | null, how = "exited"): Result => ({ exitCode, ended: how, output: "said" });

describe("check", () => {
  const judged = (before: Result, after: Result, task: object = { check: "grep" }) =>
    driveGate(
      check,
      state({ task: { kind: "docs", ...task } }),
      looking({ command: ({ tree }) => (tree === "base" ? before : after) }),
    );

  it("passes when the check fails before and passes after", () => {
    expect(rules(judged(ended(1), ended(0)))).toEqual([]);
  });

  it("asks the documenter when it still fails, the architect when it proves nothing", () => {
    expect([rules(judged(ended(1), ended(1))), answerers(judged(ended(1), ended(1)))]).toEqual([
      ["check/fails"],
      ["documenter"],
    ]);
    expect(rules(judged(ended(1), ended(null, "timeout")))).toEqual(["check/fails"]);
    for (const [rule, verdict] of [
      ["check/none", judged(ended(1), ended(0), {})],
      ["check/passes-before", judged(ended(0), ended(0))],
      ["check/no-end", judged(ended(null, "timeout"), ended(0))],
    ] as const)
      expect([rules(verdict), answerers(verdict)]).toEqual([[rule], ["architect"]]);
  });

  it("is not run on the work before it is known to fail on the base", () => {
    expect(judged(ended(0), ended(0)).needs).toHaveLength(1);
  });
});

describe("command", () => {
  const judged = (result: Result, entry: object = {}) =>
    driveGate(command, state(), looking({ command: () => result }), { run: "scripts/audit", name: "audit", ...entry });

  it("passes on exit 0 only, and its output is the finding", () => {
    expect(rules(judged(ended(0)))).toEqual([]);
    const verdict = judged(ended(3));
    expect(verdict.verdict).toMatchObject({
      findings: [{ rule: "command/audit", answers: "developer", evidence: "said" }],
    });
    expect(rules(judged(ended(0, "timeout")))).toEqual(["command/audit"]);
    expect(answerers(judged(ended(1), { answers: "tester" }))).toEqual(["tester"]);
  });
});

describe("current", () => {
  const judged = (head: string, said: object = {}) => driveGate(current, state(said), looking({ head: () => head }));

  it("lets the mill answer when the branch has moved", () => {
    expect(rules(judged("commit of base"))).toEqual([]);
    expect([rules(judged("other")), answerers(judged("other"))]).toEqual([["current/moved"], ["mill"]]);
  });

  it("lets nothing land without its code", () => {
    expect(rules(judged("commit of base", { work: work({ code: [] }) }))).toEqual(["current/no-code"]);
  });
});

describe("review", () => {
  const accept = [
    { id: "AC1", text: "one" },
    { id: "AC2", text: "two" },
  ];
  const met = (id: string) => ({ id, met: true, evidence: "src/a.ts:1", reason: "" });
  const judged = (criteria: readonly object[], said: Parameters<typeof state>[0] = {}) =>
    driveGate(
      review,
      state({ ...said, task: { accept, ...said.task } }),
      looking({ judgement: () => ({ criteria, findings: [], summary: "" }) }),
    );

  it("approves what is met with evidence", () => {
    expect(notes(judged([met("AC1"), met("AC2")]))).toBe("APPROVE with 100 of 100.");
  });

  it.each([
    ["unmet", [met("AC1"), { id: "AC2", met: false, evidence: "", reason: "no" }]],
    ["met without evidence", [met("AC1"), { ...met("AC2"), evidence: " " }]],
    ["not answered", [met("AC1")]],
    ["answered for another criterion", [met("AC1"), met("AC9")]],
  ])("refuses a criterion that is %s", (_name, criteria) => {
    const verdict = judged(criteria);
    expect(rules(verdict)).toEqual(["review/unmet"]);
    expect(verdict.verdict).toMatchObject({ findings: [{ message: expect.stringContaining("AC2 is not met") }] });
  });

  it("lets whoever is named answer, and the documenter for documents", () => {
    const no = { id: "AC2", met: false, evidence: "", reason: "no", answers: "tester" };
    expect(answerers(judged([met("AC1"), no]))).toEqual(["tester"]);
    expect(answerers(judged([met("AC1"), { ...no, answers: undefined }], { task: { kind: "docs" } }))).toEqual([
      "documenter",
    ]);
  });

  it("does not ask a judge before there is code", () => {
    const verdict = judged([], { work: work({ code: [] }) });
    expect(verdict.needs).toEqual([]);
    expect(rules(verdict)).toEqual(["review/none"]);
  });
});

describe("checklist", () => {
  const approve = { decision: "APPROVE", reasons: ["fine"] };
  const judged = (said: object) =>
    driveGate(
      checklist,
      state(),
      looking({
        judgement: () => ({
          headings: {
            scope: approve,
            tests: approve,
            quality: approve,
            spec: approve,
            documentation: approve,
            ...said,
          },
        }),
      }),
    );

  it("rejects by one heading", () => {
    expect(rules(judged({}))).toEqual([]);
    expect(rules(judged({ quality: { decision: "REJECT", reasons: ["long"] } }))).toEqual(["checklist/quality"]);
  });
});
