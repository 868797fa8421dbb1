import type { Metrics } from "./metrics.ts";

/** One plot, as numbers: it is drawn from them, and they lie beside it as CSV. */
export interface Chart {
  /** Kebab-case: the name of its CSV file. */
  readonly name: string;
  readonly title: string;
  /** `bars`: the second column; `stacked`: the columns from the second on; `pareto`: the second as bars, the third, a share, as a line. */
  readonly kind: "bars" | "stacked" | "pareto";
  /** What the lengths of the bars are. */
  readonly axis: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

const MOST = 15;

/** The plots of the report. What is empty has no rows. */
export function metricsCharts(metrics: Metrics): readonly Chart[] {
  const { attempts } = metrics;
  const verdicts = [
    ["pass", attempts.passed],
    ["refuse", attempts.failed],
    ["deadlock", attempts.deadlocked],
    ["other", attempts.other],
  ] as const;
  return [
    {
      name: "attempts",
      axis: "attempts",
      title: "Attempts by verdict",
      kind: "bars",
      columns: ["verdict", "attempts"],
      rows: attempts.total === 0 ? [] : verdicts,
    },
    {
      name: "corrections",
      axis: "pass rate",
      title: "Pass rate by active corrections",
      kind: "bars",
      columns: ["corrections", "pass rate", "attempts"],
      rows: metrics.byCorrections.map((one) => [String(one.corrections), rounded(one.passRate ?? 0), one.total]),
    },
    counts("types", "Failure types", metrics.types),
    counts("categories", "Failure categories", metrics.categories),
    signatureChart(metrics),
    taskChart(metrics),
    {
      name: "gates",
      axis: "times judged",
      title: "What came to each gate",
      kind: "stacked",
      columns: ["gate", "went on", "refused", "attempts ended"],
      rows: metrics.gates.map((one) => [one.gate, one.judged - one.refused, one.refused, one.attempts]),
    },
    {
      name: "cost",
      axis: "per landed task",
      title: "Cost per landed task, with what failed",
      kind: "bars",
      columns: ["what", "amount"],
      rows: costRows(metrics),
    },
  ];
}

/** The chart with as many rows as can be read in a plot; the CSV has them all. */
export function shown(chart: Chart): Chart {
  return { ...chart, rows: chart.rows.slice(0, MOST) };
}

/** The numbers of a chart as CSV. Text that a spreadsheet would take for a formula is quoted with an apostrophe. */
export function chartCsv({ columns, rows }: Chart): string {
  return `${[columns, ...rows].map((cells) => cells.map(csvCell).join(",")).join("\n")}\n`;
}

function csvCell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = value.replace(/\p{Cc}+/gu, " ").replace(/^(?=[=+\-@])/, "'");
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function signatureChart(metrics: Metrics): Chart {
  return {
    name: "signatures",
    axis: "failures",
    title: "Signatures, most frequent first",
    kind: "pareto",
    columns: ["signature", "failures", "cumulative share", "type", "category", "gate", "tasks", "runs"],
    rows: metrics.signatures.map((one) => [
      one.signature,
      one.count,
      rounded(one.cumulative),
      one.type,
      one.category,
      one.gate,
      one.tasks,
      one.runs,
    ]),
  };
}

function taskChart(metrics: Metrics): Chart {
  return {
    name: "tasks",
    axis: "attempts",
    title: "Hardest tasks",
    kind: "stacked",
    columns: ["task", "held", "failed", "run", "outcome", "title", "worst signature", "times", "tokens", "seconds"],
    rows: metrics.hardest.map((one) => [
      one.task,
      one.attempts - one.failed,
      one.failed,
      one.run,
      one.outcome,
      one.title,
      one.signature ?? "",
      one.times,
      one.tokens,
      one.seconds,
    ]),
  };
}

function counts(name: string, title: string, of: Readonly<Record<string, number>>): Chart {
  return { name, title, kind: "bars", axis: "failures", columns: [name, "failures"], rows: Object.entries(of) };
}

function costRows({ bill }: Metrics): Chart["rows"] {
  const { tokensPerLanded, moneyPerLanded, secondsPerLanded } = bill;
  if (tokensPerLanded === undefined) return [];
  return [
    ["thousand tokens", rounded(tokensPerLanded / 1000)],
    ["minutes", rounded((secondsPerLanded ?? 0) / 60)],
    ...(moneyPerLanded === undefined ? [] : [["money", rounded(moneyPerLanded)]]),
  ];
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
