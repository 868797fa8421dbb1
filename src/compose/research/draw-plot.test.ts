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
  expect(plots[1]?.up).toBe("perplexity");
  const bars = await drawPlot(plots[1] as (typeof plots)[number]);
  expect(bars.match(/fill="#(4c78a8|e45756)"/g)?.length).toBeGreaterThanOrEqual(4);
});

test("no two metrics share an axis, names are whole, and ours stands beside the baselines'", async () => {
  const [short, long] = ["centroid", "a-baseline-with-the-longest-name-that-a-design-may-give-it-here"];
  const metrics = ["accuracy", "cross entropy/nats"].map((name, at) => ({
    ...{ name, reported: 0.6 + at, tolerance: 0.05, within: true },
    ...(at === 0 ? { measured: 0.7 } : {}),
  }));
  const baselines = [short, long].map((name) => ({ name, paper: "p", status: "flagged" as const, notes: [], metrics }));
  const numbers = [{ metric: "accuracy", value: 0.74, unit: "share", direction: "higher" }] as never;
  const plots = researchPlots({ losses: [], baselines, numbers });
  expect(plots.map(({ name, up }) => `${name}: ${up}`)).toEqual([
    "baselines-1-accuracy: accuracy (share, higher is better)",
    "baselines-2-cross-entropy-nats: cross entropy/nats",
  ]);
  expect(plots[0]?.points.at(-1)).toEqual({ at: "this experiment", series: "ours", value: 0.74 });
  for (const plot of plots) {
    const svg = await drawPlot(plot);
    for (const name of [short, long]) expect(svg).toContain(`>${name}<`);
    expect(svg).not.toContain("…");
  }
});
