import { describe, expect, test } from "vitest";
import { PRICING_RUN, told } from "../../test/kit/told-run.ts";
import type { Event } from "../domain/event.ts";
import { costOf } from "./cost.ts";
import { foldRun } from "./fold-run.ts";
import { lanesOf } from "./lanes.ts";
import { degradedOf, reportOf } from "./report.ts";
import { storyOf } from "./story.ts";

const upTo = (count: number) => foldRun(told(PRICING_RUN.slice(0, count)));
const lanesAfter = (type: Event["type"], nth: number) => {
  const places = PRICING_RUN.flatMap((event, index) => (event.type === type ? [index] : []));
  const task = upTo(places[nth]! + 1).tasks[0]!;
  return lanesOf(task)
    .map(({ lane, state }) => `${lane} ${state}`)
    .join(", ");
};

describe("a run's view", () => {
  const view = foldRun(told(PRICING_RUN));

  test("says what the run is and how it ended", () => {
    expect(view).toMatchObject({
      run: "r20261121-pricing",
      title: "Pricing: refuse negative prices",
      state: "stuck",
      resumes: 0,
    });
    expect(view.plans).toEqual([{ plan: "pricing", path: "plans/2026-11-pricing.md", branch: "loop/pricing" }]);
    expect(view.landed.map(({ task, commit, tests }) => [task, commit.slice(0, 4), tests])).toEqual([
      ["T1", "fedc", 13],
    ]);
    expect(view.activeMilliseconds).toBe((PRICING_RUN.length - 1) * 1_000);
  });

  test("tasks know their answers, tokens, refusals and outcome", () => {
    const [first, second] = view.tasks;
    expect(first).toMatchObject({ state: "landed", tests: 13, attemptLimit: 6, attempts: { tester: 1, developer: 3 } });
    expect(first!.tokens).toEqual({ input: 4_800, output: 1_200, cached: 3_200 });
    expect(first!.refusals.map(({ gate }) => gate)).toEqual(["green", "door"]);
    expect(first!.review).toMatchObject({ decision: "APPROVE", score: 100 });
    expect(second).toMatchObject({ state: "stuck", needs: ["T1"], reason: "tester: the spec names no exchange rate" });
  });

  test("the first call of a maker is no refusal", () => {
    expect(view.totals.refusalsByGate).toEqual({ plan: 1, green: 1, door: 1 });
    expect(view.totals).toMatchObject({ answers: 7, refusals: 3, askedAgain: 0, counted: true });
  });

  test("lanes follow the gates", () => {
    expect(lanesAfter("task-started", 0)).toBe("RED waiting, GATES active, GREEN waiting, REVIEW waiting");
    expect(lanesAfter("gate-refused", 0)).toBe("RED active, GATES waiting, GREEN waiting, REVIEW waiting");
    expect(lanesAfter("gate-refused", 2)).toBe("RED passed, GATES waiting, GREEN refused, REVIEW waiting");
    expect(lanesAfter("proposal-admitted", 2)).toBe("RED waiting, GATES active, GREEN waiting, REVIEW waiting");
    expect(lanesAfter("landed", 0)).toBe("RED passed, GATES passed, GREEN passed, REVIEW passed");
  });

  test("who is being asked is known while it lasts", () => {
    expect(upTo(2).asking).toMatchObject({ role: "architect", attempt: 1 });
    expect(upTo(3).asking).toBeUndefined();
    expect(upTo(11).tasks[0]!.asking).toMatchObject({ role: "tester", attempt: 1, model: "ollama/qwen" });
    expect(upTo(12).tasks[0]!.asking).toBeUndefined();
  });

  test("a clock that jumps back costs no time, and a pause before a resume is nobody's work", () => {
    const [started, ...rest] = told(PRICING_RUN.slice(0, 12));
    const jumped = [started!, ...rest.map((entry) => ({ ...entry, at: entry.at - 900_000 }))];
    expect(foldRun(jumped).activeMilliseconds).toBe(10_000);
    const late = { ...told([{ type: "run-resumed", pid: 1 }])[0]!, seq: 13, at: 999_999_999 };
    expect(foldRun([started!, ...rest, late]).activeMilliseconds).toBe(11_000);
  });

  test("each change of model, brief or task is told with its reason, in story and report", () => {
    const task = "T1";
    const turns: readonly Event[] = [
      { type: "escalated", task, role: "developer", rung: 1, model: "big/model", reason: "5 answers were refused" },
      { type: "orchestrated", task, decision: "instructions", reason: "the ladder ends", said: "Read the spec again." },
    ];
    const entries = told([...PRICING_RUN, ...turns]);
    const lines = [
      "developer goes on with big/model: 5 answers were refused",
      "the orchestrator gives new instructions (the ladder ends): Read the spec again.",
    ];
    expect(storyOf(entries).slice(-2)).toEqual(lines.map((line) => `T1: ${line}`));
    const report = reportOf(foldRun(entries));
    for (const line of lines) expect(report).toContain(`- **T1** ${line}`);
  });

  test("what could not be found out and its remedy are two sentences", () => {
    const failed: Event = {
      type: "step-failed",
      step: "ask",
      code: "model-unreachable",
      message: "down (refused)",
      hint: "Start it.",
      remedy: "ask",
    };
    expect(reportOf(foldRun(told([...PRICING_RUN, failed])))).toContain("down (refused). Start it.");
  });

  test("an empty journal is a view, too", () => {
    expect(foldRun([])).toMatchObject({ state: "open", tasks: [] });
    expect(storyOf([])).toEqual([]);
    expect(reportOf(foldRun([]))).toContain("0 of 0 tasks landed");
  });
});

