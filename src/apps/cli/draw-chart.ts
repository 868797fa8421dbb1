import type { Axis, Mark, Spec } from "vega";
import { type Chart, shown } from "../../views/metrics-charts.ts";

const LINE = "#e45756";
const COLOURS = ["#4c78a8", LINE];
const WIDTH = 520;
const BAR = 22;

/** The chart as an `<svg>` element that refers to nothing outside of it; "" when it has no rows. */
export async function drawChart(chart: Chart): Promise<string> {
  if (chart.rows.length === 0) return "";
  const { parse, View } = await import("vega");
  const view = new View(parse(specificationOf(shown(chart))), { renderer: "none" });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** One value of a plot: what it belongs to, which column it is of, and where it begins and ends. */
interface Bar {
  readonly label: string;
  readonly series: string;
  readonly from: number;
  readonly to: number;
}

/** A number alone (of corrections) says what it counts; other rows have a place, which keeps equal names apart. */
function labelOf({ columns }: Chart, label: string | number, index: number): string {
  return /^\d{1,6}$/.test(String(label)) ? `${label} ${columns[0] ?? ""}` : `${index + 1}. ${label}`;
}

function barsOf(chart: Chart): readonly Bar[] {
  const { kind, columns, rows } = chart;
  const last = kind === "stacked" ? 2 : 1;
  return rows.flatMap(([label = "", ...cells], index) => {
    let from = 0;
    return cells.slice(0, last).map((cell, place) => {
      const bar = {
        label: labelOf(chart, label, index),
        series: columns[place + 1] ?? "",
        from,
        to: from + Number(cell),
      };
      from = bar.to;
      return bar;
    });
  });
}

function sharesOf(chart: Chart): readonly object[] {
  return chart.rows.map(([label = "", , share], index) => ({
    label: labelOf(chart, label, index),
    share: Number(share),
  }));
}

function specificationOf(chart: Chart): Spec {
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
      ...(isPareto ? [shareAxis(chart.columns[2] ?? "")] : []),
    ],
    legends: series.length > 1 ? [{ fill: "colour", orient: "right" }] : [],
    marks: [barMark(), ...(isPareto ? [lineMark()] : [])],
  };
}

function shareAxis(title: string): Axis {
  return { orient: "top", scale: "share", title, format: "%", tickCount: 5 };
}

function barMark(): Mark {
  const place = {
    y: { scale: "row", field: "label" },
    height: { scale: "row", band: 1 },
    x: { scale: "length", field: "from" },
    x2: { scale: "length", field: "to" },
    fill: { scale: "colour", field: "series" },
  };
  return { type: "rect", from: { data: "bars" }, encode: { enter: place } };
}

function lineMark(): Mark {
  const place = {
    x: { scale: "share", field: "share" },
    y: { scale: "row", field: "label", band: 0.5 },
    stroke: { value: LINE },
    strokeWidth: { value: 2 },
  };
  return { type: "line", from: { data: "shares" }, encode: { enter: place } };
}
