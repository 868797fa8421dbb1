/** One-sided 1 % points of Student's distribution for 1 to 30 degrees of freedom. */
const CRITICAL = [
  31.821, 6.965, 4.541, 3.747, 3.365, 3.143, 2.998, 2.896, 2.821, 2.764, 2.7181, 2.681, 2.65, 2.624, 2.602, 2.583,
  2.567, 2.552, 2.539, 2.528, 2.518, 2.508, 2.5, 2.492, 2.485, 2.479, 2.473, 2.467, 2.462, 2.457,
] as const;

/** A fall that is worth the name: this share of the loss before. */
const LEAST_SHARE = 0.01;

/** The test, in words, for reports. */
export const LOSS_TEST =
  "one-sided paired t-test at 1 % over the seeds: validation loss before minus after the short training exceeds 1 % of the loss before, and no seed rises";

/** Mean nats over the validation split before and after the short training of one seed, by the mill's own hand. */
export interface SeedLoss {
  readonly seed: number;
  readonly before: number | null;
  readonly after: number | null;
}

export type LossVerdict =
  | { readonly kind: "falls"; readonly mean: number; readonly statistic: number; readonly critical: number }
  | { readonly kind: "does-not"; readonly why: string };

/** Whether the loss falls, by the stated test and not by luck. */
export function lossFalls(losses: readonly SeedLoss[]): LossVerdict {
  const seeds = new Set(losses.map(({ seed }) => seed));
  if (seeds.size !== losses.length) return { kind: "does-not", why: "a seed is there twice; each must be its own" };
  if (losses.length < 3)
    return { kind: "does-not", why: `${losses.length} seeds are too few for a test; name at least three` };
  const broken = losses.find(({ before, after }) => before === null || after === null);
  if (broken) return { kind: "does-not", why: `the loss of seed ${broken.seed} is not a number` };
  const rising = losses.find(({ before, after }) => (after ?? 0) >= (before ?? 0));
  if (rising)
    return {
      kind: "does-not",
      why: `seed ${rising.seed} goes from ${rounded(rising.before)} to ${rounded(rising.after)}`,
    };
  const falls = losses.map(({ before, after }) => (before ?? 0) - (after ?? 0) - LEAST_SHARE * (before ?? 0));
  return judged(falls);
}

function judged(falls: readonly number[]): LossVerdict {
  const count = falls.length;
  const mean = falls.reduce((sum, one) => sum + one, 0) / count;
  const variance = falls.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (count - 1);
  if (variance === 0)
    return { kind: "does-not", why: "all seeds fall by exactly the same: they are one run, repeated" };
  const statistic = mean / Math.sqrt(variance / count);
  const critical = CRITICAL[Math.min(count - 2, CRITICAL.length - 1)] ?? Number.POSITIVE_INFINITY;
  if (statistic <= critical)
    return {
      kind: "does-not",
      why: `the mean fall ${rounded(mean)} could be luck: t = ${rounded(statistic)} over ${count} seeds, more than ${critical} is needed`,
    };
  return { kind: "falls", mean, statistic, critical };
}

function rounded(value: number | null): number {
  return Number((value ?? Number.NaN).toPrecision(4));
}
