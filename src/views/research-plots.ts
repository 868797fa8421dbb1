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
  const compared = baselines.flatMap(({ name, metrics }) =>
    metrics.flatMap((one) => [
      { at: `${name}: ${one.name}`, series: "reported", value: one.reported },
      ...(one.measured === undefined ? [] : [{ at: `${name}: ${one.name}`, series: "measured", value: one.measured }]),
    ]),
  );
  const plots: readonly Plot[] = [
    {
      name: "loss",
      title: "Loss of the short training",
      kind: "line",
      across: "step",
      up: "loss (nats a token)",
      points: losses.flatMap((value, at) => (value === null ? [] : [{ at, series: "loss", value }])),
    },
    {
      name: "baselines",
      title: "Baselines: reported and measured",
      kind: "bars",
      across: "baseline",
      up: "value",
      points: compared,
    },
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
