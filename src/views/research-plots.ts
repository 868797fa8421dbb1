import type { BaselineResult } from "../domain/research/baseline-report.ts";
import type { ResultNumber } from "../domain/research/results.ts";

/** One plot of the hand-off, as numbers. */
export interface Plot {
  /** File name without its end. */
  readonly name: string;
  readonly title: string;
  readonly kind: "line" | "bars";
  readonly across: string;
  readonly up: string;
  readonly points: readonly { readonly at: number | string; readonly series: string; readonly value: number }[];
}

export interface Plotted {
  /** Of the short training, a step each; null is no number. */
  readonly losses: readonly (number | null)[];
  readonly baselines: readonly BaselineResult[];
  readonly numbers: readonly ResultNumber[];
}

/** Loss, baselines against what is reported, throughput: those for which there is something to show. */
export function researchPlots({ losses, baselines, numbers }: Plotted): readonly Plot[] {
  const plots: readonly Plot[] = [
    {
      name: "loss",
      title: "Loss of the short training",
      kind: "line",
      across: "step",
      up: "loss (nats a token)",
      points: losses.flatMap((value, at) => (value === null ? [] : [{ at, series: "loss", value }])),
    },
    ...baselinePlots(baselines, numbers),
    {
      name: "throughput",
      title: "Throughput, repeats without warm-up",
      kind: "bars",
      across: "repeat",
      up: "tokens a second",
      points: numbers.flatMap(({ repeats = [] }) =>
        repeats.map((value, at) => ({ at: String(at + 1), series: "measured", value })),
      ),
    },
  ];
  return plots.filter(({ points }) => points.length > 0);
}

/** One of each metric, for no two share an axis; `baselines` where there is one alone. */
function baselinePlots(baselines: Plotted["baselines"], numbers: Plotted["numbers"]): readonly Plot[] {
  const metrics = [...new Set(baselines.flatMap((baseline) => baseline.metrics.map(({ name }) => name)))];
  return metrics.map((metric, at) => {
    const ours = numbers.find((one) => one.metric === metric);
    const theirs = baselines.flatMap(({ name, metrics: own }) =>
      own
        .filter((one) => one.name === metric)
        .flatMap(({ reported, measured }) => [
          { at: name, series: "reported", value: reported },
          ...(measured === undefined ? [] : [{ at: name, series: "measured", value: measured }]),
        ]),
    );
    return {
      name: metrics.length === 1 ? "baselines" : `baselines-${at + 1}-${metric.replace(/[^A-Za-z0-9.-]+/g, "-")}`,
      title: `Baselines: ${metric}, reported and measured`,
      kind: "bars",
      across: "baseline",
      up: ours === undefined ? metric : `${metric} (${ours.unit}, ${ours.direction} is better)`,
      points: [
        ...theirs,
        ...(ours === undefined ? [] : [{ at: "this experiment", series: "ours", value: ours.value }]),
      ],
    };
  });
}
