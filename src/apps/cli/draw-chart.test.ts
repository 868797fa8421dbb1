import { XMLValidator } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import type { Chart } from "../../views/metrics-charts.ts";
import { drawChart } from "./draw-chart.ts";

const chart = (kind: Chart["kind"], rows: Chart["rows"]): Chart => ({
  name: "gates",
  title: "What came",
  kind,
  axis: "times judged",
  columns: ["gate", "went on", "refused", "more"],
  rows,
});

describe("a plot", () => {
  test.each(["bars", "stacked", "pareto"] as const)("%s: an SVG that is whole and refers to nothing", async (kind) => {
    const svg = await drawChart(
      chart(kind, [
        ["door <&>", 5, 0.5, 9],
        ["green", 3, 1, 9],
      ]),
    );
    expect(XMLValidator.validate(svg)).toBe(true);
    expect(svg).toContain("door &lt;&amp;&gt;");
    expect(svg).not.toMatch(/(?:href|src)=|url\(/);
  });

  test("a row that is a number says what it counts", async () => {
    const svg = await drawChart({
      ...chart("bars", [["0", 0.5, 4]]),
      columns: ["corrections", "pass rate", "attempts"],
    });
    expect(svg).toContain(">0 corrections<");
  });

  test("of two series says which is which; of nothing is nothing", async () => {
    expect(await drawChart(chart("stacked", [["a", 1, 2, 3]]))).toContain("refused");
    expect(await drawChart(chart("bars", []))).toBe("");
  });
});
