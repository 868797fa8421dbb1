import { describe, expect, test } from "vitest";
import { PRICING_RUN, told } from "../../test/kit/told-run.ts";
import type { Event } from "../domain/event.ts";
import { foldRun } from "./fold-run.ts";
import { metricsOf } from "./metrics.ts";
import { chartCsv, metricsCharts } from "./metrics-charts.ts";
import { metricsPage } from "./metrics-page.ts";
import { metricsText } from "./metrics-text.ts";
import { toldRun } from "./told-run.ts";

const PRICES = { "ollama/qwen": { input: 1, output: 2 } };
const runs = (...all: readonly (readonly Event[])[]) =>
  all.map((events, index) => toldRun(told(events, `r2026112${index}`)));

describe("the metrics of a repository", () => {
  test("count attempts of makers, what failed and why, and where it ended", () => {
    const metrics = metricsOf(runs(PRICING_RUN), PRICES);
    expect(metrics.attempts).toEqual({
      total: 5,
      passed: 2,
      failed: 2,
      deadlocked: 0,
      other: 1,
      passRate: 0.5,
    });
    expect(metrics.tasks).toEqual({ landed: 1, stuck: 1 });
    expect(metrics.finalTests).toBe(13);
    expect(metrics.types).toEqual({ patch: 2 });
    expect(metrics.byCorrections).toMatchObject([{ corrections: 0, total: 5 }]);
    expect(metrics.hardest).toMatchObject([
      { task: "T1", attempts: 4, failed: 2, outcome: "landed" },
      { task: "T2", attempts: 1, failed: 0, outcome: "stuck" },
    ]);
    expect(metrics.byRun.map(({ attempts, failed }) => [attempts, failed])).toEqual([[5, 2]]);
    expect(metrics.gates.map(({ gate, judged, refused }) => `${gate} ${refused}/${judged}`)).toEqual([
      "proposal 1/4",
      "door 0/4",
      "red 0/3",
      "lint 0/3",
      "green 1/2",
      "review 0/1",
      "current 0/1",
    ]);
  });

  test("name the gates in the order in which they judge, though no task has them all", () => {
    const start = (task: string, gates: string[]): Event =>
      ({ type: "task-started", task, title: "", kind: "test", base: "", gates }) as const;
    const whole = (task: string, gates: string[]): readonly Event[] => [
      start(task, gates),
      ...gates.map((gate): Event => ({ type: "gate-passed", task, gate, notes: [] })),
    ];
    const [some, others] = [
      whole("T1", ["door", "lint", "kills", "current"]),
      whole("T2", ["door", "red", "lint", "green", "current"]),
    ];
    const { gates: counted } = metricsOf(runs(some, others), {});
    expect(counted.map(({ gate }) => gate)).toEqual(["door", "red", "lint", "green", "kills", "current"]);
  });

  test("a landed task costs what everything has cost, failures, plans and judges too", () => {
    const { bill } = metricsOf(runs(PRICING_RUN), PRICES);
    const answers = PRICING_RUN.filter(({ type }) => type === "answered").length;
    expect(bill).toMatchObject({ landed: 1, tokens: 1500 * answers, tokensPerLanded: 1500 * answers, unpriced: [] });
    expect(bill.moneyPerLanded).toBeCloseTo((answers * (1200 + 2 * 300)) / 1_000_000);
    expect(metricsOf(runs(PRICING_RUN), {}).bill).toMatchObject({ money: undefined, unpriced: ["ollama/qwen"] });
  });

  test("the same failure in a second run repeats a pattern", () => {
    expect(metricsOf(runs(PRICING_RUN), {}).repeatRate).toBe(0);
    const twice = metricsOf(runs(PRICING_RUN, PRICING_RUN), {});
    expect(twice.repeatRate).toBe(0.5);
    expect(twice.signatures).toMatchObject([
      { count: 2, runs: 2, tasks: 2, cumulative: 0.5 },
      { count: 2, runs: 2, tasks: 2, cumulative: 1 },
    ]);
  });

  test("a person has stepped in where a run waited and went on, not where it was interrupted", () => {
    const ended = (outcome: string): Event => ({ type: "run-ended", outcome, reason: "" });
    const resumed: Event = { type: "run-resumed", pid: 1 };
    const events = [
      ...PRICING_RUN.slice(0, 5),
      ended("cancelled"),
      resumed,
      ended("waiting"),
      resumed,
      ended("waiting"),
    ];
    expect(metricsOf(runs(events), {}).interventions).toEqual({ manual: 1, waiting: 1, approvals: 0, closings: 0 });
  });

  test("an approval and a closed incident are shown beside them, and cost the run no time", () => {
    const decided = (decision: "approved" | "rejected") =>
      ({ type: "correction-decided", correction: "c", kind: "new", decision }) as const;
    const closed: Event = { type: "incident-closed", incident: "INC-1", kind: "reported", approvedBy: "Ada" };
    const events = [...PRICING_RUN, decided("approved"), decided("rejected"), closed];
    expect(metricsOf(runs(events), {}).interventions).toEqual({ manual: 0, waiting: 0, approvals: 1, closings: 1 });
    expect(foldRun(told(events)).activeMilliseconds).toBe(foldRun(told(PRICING_RUN)).activeMilliseconds);
  });

  test("decisions of a program are those that no judge was asked for", () => {
    const { coverage } = metricsOf(runs(PRICING_RUN), {});
    expect(coverage.decisions - coverage.deterministic).toBe(2); // review and goal
    expect(coverage.ratio).toBeCloseTo(coverage.deterministic / coverage.decisions);
  });

  test("of nothing are nothing, and can be shown", () => {
    const none = metricsOf([], {});
    expect(none.attempts.passRate).toBeUndefined();
    expect(metricsText(none)).toContain("nothing has landed");
    expect(metricsCharts(none).flatMap(({ rows }) => rows)).toEqual([]);
    expect(metricsPage(none, [], "none")).toContain("</html>");
  });
});

describe("what is written of them", () => {
  const metrics = metricsOf(runs(PRICING_RUN), PRICES);

  test("is a CSV for each plot, with a head and no formula", () => {
    for (const chart of metricsCharts(metrics)) {
      const [head, ...lines] = chartCsv(chart).trimEnd().split("\n");
      expect(head?.split(",")).toEqual([...chart.columns]);
      expect(lines).toHaveLength(chart.rows.length);
    }
    const odd = {
      name: "x",
      title: "x",
      kind: "bars",
      axis: "x",
      columns: ["a", "b"],
      rows: [['=cmd|"x",1', 2]],
    } as const;
    expect(chartCsv(odd)).toBe('a,b\n"\'=cmd|""x"",1",2\n');
  });

  test("is a page that loads nothing, runs nothing and believes no title", () => {
    const drawn = metricsCharts(metrics).map((chart) => ({ chart, svg: "<svg></svg>" }));
    const page = metricsPage(metrics, drawn, '<script>alert("x")</script>');
    expect(page).not.toMatch(/<script|<link|<img|src=|@import/);
    expect(page).toContain("default-src 'none'");
    expect(page.match(/<svg>/g)).toHaveLength(drawn.length);
  });
});