describe("a run's story", () => {
  const story = storyOf(told(PRICING_RUN));

  test("reads as a timeline", () => {
    expect(story.slice(0, 16).join("\n")).toMatchInlineSnapshot(`
      "run: Pricing: refuse negative prices (red-green, from 0123456789)
      plan: architect answered, attempt 1, ollama/qwen
      plan refused, attempt 1
        plan/vague AC2 says "works".
      plan: architect answered, attempt 2, ollama/qwen
      plan pricing: 2 tasks, plans/2026-11-pricing.md
      T1: Refuse negative prices (feature)
      T1: door passed
      T1: red calls the tester: No test names AC1 yet.
      T1: tester answered, attempt 1, ollama/qwen
      T1: tester attempt 1 admitted: test/price.test.ts
      T1: door passed
      T1: red passed
      T1: lint passed
      T1: green calls the developer: AC1 fails.
      T1: developer answered, attempt 1, ollama/qwen"
    `);
  });

  /** The same run, killed after `place` facts while a model was answering, and resumed. */
  const killedAt = (place: number) => {
    const before = PRICING_RUN.slice(0, place);
    const last = before.at(-1);
    const again: readonly Event[] = last?.type === "asked" ? [{ ...last, type: "asked-again" }] : [];
    return told([...before, { type: "run-resumed", pid: 77 }, ...again, ...PRICING_RUN.slice(place)]);
  };

  test("is the same for a run that was killed anywhere and resumed", () => {
    for (let place = 1; place < PRICING_RUN.length; place += 1) expect(storyOf(killedAt(place))).toEqual(story);
  });

  test("is the same for a run that was interrupted by hand and resumed", () => {
    const stop: readonly Event[] = [
      { type: "step-failed", step: "ask", code: "cancelled", message: "m", hint: "h", remedy: "stop" },
      { type: "run-ended", outcome: "cancelled", reason: "" },
      { type: "run-resumed", pid: 3 },
    ];
    expect(storyOf(told([...PRICING_RUN.slice(0, 12), ...stop, ...PRICING_RUN.slice(12)]))).toEqual(story);
  });

  test("differs where the run differs", () => {
    expect(storyOf(told(PRICING_RUN.filter((event) => event.type !== "reviewed")))).not.toEqual(story);
  });

  test("a notice that a resume repeats is told once", () => {
    const notice: Event = { type: "notice", message: "sandbox: none" };
    expect(storyOf(told([notice, { type: "run-resumed", pid: 1 }, notice]))).toEqual(["notice: sandbox: none"]);
  });
});

describe("cost", () => {
  const view = foldRun(told(PRICING_RUN));

  test("is money where a price is known", () => {
    const cost = costOf(view, { "ollama/qwen": { input: 1, output: 10 } });
    expect(cost.money).toBeCloseTo((7 * (1_200 + 3_000)) / 1_000_000, 10);
    expect(costOf(view).money).toBeUndefined();
  });
});

