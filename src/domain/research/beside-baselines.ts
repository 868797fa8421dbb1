import { z } from "zod";
import type { BaselineResult } from "./baseline-report.ts";
import { isNear } from "./check.ts";

/** One of our numbers beside a baseline's. */
export const BesideBaseline = z.strictObject({
  metric: z.string().min(1),
  ours: z.number(),
  baseline: z.string().min(1),
  theirs: z.number(),
  of: z.enum(["measured", "reported"]).meta({
    description: "Whether the mill measured the baseline's number, or had none and took what its paper reports.",
  }),
  better: z.enum(["ours", "theirs", "neither"]).meta({ description: "By the direction of the metric." }),
});
export type BesideBaseline = z.infer<typeof BesideBaseline>;

interface Ours {
  readonly metric: string;
  readonly value: number;
  readonly direction: "lower" | "higher";
}
type Theirs = Pick<BaselineResult, "name" | "metrics">;

const SAME = 1e-9;

/** Every number of ours beside each baseline that has one of the same metric, metric by metric. */
export function besideBaselines(numbers: readonly Ours[], baselines: readonly Theirs[]): readonly BesideBaseline[] {
  return numbers.flatMap((ours) =>
    baselines.flatMap(({ name, metrics }) =>
      metrics
        .filter((metric) => metric.name === ours.metric)
        .map(({ measured, reported }) => {
          const theirs = measured ?? reported;
          const of = measured === undefined ? ("reported" as const) : ("measured" as const);
          return { metric: ours.metric, ours: ours.value, baseline: name, theirs, of, better: betterOf(ours, theirs) };
        }),
    ),
  );
}

function betterOf({ value, direction }: Ours, theirs: number): BesideBaseline["better"] {
  if (isNear(value, theirs, SAME)) return "neither";
  return value < theirs === (direction === "lower") ? "ours" : "theirs";
}
