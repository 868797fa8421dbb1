import { StepFailure } from "../../domain/step-failure.ts";
import { type Chart, shown } from "../../views/metrics-charts.ts";

/** What is used of the plotting library. */
interface Vega {
  parse(specification: object): object;
  readonly View: new (
    runtime: object,
    options: { readonly renderer: "none" },
  ) => {
    toSVG(): Promise<string>;
    finalize(): unknown;
  };
}

const LIBRARY: string = "vega";
const COLOURS = ["#4c78a8", "#e45756", "#72b7b2"];
const WIDTH = 520;
const BAR = 22;

/** The chart as an `<svg>` element that refers to nothing outside of it; "" when it has no rows. @throws StepFailure without the library */
export async function drawChart(chart: Chart): Promise<string> {
  if (chart.rows.length === 0) return "";
  const { parse, View } = await library();
  const view = new View(parse(specificationOf(shown(chart))), { renderer: "none" });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

async function library(): Promise<Vega> {
  try {
    return (await import(LIBRARY)) as Vega;
  } catch (cause) {
    throw new StepFailure("The plots cannot be drawn: the package vega is not installed.", {
      code: "environment",
      remedy: "ask",
      hint: "Install millwright's dependencies again, or use --csv, which needs no plots.",
      cause,
    });
  }
}

/** One value of a plot: what it belongs to, which column it is of, and where it begins and ends. */
interface Bar {
  readonly label: string;
  readonly series: string;
  readonly from: number;
  readonly to: number;
}

function barsOf({ kind, columns, rows }: Chart): readonly Bar[] {
  const last = kind === "stacked" ? 2 : 1;
  return rows.flatMap(([label = "", ...cells], index) => {
    let from = 0;
    return cells.slice(0, last).map((cell, place) => {
      const bar = { label: `${index + 1}. ${label}`, series: columns[place + 1] ?? "", from, to: from + Number(cell) };
      from = bar.to;
      return bar;
    });
  });
}

function sharesOf({ rows }: Chart): readonly object[] {
  return rows.map(([label, , share], index) => ({ label: `${index + 1}. ${label}`, share: Number(share) }));
}

function specificationOf(chart: Chart): object {
  const bars = barsOf(chart);
  const series = [...new Set(bars.map((bar) => bar.series))];
  const isPareto = chart.kind === "pareto";
  return {
    width: WIDTH,
    height: BAR * chart.rows.length,
    padding: 6,
    background: "#ffffff",
    description: chart.title,
    data: [
      { name: "bars", values: bars },
      { name: "shares", values: isPareto ? sharesOf(chart) : [] },
    ],
    scales: [
      { name: "row", type: "band", domain: { data: "bars", field: "label" }, range: "height", padding: 0.25 },
      { name: "length", type: "linear", domain: { data: "bars", field: "to" }, range: "width", zero: true, nice: true },
      { name: "colour", type: "ordinal", domain: series, range: COLOURS },
      { name: "share", type: "linear", domain: [0, 1], range: "width" },
    ],
    axes: [
      { orient: "left", scale: "row", labelLimit: 220, ticks: false },
      {
        orient: "bottom",
        scale: "length",
        title: chart.axis,
        tickCount: 6,
      },
      ...(isPareto ? [{ orient: "top", scale: "share", title: chart.columns[2], format: "%", tickCount: 5 }] : []),
    ],
    legends: series.length > 1 ? [{ fill: "colour", orient: "right" }] : [],
    marks: [barMark(), ...(isPareto ? [lineMark()] : [])],
  };
}

function barMark(): object {
  const place = {
    y: { scale: "row", field: "label" },
    height: { scale: "row", band: 1 },
    x: { scale: "length", field: "from" },
    x2: { scale: "length", field: "to" },
    fill: { scale: "colour", field: "series" },
  };
  return { type: "rect", from: { data: "bars" }, encode: { enter: place } };
}

function lineMark(): object {
  const place = {
    x: { scale: "share", field: "share" },
    y: { scale: "row", field: "label", band: 0.5 },
    stroke: { value: COLOURS[1] },
    strokeWidth: { value: 2 },
  };
  return { type: "line", from: { data: "shares" }, encode: { enter: place } };
}
