import type { Axis, Mark, Scale, Spec } from "vega";
import type { Plot } from "../../views/research-plots.ts";

const COLOURS = ["#4c78a8", "#e45756", "#54a24b"];
/** Characters of all labels together that have room side by side. */
const ROOM = 60;

/** The plot as an `<svg>` element that refers to nothing outside of it. */
export async function drawPlot(plot: Plot): Promise<string> {
  const { parse, View } = await import("vega");
  const view = new View(parse(specificationOf(plot)), { renderer: "none" });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}

function specificationOf(plot: Plot): Spec {
  const series = [...new Set(plot.points.map((point) => point.series))];
  return {
    width: 520,
    height: 260,
    padding: 8,
    background: "#ffffff",
    description: plot.title,
    title: plot.title,
    data: [{ name: "points", values: [...plot.points] }],
    scales: [...scalesOf(plot), { name: "colour", type: "ordinal", domain: series, range: COLOURS }],
    axes: [
      { orient: "bottom", scale: "across", title: plot.across, labelLimit: 0, ...slanted(plot) },
      { orient: "left", scale: "up", title: plot.up, tickCount: 6, grid: true },
    ],
    legends: series.length > 1 ? [{ fill: "colour", orient: "right" }] : [],
    marks: plot.kind === "line" ? [line()] : [bars(plot)],
  };
}

/** Names that have no room side by side are slanted, not cut. */
function slanted({ kind, points }: Plot): Partial<Axis> {
  const labels = [...new Set(points.map(({ at }) => String(at)))];
  if (kind === "line" || labels.join("").length <= ROOM) return {};
  return { labelAngle: -35, labelAlign: "right", labelBaseline: "top" };
}

function scalesOf({ kind }: Plot): Scale[] {
  const domain = { data: "points", field: "at" };
  const up = { data: "points", field: "value" };
  return kind === "line"
    ? [
        { name: "across", type: "linear", domain, range: "width", zero: true },
        { name: "up", type: "linear", domain: up, range: "height", zero: false, nice: true },
      ]
    : [
        { name: "across", type: "band", domain, range: "width", padding: 0.25 },
        { name: "up", type: "linear", domain: up, range: "height", zero: true, nice: true },
      ];
}

function line(): Mark {
  const place = {
    x: { scale: "across", field: "at" },
    y: { scale: "up", field: "value" },
    stroke: { scale: "colour", field: "series" },
    strokeWidth: { value: 2 },
  };
  return { type: "line", from: { data: "points" }, encode: { enter: place } };
}

/** The series of one place stand beside one another; one that is alone wherever it is stands in the middle. */
function bars({ points }: Plot): Mark {
  const series = [...new Set(points.map((point) => point.series))];
  const shared = new Set(
    points.filter(({ at, series: own }) => points.some((other) => other.at === at && other.series !== own)),
  );
  const beside = series.filter((name) => [...shared].some((point) => point.series === name));
  const width = 1 / Math.max(1, beside.length);
  const offset = series.map((name) => ({
    test: `datum.series === ${JSON.stringify(name)}`,
    scale: "across",
    field: "at",
    offset: { scale: "across", band: beside.includes(name) ? beside.indexOf(name) * width : (1 - width) / 2 },
  }));
  const place = {
    x: offset as never,
    width: { scale: "across", band: width },
    y: { scale: "up", field: "value" },
    y2: { scale: "up", value: 0 },
    fill: { scale: "colour", field: "series" },
  };
  return { type: "rect", from: { data: "points" }, encode: { enter: place } };
}
