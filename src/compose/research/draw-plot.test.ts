import { expect, test } from "vitest";
import { researchPlots } from "../../views/research-plots.ts";
import { drawPlot } from "./draw-plot.ts";

test("the plots of a hand-off are whole pictures, and what is empty is not drawn", async () => {
  const baseline = { name: "bigram", paper: "p", status: "flagged", notes: [] } as const;
  const metric = { name: "perplexity", reported: 12, measured: 13.4, tolerance: 0.05, within: false };
  const plots = researchPlots({
    losses: [4.7, null, 3.1],
    baselines: [{ ...baseline, notes: [], metrics: [metric] }],
    numbers: [],
  });
  expect(plots.map(({ name }) => name)).toEqual(["loss", "baselines"]);
  for (const plot of plots) {
    const svg = await drawPlot(plot);
    expect(svg).toMatch(/^<svg[\s\S]*<\/svg>\n$/);
    expect(svg).toContain(plot.title);
    expect(svg).not.toMatch(/NaN|undefined|href/);
  }
  const bars = await drawPlot(plots[1] as (typeof plots)[number]);
  expect(bars.match(/fill="#(4c78a8|e45756)"/g)?.length).toBeGreaterThanOrEqual(4);
});