describe("a run's report", () => {
  test("says what landed, what was refused and why, and who answered", () => {
    expect(reportOf(foldRun(told(PRICING_RUN)))).toMatchInlineSnapshot(`
      "# Pricing: refuse negative prices

      **stuck**: T2 did not land · 1 of 2 tasks landed · 3 refusals · 7 answers · 0:45

      Run \`r20261121-pricing\` · workflow red-green · base \`0123456789\` (main) · sandbox bubblewrap 0.8.0 · millwright 0.1.0
      Spec: \`specs/pricing.md\`
      Plan: \`plans/2026-11-pricing.md\` (pricing) → branch \`loop/pricing\`

      ## What to know

      - T1: 2 tests failed before and after; none of this task's business

      ## Landed

      - \`fedcba9876\` **T1** Refuse negative prices (13 tests passed; \`src/price.ts\`, \`test/price.test.ts\`)

      ## Not landed

      - **T2** Convert currencies: stuck: tester: the spec names no exchange rate

      ## Refused

      - **plan** refused by **plan**
        - plan/vague AC2 says "works".
      - **T1** refused by **green**
        - green/failed test/price.test.ts:14 AC1 refuses -1 with RangeError failed.

              expected RangeError
              received undefined

      - **T1** refused by **door**
        - door/outside ../secret ../secret is outside of the task's files.

      ## Review

      - **T1** APPROVE, 100 of 100, by ollama/llama
        - AC1 met: line 14

      ## Goal

      - round 1: **NOT MET**
        - npm test: exit 0
        - no conversion

      ## Models and cost

      - tester: ollama/qwen
      - developer: ollama/qwen
      - reviewer: ollama/llama
      - ollama/qwen: 7 answers, 8.4k tokens in (5.6k cached), 2.1k out
      "
    `);
  });

  test("says every way in which the run was less than it should be", () => {
    const [start] = PRICING_RUN;
    const degraded = foldRun(
      told([
        { ...start, sandbox: "none", independence: "none" } as Event,
        { type: "notice", message: "exit codes only: no report for `make check`" },
        { type: "asked-again", task: "plan", role: "architect", attempt: 1, model: "m" },
        { type: "gate-passed", task: "T1", gate: "green", notes: ["2 tests failed before and after"] },
      ]),
    );
    expect(degradedOf(degraded).join("\n")).toMatchInlineSnapshot(`
      "**Unsandboxed**: the tests ran with the rights of the user (\`sandbox: none\`).
      **Independence none**: maker and reviewer may be the same model, so the review is no second opinion.
      **Asked again**: 1 model call after an interruption or a transient failure; the ones before may have been paid for.
      exit codes only: no report for 'make check'
      T1: 2 tests failed before and after"
    `);
  });

  test("says a remark once for all the tasks of which it was made, and nothing of a review without one", () => {
    const passed = (task: string, gate: string, note: string): Event => ({
      type: "gate-passed",
      task,
      gate,
      notes: [note],
    });
    const tasks = ["T1", "T2", "T3", "T4", "T5", "T6"];
    const view = foldRun(
      told([
        ...tasks.map((task) => passed(task, "types", "No types tool looks at these files.")),
        ...tasks.map((task) => passed(task, "review", "APPROVE with 100 of 100.")),
        passed("T1", "green", "2 tests failed before and after"),
        passed("T2", "review", "APPROVE with 92 of 100."),
      ]),
    );
    expect(degradedOf(view)).toEqual([
      "T1, T2, T3, T4 and 2 more: No types tool looks at these files.",
      "T1: 2 tests failed before and after",
      "T2: APPROVE with 92 of 100.",
    ]);
  });

  test("lets nothing through that a terminal obeys or that breaks the Markdown", () => {
    const hostile = "\u001b]0;x\u0007\u202eevil`\n# heading";
    const report = reportOf(foldRun(told([{ type: "run-ended", outcome: "stuck", reason: hostile }])));
    expect(report).toContain("evil' # heading");
    expect(report).not.toContain("\n# heading");
    expect(report).not.toContain("\u001b");
  });
});
